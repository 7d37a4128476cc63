/** Ways for a consumer to wait and for producers to wake it: what both threads know of them. */

/**
 * A policy, by name.
 * - `lingering`: the product's. Polls every 5 ms for 50 ms, then sleeps; woken only when asleep.
 * - `notify-each`: sleeps at once, each record wakes.
 * - `when-asleep`: sleeps at once and says so, a record wakes it when it has.
 * - `poll`: looks every 5 ms for ever, nobody wakes it.
 */
export type WakePolicy = "lingering" | "notify-each" | "when-asleep" | "poll";

/** What the reading thread is told. */
export interface WakeStart {
  readonly policy: WakePolicy;
  readonly meeting: Int32Array<SharedArrayBuffer>;
  readonly memory: SharedArrayBuffer;
  readonly handlerSlot: number;
  /** Milliseconds from the call to the reader, a place for each record. Stored by the reader. */
  readonly latencies: Float64Array<SharedArrayBuffer>;
}

/** The clock that both threads share, milliseconds with fraction; `performance.now()` begins anew in each thread. */
export function sharedMillis(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
