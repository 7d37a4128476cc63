// What a bridge logs may write to what a bridge captures: a handler whose trouble is told on the console, a diagnostic of
// OpenTelemetry. Nothing that happens while a record is being captured is captured itself.

const GUARD_KEY = Symbol.for("femtologging.capture.1");

/** One for all copies of this module on a thread. */
const holder = globalThis as { [GUARD_KEY]?: { isCapturing: boolean } };
const guard: { isCapturing: boolean } = (holder[GUARD_KEY] ??= { isCapturing: false });

/**
 * Runs the synchronous work of a capture, unless this thread is in the middle of one.
 *
 * @returns Whether it ran.
 * @throws What `run` throws.
 */
export function runCapture(run: () => void): boolean {
  if (guard.isCapturing) return false;
  guard.isCapturing = true;
  try {
    run();
  } finally {
    guard.isCapturing = false;
  }
  return true;
}
