/**
 * How long, and how much processor time, until records are in a file as lines of JSON? Does not show a disk: nobody asks for an fsync, so
 * the bytes are in the page cache. Does not show latency: the caller logs as fast as it can.
 */
import { statSync } from "node:fs";
import { join } from "node:path";

import { runCase } from "../case-program.ts";
import { openSubject, type SubjectName } from "../peers/registry.ts";
import { logInChunks } from "../peers/subject.ts";
import { sitesOf } from "../sites.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface FileArguments {
  readonly subject: SubjectName;
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
}

await runCase<FileArguments>(async ({ subject: name, warmCount, count }, { directory }) => {
  const path = join(directory, "out.log");
  const sites = sitesOf(false);
  const subject = await openSubject(name, { path, sites });
  await logInChunks(subject, 0, warmCount);
  await subject.settle();
  const watch = new Stopwatch();
  await logInChunks(subject, warmCount, warmCount + count);
  await subject.finish();
  const time = watch.read(count);
  const bytes = statSync(path).size;
  await subject.close();
  const rest = statSync(path).size - bytes;
  if (rest !== 0) throw new Error(`${rest} bytes were written after the clock had stopped`);
  const recordCount = warmCount + count;
  return {
    measures: { ...time, bytesPerRecord: bytes / recordCount },
    recordCount,
    checksum: subject.verify(recordCount),
    settings: subject.settings,
  };
});
