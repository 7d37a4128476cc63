/** Logs with the loggers of the process from a thread of its own; a program of `systems.test.ts`. */
import { workerData } from "node:worker_threads";

import { flush, getLogger } from "../../src/index.ts";

const { recordCount } = workerData as { readonly recordCount: number };
const log = getLogger("metrics.worker");
for (let i = 0; i < recordCount; i++) log.info("record {i}", { i });
await flush();
