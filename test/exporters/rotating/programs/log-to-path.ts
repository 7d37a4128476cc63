// Logs numbered records to a rotating file that other processes may log to as well, and says on stdout what went wrong.
import { setTimeout as sleep } from "node:timers/promises";
import {
  createLogging,
  FemtoRotatingFileHandler,
  type RotatingFileHandlerOptions,
  setTroubleListener,
} from "../../../../src/index.ts";

/** What the program is told on its command line. */
export interface LogPlan {
  readonly options: RotatingFileHandlerOptions;
  /** Says whose records they are. */
  readonly process: number;
  readonly count: number;
  /** Ends by `process.exit()` at once, and not by a shutdown. */
  readonly exits?: boolean;
}

const plan = JSON.parse(process.argv[2] ?? "") as LogPlan;
setTroubleListener(({ message }) => process.stdout.write(`${message}\n`));
const handler = new FemtoRotatingFileHandler(plan.options);
const logger = createLogging({ handlers: [handler] }).getLogger("process");
for (let i = 0; i < plan.count; i++) {
  logger.info("record {i} of {p}", { i, p: plan.process });
  // Lets the other processes in between.
  if (i % 200 === 199) await sleep(1);
}
if (plan.exits === true) process.exit(0);
await handler.shutdown();
const { delivered, droppedTotal } = handler.stats();
if (delivered !== plan.count || droppedTotal !== 0)
  process.stdout.write(`${delivered} delivered, ${droppedTotal} dropped\n`);
