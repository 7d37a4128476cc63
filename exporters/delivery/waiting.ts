/** Longest wait that a timer can take: 2^31 - 1 ms, almost 25 days. More would fire at once. */
const timerMillisMax = 2_147_483_647;

/**
 * Starts a timer. `undefined` for no limit: then it never runs. Keeps no event loop alive: a worker has a handle of its own
 * for that, and on the application's thread a retry must not hold up the end of the process.
 */
export function startTimer(millis: number | undefined, run: () => void): NodeJS.Timeout | undefined {
  if (millis === undefined || millis === Infinity) return undefined;
  return setTimeout(run, Math.min(Math.max(millis, 0), timerMillisMax)).unref();
}

/** Waits until the time is over or the signal comes, whichever is first; leaves neither a timer nor a listener behind. */
export async function waitFor(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const end = Promise.withResolvers<void>();
  const timer = startTimer(millis, end.resolve);
  const stop = (): void => end.resolve();
  signal.addEventListener("abort", stop, { once: true });
  await end.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
