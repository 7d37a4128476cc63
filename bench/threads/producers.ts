/** Threads of one application that log to one handler, and what has arrived of that. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { flush } from "femtologging";

import { Stopwatch } from "../stopwatch.ts";
import { forEachLine } from "../verify.ts";
import type { ProducerData } from "./producer-main.ts";

/** How much is logged. */
export interface Load {
  readonly threadCount: number;
  /** Records a thread, before the clock starts. */
  readonly warmCount: number;
  /** Records of all threads. */
  readonly count: number;
}

/** Lets the threads log, and waits until all is delivered. The process's loggers must have their handler. */
export async function produce(load: Load): Promise<ReturnType<Stopwatch["read"]>> {
  const start = new SharedArrayBuffer(4);
  const count = Math.ceil(load.count / load.threadCount);
  const workers = Array.from({ length: load.threadCount }, (_, producer) => {
    const workerData: ProducerData = { producer, warmCount: load.warmCount, count, start };
    return new Worker(new URL("producer-main.ts", import.meta.url), { workerData });
  });
  await Promise.all(workers.map((worker) => once(worker, "message")));
  await flush();
  const ended = Promise.all(workers.map((worker) => once(worker, "exit")));
  const watch = new Stopwatch();
  Atomics.store(new Int32Array(start), 0, 1);
  Atomics.notify(new Int32Array(start), 0);
  await ended;
  await flush({ timeoutMillis: 0 });
  return watch.read(count * load.threadCount);
}

const NUMBER_KEY = Buffer.from('"n":');
const PRODUCER_KEY = Buffer.from('"producer":');
const ZERO = 48;
const NINE = 57;

/**
 * Reads the file that the threads have logged to.
 *
 * @returns How many records there are.
 * @throws {Error} A record is missing, came twice, or stands before one that its thread has logged earlier.
 */
export function verifyThreads(path: string, { threadCount, warmCount, count }: Load): number {
  const next = Array.from({ length: threadCount }, () => 0);
  forEachLine(path, (line) => {
    const producer = readNumber(line, PRODUCER_KEY);
    const n = readNumber(line, NUMBER_KEY);
    if (n !== next[producer])
      throw new Error(`Thread ${producer}: record ${n} has arrived, must be ${String(next[producer])}`);
    next[producer] = n + 1;
  });
  const expected = warmCount + Math.ceil(count / threadCount);
  for (const [producer, arrived] of next.entries())
    if (arrived !== expected)
      throw new Error(`Thread ${producer}: ${arrived} of ${expected} records have arrived`);
  return expected * threadCount;
}

/** The digits behind a key. */
function readNumber(line: Buffer, key: Buffer): number {
  let value = 0;
  for (let at = line.indexOf(key) + key.length; ; at++) {
    const digit = line[at] ?? 0;
    if (digit < ZERO || digit > NINE) return value;
    value = value * 10 + digit - ZERO;
  }
}
