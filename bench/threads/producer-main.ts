/** A thread of the application that logs as fast as it can, when it is told to. */
import { parentPort, workerData } from "node:worker_threads";

import { getLogger } from "femtologging";

/** What the thread is told at its start. */
export interface ProducerData {
  readonly producer: number;
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
  /** Word 0 becomes 1 when all are to begin. */
  readonly start: SharedArrayBuffer;
}

const { producer, warmCount, count, start } = workerData as ProducerData;
const log = getLogger("bench.threads");

function produce(from: number, to: number): void {
  for (let n = from; n < to; n++)
    log.info("Record {n} of {producer}", { n, producer, share: n / 7, text: "checkout" });
}

produce(0, warmCount);
parentPort?.postMessage("warm");
Atomics.wait(new Int32Array(start), 0, 0);
produce(warmCount, warmCount + count);
