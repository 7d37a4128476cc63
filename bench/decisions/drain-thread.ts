/** The thread that renders: takes a round of records out of the queue with the product's consumer, then checks the bytes. */
import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";

import { Arena } from "../../processors/queue/arena.ts";
import { Consumer } from "../../processors/worker/consumer.ts";
import { ConsumerFilters } from "../../processors/worker/consumer-filters.ts";
import type { DrainReport, DrainStart, RoundTimes } from "./drain-ways.ts";
import { announce, READY, RECEIVED, waitUntil } from "./meeting.ts";
import { RENDERINGS, type RenderingPair } from "./renderings.ts";
import { Checksum } from "./standard-record.ts";

/** The default of a handler. */
const LIMITS = { maxExportBatchSize: 512, maxExportBatchBytes: 2 ** 20 };
const DIGEST_LENGTH = 12;

const start = workerData as DrainStart;
const { makeRenderer, parse, read }: RenderingPair = RENDERINGS[start.rendering];
const arena = new Arena(start.memory);
const { handlerSlot } = start;
const filters = { version: 0, filters: [] };
const consumer = new Consumer(arena, {
  handlerSlot,
  renderer: makeRenderer(),
  limits: LIMITS,
  filters: ConsumerFilters.open(arena, { handlerSlot, filters }, { report: () => {} }),
});

/** Processor time that this thread has had, microseconds. Steadier than a clock where other programs run beside. */
function threadMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function nsPerRecord(micros: number): number {
  return (micros * 1000) / start.recordCount;
}

/** Runs `work` for each batch. Returns ns a record. */
function timeEach(batches: readonly Buffer[], work: (bytes: Buffer) => unknown): number {
  const begin = threadMicros();
  for (const batch of batches) work(batch);
  return nsPerRecord(threadMicros() - begin);
}

/** Takes and renders everything that is in the queue; only that is on the clock, not the copies. */
function renderAll(batches: Buffer[]): number {
  let micros = 0;
  for (;;) {
    const begin = threadMicros();
    const rendered = consumer.collect();
    micros += threadMicros() - begin;
    if (rendered === undefined) return nsPerRecord(micros);
    batches.push(Buffer.from(rendered.bytes));
    consumer.settle(rendered, { delivered: rendered.recordCount, rejected: 0, failed: 0 });
  }
}

function checkBatches(batches: readonly Buffer[]): Checksum {
  const sum = new Checksum();
  for (const batch of batches) for (const attributes of read(batch)) sum.addAttributes(attributes);
  return sum;
}

function byteCountOf(batches: readonly Uint8Array[]): number {
  return batches.reduce((count, batch) => count + batch.length, 0) / start.recordCount;
}

announce(start.meeting, READY, 1);
const rounds: RoundTimes[] = [];
let report: Omit<DrainReport, "rounds"> | undefined;
for (let round = 1; round <= start.rounds; round++) {
  waitUntil(start.meeting, READY, round + 1);
  const batches: Buffer[] = [];
  const renderNs = renderAll(batches);
  const packed: Uint8Array[] = [];
  const decodeNs = start.isWire ? timeEach(batches, parse) : 0;
  const gzipNs = start.isWire ? timeEach(batches, (bytes) => packed.push(gzipSync(bytes))) : 0;
  rounds.push({ renderNs, decodeNs, gzipNs });
  const sum = checkBatches(batches);
  const digest = createHash("sha256");
  for (const batch of batches) digest.update(batch);
  report = {
    count: sum.count,
    checksum: sum.text(),
    digest: digest.digest("hex").slice(0, DIGEST_LENGTH),
    bytesPerRecord: byteCountOf(batches),
    gzipBytesPerRecord: byteCountOf(packed),
  };
  announce(start.meeting, RECEIVED, round);
}
if (report !== undefined) parentPort?.postMessage({ ...report, rounds } satisfies DrainReport);
