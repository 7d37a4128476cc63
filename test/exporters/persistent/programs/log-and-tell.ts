// Logs numbered records to an OTLP handler with a persistent queue, flushing after each round, and says on stdout how many are safe. Runs
// until it is killed, or until `count` records are logged: then it waits to be ended, or shuts down.
import { writeSync } from "node:fs";
import { createLogging, FemtoOtlpHttpHandler, setTroubleListener } from "../../../../src/index.ts";

/** What the program is told on its command line. */
export interface TellingPlan {
  readonly url: string;
  readonly directory: string;
  readonly fsync?: "never" | "batch";
  readonly from: number;
  readonly count: number;
  /** Records between two flushes. */
  readonly round: number;
  readonly process?: number;
  readonly shutsDown?: boolean;
}

const plan = JSON.parse(process.argv[2] ?? "") as TellingPlan;
setTroubleListener(() => {});
const handler = new FemtoOtlpHttpHandler({
  url: plan.url,
  persistentQueue: { directory: plan.directory, fsync: plan.fsync ?? "never" },
  maxExportBatchSize: 64,
});
const logger = createLogging({ handlers: [handler] }).getLogger("telling");
const to = plan.from + plan.count;
for (let i = plan.from; i < to;) {
  for (const end = Math.min(to, i + plan.round); i < end; i++)
    logger.info("record {i}", { i, p: plan.process ?? 0, text: "x".repeat((i * 37) % 2000) });
  await handler.forceFlush();
  writeSync(1, `${i}\n`);
}
if (plan.shutsDown === true) await handler.shutdown();
else setInterval(() => {}, 60_000);
