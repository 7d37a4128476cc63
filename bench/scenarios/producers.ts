/** Threads that log at the same time. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { MessageName } from "./messages.ts";

const PROGRAM: URL = new URL("producer.ts", import.meta.url);

/** What a thread is told. */
export interface ProducerOrder {
  readonly message: MessageName;
  /** Records before the gate. */
  readonly warmCount: number;
  readonly count: number;
  /** One word: 0 until all may begin. */
  readonly gate: Int32Array<SharedArrayBuffer>;
}

/** When a thread has logged, by the machine's clock. */
export interface ProducerReport {
  readonly beginMillis: number;
  readonly endMillis: number;
}

/** Threads that have logged their warm-up and wait at the gate. */
export class Producers {
  readonly #gate: Int32Array<SharedArrayBuffer>;
  readonly #reports: Promise<readonly ProducerReport[]>;

  private constructor(gate: Int32Array<SharedArrayBuffer>, reports: Promise<readonly ProducerReport[]>) {
    this.#gate = gate;
    this.#reports = reports;
  }

  /** Starts threads; resolves when each is ready. @throws {Error} One has failed. */
  static async start(threadCount: number, order: Omit<ProducerOrder, "gate">): Promise<Producers> {
    const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workers = Array.from(
      { length: threadCount },
      () => new Worker(PROGRAM, { workerData: { ...order, gate } satisfies ProducerOrder }),
    );
    await Promise.all(workers.map((worker) => once(worker, "message")));
    return new Producers(gate, Promise.all(workers.map((worker) => reportOf(worker))));
  }

  /** Lets them log. Resolves when all have, and their threads are gone. */
  async run(): Promise<readonly ProducerReport[]> {
    Atomics.store(this.#gate, 0, 1);
    Atomics.notify(this.#gate, 0);
    const reports = await this.#reports;
    return reports;
  }
}

async function reportOf(worker: Worker): Promise<ProducerReport> {
  const [report] = (await once(worker, "message")) as [ProducerReport];
  return report;
}
