/** Logs with the loggers of the process from a thread of its own, whenever it is told to; the program of `levels-threads.test.ts`. */
import { parentPort } from "node:worker_threads";

import { getLogger } from "../../src/index.ts";

/** What the thread is told to do. */
export interface Order {
  readonly method: "debug" | "info" | "setLevel" | "disabled";
  readonly logger: string;
  readonly value: string;
}

parentPort?.on("message", ({ method, logger, value }: Order) => {
  const log = getLogger(logger);
  if (method === "setLevel") log.setLevel(value as "INFO");
  else if (method === "disabled") log.disabled = value === "true";
  else log[method](value);
  parentPort?.postMessage(log.effectiveLevel, []);
});
