/**
 * How many bytes of heap does a call leave behind, beyond the object that the caller makes? Needs `--expose-gc` and a young generation that
 * holds a whole round, so that nothing is collected while it is measured. Does not show what the worker allocates.
 */
import { join } from "node:path";
import { GCProfiler } from "node:v8";

import { runCase } from "../case-program.ts";
import { openFemtologgingFile } from "../peers/femtologging.ts";
import { type Burst, compileBurst, sitesOf } from "../sites.ts";

/** Arguments of the case. */
export interface GarbageArguments {
  readonly warmCount: number;
  /** Records of one round. */
  readonly count: number;
  readonly rounds: number;
}

/** Heap bytes a turn, without a collection in between. @throws {Error} There was one, or `--expose-gc` is missing. */
function bytesPerTurn(burst: Burst, begin: number, count: number): number {
  if (globalThis.gc === undefined) throw new Error("Cannot measure garbage: start with --expose-gc");
  globalThis.gc();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  burst(begin, begin + count);
  const bytes = process.memoryUsage().heapUsed - before;
  const collections = profiler.stop().statistics.length;
  if (collections > 0) throw new Error(`The heap was collected ${collections} times within a round`);
  return bytes / count;
}

await runCase<GarbageArguments>(async ({ warmCount, count, rounds }, { directory }) => {
  const sites = sitesOf(false);
  const subject = await openFemtologgingFile({ path: join(directory, "out.log"), sites });
  const holder: { object: unknown } = { object: undefined };
  // A store that others could see: the object has to be made.
  const callerOnly = compileBurst(holder, sites, (_text, attributes) => `log.object = ${attributes}`);
  callerOnly(0, warmCount);
  subject.burst(0, warmCount);
  await subject.settle();
  const callers: number[] = [];
  const calls: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = warmCount + round * count;
    callers.push(bytesPerTurn(callerOnly, begin, count));
    calls.push(bytesPerTurn(subject.burst, begin, count));
    await subject.settle();
  }
  await subject.finish();
  await subject.close();
  const recordCount = warmCount + rounds * count;
  const callerBytes = Math.min(...callers);
  return {
    measures: { callerBytesPerCall: callerBytes, bytesPerCall: Math.min(...calls) - callerBytes },
    recordCount,
    checksum: subject.verify(recordCount),
    settings: subject.settings,
  };
});
