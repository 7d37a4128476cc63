import type { DeliveryOptions } from "./delivery-options.ts";

/** The time that a batch has, with all its attempts and in however many requests it goes. Runs once it is started. */
export class Budget {
  /** Whole length in milliseconds; `Infinity` for no limit. */
  readonly millis: number;
  /** The option it comes from, for people. */
  readonly optionName: "timeoutMillis" | "retryTimeoutMillis";
  /** On the clock of `performance.now()`. */
  #startMillis: number | undefined;

  constructor(options: Pick<DeliveryOptions, "timeoutMillis" | "retryTimeoutMillis" | "isTimeoutForBatch">) {
    const retryMillis = options.retryTimeoutMillis || Infinity;
    const batchMillis = (options.isTimeoutForBatch === true && options.timeoutMillis) || Infinity;
    this.millis = Math.min(retryMillis, batchMillis);
    this.optionName = batchMillis < retryMillis ? "timeoutMillis" : "retryTimeoutMillis";
  }

  /** Starts the time, unless it runs. */
  start(): void {
    this.#startMillis ??= performance.now();
  }

  get isRunning(): boolean {
    return this.#startMillis !== undefined;
  }

  /** Milliseconds since the start; 0 before it. */
  get elapsedMillis(): number {
    return this.#startMillis === undefined ? 0 : performance.now() - this.#startMillis;
  }

  /** What is left, in milliseconds; negative when it is over, `Infinity` without a limit. */
  get remainingMillis(): number {
    return this.millis - this.elapsedMillis;
  }
}
