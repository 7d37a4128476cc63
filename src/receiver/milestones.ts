/** How long to wait, and what to say when it was in vain. */
export interface WaitOptions {
  /** Milliseconds, at least 0. */
  readonly timeoutMillis: number;
  /** Puts the failure into words, from the number that was reached. */
  readonly describe: (reached: number) => string;
}

interface Waiter {
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly describe: (reached: number) => string;
}

/** A number that only grows, and promises that wait for it to get somewhere. */
export class Milestones {
  #reached = 0;
  #closedReason: string | undefined;
  readonly #waiters = new Set<Waiter>();

  get reached(): number {
    return this.#reached;
  }

  advance(count: number): void {
    this.#reached += count;
    for (const waiter of this.#waiters) {
      if (waiter.target <= this.#reached) waiter.resolve();
    }
  }

  /** Rejects everybody who waits, or begins to: the number will not grow any more. */
  close(reason: string): void {
    this.#closedReason = reason;
    for (const waiter of this.#waiters) waiter.reject(this.#failure(waiter, reason));
  }

  /**
   * Waits until the number is at least `target`. Keeps the process alive meanwhile.
   *
   * @throws {Error} It was not within `timeoutMillis`, or cannot be any more.
   */
  async wait(target: number, { timeoutMillis, describe }: WaitOptions): Promise<void> {
    if (target <= this.#reached) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { target, resolve, reject, describe };
    if (this.#closedReason !== undefined) throw this.#failure(waiter, this.#closedReason);
    const timer = setTimeout(
      () => reject(this.#failure(waiter, `${timeoutMillis} ms have passed`)),
      timeoutMillis,
    );
    this.#waiters.add(waiter);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    }
  }

  #failure(waiter: Waiter, reason: string): Error {
    return new Error(`${waiter.describe(this.#reached)}: ${reason}`);
  }
}
