/**
 * How many records a second go into one file when several threads of an application log at the same time? Does not show what the threads could
 * do without a common destination: the file has one thread that renders and writes for all.
 */
import { join } from "node:path";

import { FemtoFileHandler, getLogger } from "femtologging";

import { runCase } from "../case-program.ts";
import { produce, verifyThreads, type Load } from "../threads/producers.ts";

await runCase<Load>(async (load, { directory }) => {
  const path = join(directory, "out.log");
  getLogger().addHandler(new FemtoFileHandler({ path, overflow: "block", blockTimeoutMillis: 60_000 }));
  const measures = await produce(load);
  const recordCount = verifyThreads(path, load);
  return {
    measures,
    recordCount,
    checksum: String(recordCount),
    settings: "FemtoFileHandler, JSON lines, overflow block",
  };
});
