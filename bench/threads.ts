/**
 * Do four threads that log at the same time lose, double or reorder a record, of ten million?
 *
 *     node bench/threads.ts [--records 10000000]
 *
 * One process, one file handler; each line of the file is looked at afterwards. Prints the rate, and ends with code 1 when a record is
 * missing, came twice, or stands before an earlier one of its thread. Needs 200 bytes of disk a record, in the directory for temporary files.
 * `BENCH_SMOKE=1` makes it forty thousand records.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { FemtoFileHandler, getLogger, stats } from "femtologging";

import { isSmokeRun } from "./program.ts";
import { machineText } from "./results-file.ts";
import { produce, verifyThreads } from "./threads/producers.ts";

const THREAD_COUNT = 4;
const DEFAULT_RECORDS = 10_000_000;
const SMOKE_RECORDS = 40_000;

function readCount(): number {
  const { values } = parseArgs({ options: { records: { type: "string" } } });
  const count = Number(values.records ?? (isSmokeRun() ? SMOKE_RECORDS : DEFAULT_RECORDS));
  if (Number.isInteger(count) && count >= THREAD_COUNT) return count;
  throw new RangeError(
    `Cannot run the threads: "--records" is ${String(values.records)}, must be an integer of at least ${THREAD_COUNT}`,
  );
}

const load = { threadCount: THREAD_COUNT, warmCount: 0, count: readCount() };
const directory = mkdtempSync(join(tmpdir(), "femtologging-bench-"));
try {
  const path = join(directory, "threads.log");
  const handler = new FemtoFileHandler({ path, name: "file", overflow: "block", blockTimeoutMillis: 60_000 });
  getLogger().addHandler(handler);
  const { nsPerRecord, recordsPerSecond } = await produce(load);
  const count = verifyThreads(path, load);
  const { droppedTotal } = stats()["file"] ?? handler.stats();
  console.log(
    `${count} records of ${THREAD_COUNT} threads: all there, each thread's in order, ${droppedTotal} dropped; ${Math.round(recordsPerSecond)} a second, ${Math.round(nsPerRecord)} ns a record (${machineText()})`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
