/**
 * What does a call cost when its record goes to several file handlers? Does not show what their workers cost: with fewer cores than
 * workers they take turns with the caller.
 */
import { join } from "node:path";

import { type BurstPlan, timeBursts } from "../bursts.ts";
import { runCase } from "../case-program.ts";
import { openFemtologging } from "../peers/femtologging.ts";
import { sitesOf } from "../sites.ts";

/** Arguments of the case. */
export interface HandlersArguments extends BurstPlan {
  readonly handlerCount: number;
}

await runCase<HandlersArguments>(async (args, { directory }) => {
  const sites = sitesOf(false);
  const subject = await openFemtologging({ path: join(directory, "out.log"), sites }, args.handlerCount);
  const { nsPerCall, nsPerCallBest, recordCount } = await timeBursts(subject, args);
  await subject.close();
  return {
    measures: { nsPerCall, nsPerCallBest },
    recordCount,
    checksum: subject.verify(recordCount),
    settings: subject.settings,
  };
});
