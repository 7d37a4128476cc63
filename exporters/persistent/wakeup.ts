/** Lets one wait until others wake it. A wake before the wait counts for the next one. One thread. */
export class Wakeup {
  readonly #waiting = new Set<() => void>();
  #isAwake = false;

  /** Ends all waits; the next one, where nobody waits. */
  wake(): void {
    this.#isAwake = this.#waiting.size === 0;
    for (const end of this.#waiting) end();
  }

  /**
   * Waits for a wake, for the time to be over, or for the signal. Keeps no event loop alive.
   *
   * @param millis `Infinity` for no limit.
   * @param options.isDeaf Wakes do not end it.
   */
  async wait(millis: number, signal: AbortSignal, options: { readonly isDeaf?: true } = {}): Promise<void> {
    const isDeaf = options.isDeaf === true;
    if (signal.aborted) return;
    if (this.#isAwake && !isDeaf) {
      this.#isAwake = false;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = millis === Infinity ? undefined : setTimeout(resolve, millis).unref();
    if (!isDeaf) this.#waiting.add(resolve);
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop, { once: true });
    await promise;
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }
}
