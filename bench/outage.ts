/**
 * What does an outage of the collector cost the application, with a persistent queue? Not how fast anything is:
 *
 *     node bench/outage.ts [--seconds 60] [--fsync never|batch]
 *
 * 20,000 records a second for 10 s with a receiver in another process, for so many seconds without one, and until all have arrived with
 * another one on the same port. Prints what calls cost and what the process occupied before, during and after the outage. Ends with code 1
 * when a record was dropped, or did not arrive. `BENCH_SMOKE=1` makes it 1 and 2 seconds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { createLogging, FemtoOtlpHttpHandler, setTroubleListener } from "femtologging";

import { femtologgingCall } from "./peers/femtologging.ts";
import { isSmokeRun, progress } from "./program.ts";
import { ReceiverProcess } from "./receiver-process.ts";
import { machineText } from "./results-file.ts";
import { type Burst, compileBurst, sitesOf } from "./sites.ts";
import { formatNumber, formatTable } from "./table.ts";

const STEP_MILLIS = 10;
/** 20,000 a second. */
const STEP_CALLS = 200;
const DEFAULT_SECONDS = 60;
const MEGABYTE = 2 ** 20;
const NANOS_PER_MILLI = 1e6;
const WAIT_MILLIS = 300_000;

/** A time with one kind of receiver. */
interface Phase {
  readonly name: string;
  readonly callCount: number;
  /** Nanoseconds a call, one number a step of 200 calls. */
  readonly costs: number[];
  readonly rssBytes: number[];
}

/** Logs for so long at a steady rate; what is late is made up for. */
async function logFor(
  seconds: number,
  { name, burst, from }: { readonly name: string; readonly burst: Burst; readonly from: number },
): Promise<Phase> {
  const costs: number[] = [];
  const rssBytes: number[] = [];
  const begin = performance.now();
  let callCount = 0;
  while (performance.now() - begin < seconds * 1000) {
    const due = Math.floor((performance.now() - begin) / STEP_MILLIS + 1) * STEP_CALLS;
    for (; callCount < due; callCount += STEP_CALLS) {
      const start = performance.now();
      burst(from + callCount, from + callCount + STEP_CALLS);
      costs.push(((performance.now() - start) * NANOS_PER_MILLI) / STEP_CALLS);
    }
    rssBytes.push(process.memoryUsage.rss());
    progress(`${name}: ${callCount} records, RSS ${formatNumber((rssBytes.at(-1) ?? 0) / MEGABYTE, "MB")}`);
    await sleep(STEP_MILLIS);
  }
  return { name, callCount, costs, rssBytes };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function rowOf({ name, callCount, costs, rssBytes }: Phase): string[] {
  const megabytes = (part: number): string => formatNumber(quantile(rssBytes, part) / MEGABYTE);
  const nanos = (part: number): string => formatNumber(quantile(costs, part));
  return [
    name,
    String(callCount),
    nanos(0.1),
    nanos(0.5),
    nanos(0.99),
    megabytes(0),
    megabytes(0.5),
    megabytes(1),
  ];
}

function readSettings(): { readonly seconds: number; readonly fsync: "never" | "batch" } {
  const { values } = parseArgs({ options: { seconds: { type: "string" }, fsync: { type: "string" } } });
  const seconds = Number(values.seconds ?? (isSmokeRun() ? 2 : DEFAULT_SECONDS));
  if (!(seconds > 0 && Number.isFinite(seconds))) {
    throw new RangeError(`Cannot run: "--seconds" is ${String(values.seconds)}, must be more than 0`);
  }
  return { seconds, fsync: values.fsync === "batch" ? "batch" : "never" };
}

/** Waits until nothing is left in memory or on the disk. */
async function untilSent(handler: FemtoOtlpHttpHandler): Promise<void> {
  const deadline = performance.now() + WAIT_MILLIS;
  for (
    let { queued, spooled } = handler.stats();
    queued + spooled > 0;
    { queued, spooled } = handler.stats()
  ) {
    if (performance.now() > deadline) throw new Error(`Not all was sent: ${JSON.stringify(handler.stats())}`);
    await sleep(STEP_MILLIS);
  }
}

async function run(directory: string): Promise<void> {
  const { seconds, fsync } = readSettings();
  const aroundSeconds = isSmokeRun() ? 1 : 10;
  setTroubleListener(() => {});
  const before = await ReceiverProcess.start();
  const handler = new FemtoOtlpHttpHandler({ url: before.url, persistentQueue: { directory, fsync } });
  const burst = compileBurst(
    createLogging({ handlers: [handler] }).getLogger("bench.outage"),
    sitesOf(true),
    femtologgingCall,
  );
  let from = 0;
  const phase = async (name: string, length: number): Promise<Phase> => {
    const logged = await logFor(length, { name, burst, from });
    from += logged.callCount;
    return logged;
  };
  burst(0, (from = 2 * STEP_CALLS * 100));
  await handler.forceFlush();
  await untilSent(handler);
  const phases = [await phase("before", aroundSeconds)];
  const countsBefore = await before.counts();
  const { port } = new URL(before.url);
  await before.stop();
  phases.push(await phase("during", seconds));
  const spooledMax = handler.stats().spooled;
  const after = await ReceiverProcess.start(Number(port));
  const begin = performance.now();
  phases.push(await phase("after", aroundSeconds));
  await untilSent(handler);
  const caughtUpSeconds = (performance.now() - begin) / 1000;
  const countsAfter = await after.counts();
  await handler.shutdown();
  await after.stop();
  progress("");
  const head = ["receiver", "records", "ns/call p10", "p50", "p99", "RSS MB lowest", "median", "highest"];
  console.log(formatTable([head, ...phases.map(rowOf)]));
  const { delivered, droppedTotal } = handler.stats();
  const received = countsBefore.records + countsAfter.records;
  console.log(
    `\n${machineText()}, outage of ${seconds} s, fsync ${fsync}: ${from} records logged, ${delivered} delivered, ${droppedTotal} dropped; the receivers counted ${received}; at the end of the outage ${spooledMax} on the disk; all had arrived ${formatNumber(caughtUpSeconds, "s")} after it`,
  );
  // What was on its way when the receiver was stopped may have been counted by it after the last look.
  if (delivered !== from || droppedTotal > 0 || received < from - STEP_CALLS * 100) process.exitCode = 1;
}

const directory = mkdtempSync(join(tmpdir(), "femtologging-outage-"));
try {
  await run(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
