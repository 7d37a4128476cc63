type Listener = (...values: never[]) => void;

const EVENT = "unhandledRejection";

/**
 * Listens for rejections that nobody handled, only while somebody else does: a listener is what decides whether they end the process. Is told
 * before the others, since those may end it.
 */
export class RejectionListener {
  readonly #onRejection: (reason: unknown) => void;

  constructor(onRejection: (reason: unknown) => void) {
    this.#onRejection = (reason) => onRejection(reason);
    if (this.#otherCount() > 0) process.prependListener(EVENT, this.#onRejection);
    process.on("newListener", this.#onAdded);
    process.on("removeListener", this.#onRemoved);
  }

  release(): void {
    process.off("newListener", this.#onAdded);
    process.off("removeListener", this.#onRemoved);
    process.off(EVENT, this.#onRejection);
  }

  /** Before it is added. */
  readonly #onAdded = (event: string | symbol, listener: Listener): void => {
    if (event !== EVENT || listener === this.#onRejection || this.#isListening()) return;
    process.prependListener(EVENT, this.#onRejection);
  };

  /** After it was removed. */
  readonly #onRemoved = (event: string | symbol): void => {
    if (event === EVENT && this.#isListening() && this.#otherCount() === 0) {
      process.off(EVENT, this.#onRejection);
    }
  };

  #isListening(): boolean {
    return process.listeners(EVENT).includes(this.#onRejection);
  }

  #otherCount(): number {
    return process.listeners(EVENT).filter((listener) => listener !== this.#onRejection).length;
  }
}
