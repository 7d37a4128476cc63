/**
 * What does it cost to put the file away at every MiB, as fast as records can be logged? Does not show a disk, as `file` does not; and not
 * compression, which has a thread of its own. Five files are kept, and looked at together with the last one.
 */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { createLogging, FemtoFileHandler, FemtoRotatingFileHandler } from "femtologging";

import { runCase } from "../case-program.ts";
import { femtologgingCall, readFemtologgingLine } from "../peers/femtologging.ts";
import { compileBurst, sitesOf } from "../sites.ts";
import { Stopwatch } from "../stopwatch.ts";
import { verifyLines } from "../verify.ts";

/** Arguments of the case. */
export interface RotatingArguments {
  readonly isRotating: boolean;
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
}

const MIB = 1_048_576;
const BACKUP_COUNT = 5;

await runCase<RotatingArguments>(async ({ isRotating, warmCount, count }, { directory }) => {
  const path = join(directory, "out.log");
  const sites = sitesOf(false);
  const handler = isRotating
    ? new FemtoRotatingFileHandler({ path, maxBytes: MIB, backupCount: BACKUP_COUNT })
    : new FemtoFileHandler({ path });
  const logging = createLogging({ handlers: [handler] });
  const burst = compileBurst(logging.getLogger("bench.call"), sites, femtologgingCall);
  burst(0, warmCount);
  await logging.flush();
  const watch = new Stopwatch();
  burst(warmCount, warmCount + count);
  await logging.flush();
  const time = watch.read(count);
  const { droppedTotal } = handler.stats();
  await logging.shutdown();
  if (droppedTotal > 0) throw new Error(`${droppedTotal} records were dropped`);
  const recordCount = warmCount + count;
  const whole = join(directory, "whole.log");
  const missingCount = recordCount - concatenate(path, whole);
  verifyLines(whole, { logged: recordCount, sites, readLine: readFemtologgingLine, missingCount });
  return {
    measures: time,
    recordCount,
    // Which records the files that are left hold differs a little from run to run, and with them the samples.
    checksum: recordCount.toString(16),
    settings: isRotating
      ? `FemtoRotatingFileHandler({ path, maxBytes: ${MIB}, backupCount: ${BACKUP_COUNT} })`
      : "FemtoFileHandler({ path })",
  };
});

/** Puts all files of a log into one, the oldest first. Returns how many lines there are. */
function concatenate(path: string, whole: string): number {
  const prefix = `${basename(path)}.`;
  const numbers = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .toSorted((left, right) => right - left);
  for (const number of numbers) appendFileSync(whole, readFileSync(`${path}.${number}`));
  appendFileSync(whole, readFileSync(path));
  return readFileSync(whole, "utf8").split("\n").length - 1;
}
