import { waitFor } from "./waiting.ts";

/**
 * Holds back all requests to a peer that asked one of them to wait. It opens by itself.
 *
 * @see OTLP/HTTP throttling: "the client MUST throttle" on 429 and 503 with `Retry-After`
 */
export class ThrottleGate {
  readonly #shutMillisMax: number;
  /** On the clock of `performance.now()`. */
  #opensAtMillis = 0;

  /** @param shutMillisMax Longest time the gate is shut, so that a peer's absurd wish cannot silence us for a day. */
  constructor(shutMillisMax: number) {
    this.#shutMillisMax = shutMillisMax;
  }

  /** Milliseconds until the gate opens; 0 when it is open. */
  get remainingMillis(): number {
    return Math.max(0, this.#opensAtMillis - performance.now());
  }

  /** Shuts the gate for that time from now; never opens it earlier than it would have. */
  shut(millis: number): void {
    const opensAtMillis = performance.now() + Math.min(millis, this.#shutMillisMax);
    this.#opensAtMillis = Math.max(this.#opensAtMillis, opensAtMillis);
  }

  /** Waits until the gate is open, also when it is shut again meanwhile, or until the signal comes. */
  async whenOpen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.remainingMillis > 0) await waitFor(this.remainingMillis, signal);
  }
}
