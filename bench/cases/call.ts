/**
 * How long does a call of `log.info(text, { int, text, bool, double })` keep the calling thread, alone and among 40 other call sites?
 * Does not show the work that is left after the call, on this thread or another: see `file.ts` for that.
 */
import { join } from "node:path";

import { type BurstPlan, timeBursts } from "../bursts.ts";
import { runCase } from "../case-program.ts";
import { openSubject, type SubjectName } from "../peers/registry.ts";
import { sitesOf } from "../sites.ts";

/** Arguments of the case. */
export interface CallArguments extends BurstPlan {
  readonly subject: SubjectName;
  readonly isMixed: boolean;
}

await runCase<CallArguments>(async (args, { directory }) => {
  const sites = sitesOf(args.isMixed);
  const subject = await openSubject(args.subject, { path: join(directory, "out.log"), sites });
  const { nsPerCall, nsPerCallBest, recordCount } = await timeBursts(subject, args);
  await subject.close();
  return {
    measures: { nsPerCall, nsPerCallBest },
    recordCount,
    checksum: subject.verify(recordCount),
    settings: subject.settings,
  };
});
