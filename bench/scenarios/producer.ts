/** The program of a producing thread: logs, waits until all are ready, and logs what is measured. */
import { parentPort, workerData } from "node:worker_threads";

import { getLogger } from "femtologging";

import { monotonicMillis } from "../clock.ts";
import type { ProducerOrder, ProducerReport } from "./producers.ts";
import { compileMessage, LOGGER_NAME } from "./messages.ts";

const { message, warmCount, count, gate } = workerData as ProducerOrder;
const log = compileMessage(getLogger(LOGGER_NAME), message);
log(0, warmCount);
parentPort?.postMessage("ready");
Atomics.wait(gate, 0, 0);
const beginMillis = monotonicMillis();
log(warmCount, warmCount + count);
const report: ProducerReport = { beginMillis, endMillis: monotonicMillis() };
parentPort?.postMessage(report);
