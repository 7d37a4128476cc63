/**
 * Does memory stay what it is under load? A file handler and an OTLP handler, a steady stream with bursts:
 *
 *     node bench/soak.ts [--minutes 10]
 *
 * Prints what the process occupied and whether that was flat, by the rule of `soak/flatness.ts`, and writes all samples to
 * `bench/results/soak-<time>.json`. Ends with code 1 when it was not, or when a record is missing, came twice, or was dropped: all lines of
 * the file are counted, and the receiver, a process of its own, counts. A run of less than a minute is not judged. Needs 35 MB of disk a
 * minute, in the directory for temporary files. `BENCH_SMOKE=1` makes it six seconds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createLogging, FemtoFileHandler, FemtoOtlpHttpHandler, type FemtoHandler } from "femtologging";

import { femtologgingCall, readFemtologgingLine } from "./peers/femtologging.ts";
import { isSmokeRun, progress } from "./program.ts";
import { ReceiverProcess } from "./receiver-process.ts";
import { machineText, printSettings, saveResults } from "./results-file.ts";
import { compileBurst, sitesOf } from "./sites.ts";
import { type Flatness, judgeFlatness } from "./soak/flatness.ts";
import { LOAD_TEXT, runSoak, type SoakRun } from "./soak/load.ts";
import type { Sample } from "./soak/samples.ts";
import { formatNumber, formatTable } from "./table.ts";
import { verifyLines } from "./verify.ts";

const DEFAULT_MINUTES = 10;
const SMOKE_MINUTES = 0.1;
const MILLIS_PER_MINUTE = 60_000;
const MEGABYTE = 2 ** 20;
/** The caller waits when a queue is full, as long as it takes: nothing may be dropped. */
const BLOCKING = { overflow: "block", blockTimeoutMillis: 60_000 } as const;

/** What is looked at, and how far its peaks may rise above the median. The heap goes up and down by what V8 thinks fit. */
const SERIES: readonly { readonly name: string; readonly key: keyof Sample; readonly peakMax?: number }[] = [
  { name: "RSS", key: "rss", peakMax: 1.5 },
  { name: "heap used, main thread", key: "heapUsed" },
  { name: "external, main thread", key: "external" },
  { name: "shared memory, touched", key: "arena", peakMax: 1.5 },
];

function readMinutes(): number {
  const { values } = parseArgs({ options: { minutes: { type: "string" } } });
  const minutes = Number(values.minutes ?? (isSmokeRun() ? SMOKE_MINUTES : DEFAULT_MINUTES));
  if (minutes > 0 && Number.isFinite(minutes)) return minutes;
  throw new RangeError(`Cannot run the soak: "--minutes" is ${String(values.minutes)}, must be more than 0`);
}

/** Logs, and checks that everything has arrived. */
async function soak(minutes: number, directory: string): Promise<SoakRun> {
  const receiver = await ReceiverProcess.start();
  const path = join(directory, "soak.log");
  const handlers: FemtoHandler[] = [
    new FemtoFileHandler({ path, ...BLOCKING }),
    new FemtoOtlpHttpHandler({ url: receiver.url, ...BLOCKING }),
  ];
  const logging = createLogging({ handlers });
  const sites = sitesOf(true);
  const burst = compileBurst(logging.getLogger("bench.soak"), sites, femtologgingCall);
  const run = await runSoak(burst, minutes * MILLIS_PER_MINUTE, ({ seconds, rss }, callCount) =>
    progress(`${Math.round(seconds)} s, ${callCount} records, RSS ${formatNumber(rss / MEGABYTE, "MB")}`),
  );
  progress("");
  await logging.shutdown();
  for (const handler of handlers) checkStats(handler, run.callCount);
  await receiver.expect(run.callCount);
  await receiver.stop();
  verifyLines(path, { logged: run.callCount, sites, readLine: readFemtologgingLine });
  return run;
}

function checkStats(handler: FemtoHandler, logged: number): void {
  const { delivered, droppedTotal, queued, replayed } = handler.stats();
  if (delivered !== logged || droppedTotal + queued + replayed !== 0) {
    throw new Error(
      `${logged} records were logged, handler "${handler.name}" has ${JSON.stringify(handler.stats())}`,
    );
  }
}

function judge({ samples }: SoakRun): ReadonlyMap<string, Flatness> {
  const judged = new Map<string, Flatness>();
  for (const { name, key, ...rule } of SERIES) {
    const points = samples.flatMap((sample) => {
      const bytes = sample[key];
      return bytes === undefined ? [] : [{ seconds: sample.seconds, bytes }];
    });
    if (points.length > 0) judged.set(name, judgeFlatness(points, rule));
  }
  return judged;
}

function flatnessTable(judged: ReadonlyMap<string, Flatness>): string {
  const head = [
    "after the first third",
    "median MB",
    "highest MB",
    "MB/hour",
    "rise MB",
    "rise allowed MB",
    "verdict",
  ];
  const megabytes = (bytes: number): string => formatNumber(bytes / MEGABYTE);
  const rows = [...judged].map(([name, flatness]) => [
    name,
    megabytes(flatness.medianBytes),
    megabytes(flatness.maxBytes),
    megabytes(flatness.bytesPerHour),
    megabytes(flatness.growthBytes),
    megabytes(flatness.growthBytesMax),
    flatness.verdict,
  ]);
  return formatTable([head, ...rows]);
}

const minutes = readMinutes();
const directory = mkdtempSync(join(tmpdir(), "femtologging-soak-"));
try {
  const run = await soak(minutes, directory);
  const judged = judge(run);
  console.log(flatnessTable(judged));
  printSettings(
    new Map([
      ["load", LOAD_TEXT],
      [
        "handlers",
        'FemtoFileHandler({ path }), FemtoOtlpHttpHandler({ url }), overflow "block", all else default',
      ],
    ]),
  );
  const path = saveResults(
    { prefix: "soak-", isSmoke: isSmokeRun() },
    { minutes, ...run, judged: Object.fromEntries(judged) },
  );
  console.log(`\n${machineText()}, ${minutes} minutes, ${run.callCount} records to each handler: ${path}`);
  const bad = [...judged].filter(([, { verdict }]) => verdict === "GROWS" || verdict === "PEAKS");
  if (bad.length > 0) {
    console.error(`\nNot flat: ${bad.map(([name]) => name).join("; ")}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
