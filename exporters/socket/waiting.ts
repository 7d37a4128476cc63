/** Waits until the time is over or the signal comes. Keeps no event loop alive, and leaves nothing behind. */
export async function pause(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const end = Promise.withResolvers<void>();
  const stop = (): void => end.resolve();
  const timer = setTimeout(stop, millis).unref();
  signal.addEventListener("abort", stop, { once: true });
  await end.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
