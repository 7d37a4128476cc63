/**
 * A thread that says when requests are due. A timer of the event loop is a millisecond late or early, more than a request takes; a
 * thread that sleeps by itself is right to a tenth of that, and needs no processor meanwhile.
 */
import { parentPort, workerData } from "node:worker_threads";

import { monotonicMillis } from "../clock.ts";

/** What the thread is started with. */
export interface PacerData {
  /** When the first request may be due, `monotonicMillis()`. */
  readonly beginMillis: number;
  /** Milliseconds from then on, ascending. */
  readonly arrivals: Float64Array;
}

const { beginMillis, arrivals } = workerData as PacerData;
const never = new Int32Array(new SharedArrayBuffer(4));
for (let index = 0; index < arrivals.length; index++) {
  const dueMillis = beginMillis + (arrivals[index] as number);
  for (let left = dueMillis - monotonicMillis(); left > 0; left = dueMillis - monotonicMillis()) {
    Atomics.wait(never, 0, 0, left);
  }
  parentPort?.postMessage(index);
}
