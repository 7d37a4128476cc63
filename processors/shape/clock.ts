const ANCHOR_LIFE_MILLIS = 10_000;
/** A wall clock that was set shows as a difference beyond this; below it the monotonic clock is the better one. */
const JUMP_MILLIS = 5;

/** The global is a getter: read once. */
const clock: typeof performance = performance;

let anchor = clock.timeOrigin;
let anchoredAt = Number.NEGATIVE_INFINITY;

/**
 * Epoch milliseconds with fraction (some 0.3 µs): the monotonic clock on an anchor that follows the wall clock. Never runs
 * backwards but where the wall clock was set back. About 50 ns a call.
 */
export function epochMillis(): number {
  const now = clock.now();
  if (now - anchoredAt > ANCHOR_LIFE_MILLIS) setAnchor(now);
  return anchor + now;
}

function setAnchor(now: number): void {
  const wall = Date.now();
  // Date.now() is cut to whole milliseconds: half a millisecond is the best guess.
  if (Math.abs(wall + 0.5 - (anchor + now)) > JUMP_MILLIS) anchor = wall + 0.5 - now;
  anchoredAt = now;
}
