import type { Verdict } from "./verdict.ts";

/** One attempt, beside its bytes. */
export interface AttemptOptions {
  /**
   * Ends the attempt at once. Its `reason` is the code of the failure that it ends with: `timeout` when the time of the
   * batch is over, `shutdown`.
   */
  readonly signal: AbortSignal;
  /** Time for the attempt in milliseconds, to the last byte of the answer; 0 for no limit. */
  readonly timeoutMillis: number;
}

/**
 * How requests get to a peer, and what its answers mean: HTTP, gRPC. Retries, waits and words are not its business.
 *
 * @typeParam Channel What one request goes over, and no other at the same time.
 */
export interface Transport<Channel> {
  /**
   * Makes of a body what goes on the wire, once a batch: compresses it.
   *
   * @returns `undefined` when the signal came first.
   * @throws {Error} It cannot be made: no memory.
   */
  prepare(body: Uint8Array, signal: AbortSignal): Promise<Uint8Array | undefined>;

  /**
   * Waits for a channel; the delivery gives it back with `release()`. Nothing is connected yet.
   *
   * @returns `undefined` when the signal came first.
   */
  acquire(signal: AbortSignal): Promise<Channel | undefined>;

  release(channel: Channel): void;

  /** Sends a prepared body and judges the answer. Never rejects. */
  attempt(channel: Channel, body: Uint8Array, options: AttemptOptions): Promise<Verdict>;

  /** Cuts all channels. Only when nobody waits or sends any more. */
  close(): Promise<void>;
}
