/**
 * How long does a single call take until its record is with the logger, at a steady pace and in bursts? Each call is timed on its own, so
 * the clock is in every number: the same distribution without a call is measured beside it. Does not show the work that is left after the
 * call; at a pace, caches are colder and the processor slower than in the tight loops of `call.ts`.
 */
import { join } from "node:path";

import { runCase } from "../case-program.ts";
import { Distribution, type DistributionSummary } from "../latency/distribution.ts";
import { callCountOf, type Load, runLoad } from "../latency/load.ts";
import { PauseWatch } from "../latency/pauses.ts";
import { openSubject, type SubjectName } from "../peers/registry.ts";
import { logInChunks } from "../peers/subject.ts";
import { type Burst, compileLoop, sitesOf } from "../sites.ts";

/** Arguments of the case. */
export interface LatencyCallArguments {
  readonly subject: SubjectName;
  readonly warmCount: number;
  readonly load: Load;
}

async function timeCalls(
  burst: Burst,
  { load, first }: { readonly load: Load; readonly first: number },
  pauses?: PauseWatch,
): Promise<DistributionSummary> {
  const distribution = new Distribution();
  await runLoad(load, first, (index) => {
    const begin = performance.now();
    burst(index, index + 1);
    const end = performance.now();
    distribution.record(end - begin);
    pauses?.take(begin, end);
  });
  return distribution.summary();
}

await runCase<LatencyCallArguments>(async ({ subject: name, warmCount, load }, { directory }) => {
  const subject = await openSubject(name, { path: join(directory, "out.log"), sites: sitesOf(false) });
  await logInChunks(subject, 0, warmCount);
  await subject.settle();
  const idle = await timeCalls(compileLoop(undefined, ""), { load, first: 0 });
  const watch = new PauseWatch();
  const calls = await timeCalls(subject.burst, { load, first: warmCount }, watch);
  const pauses = await watch.finish();
  await subject.finish();
  await subject.close();
  const recordCount = warmCount + callCountOf(load);
  return {
    measures: {
      p50Us: calls.p50,
      p99Us: calls.p99,
      p999Us: calls.p999,
      maxUs: calls.max,
      maxOutsideUs: pauses.maxOutsideMicros,
      slowCount: pauses.slowCount,
      slowInCollectionCount: pauses.slowInCollectionCount,
      collectionCount: pauses.collectionCount,
      collectionMillisMax: pauses.collectionMillisMax,
      clockP50Us: idle.p50,
      clockP99Us: idle.p99,
      clockP999Us: idle.p999,
    },
    recordCount,
    checksum: subject.verify(recordCount),
    settings: subject.settings,
  };
});
