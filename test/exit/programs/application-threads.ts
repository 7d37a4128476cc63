// Threads of an application that log to the handlers of the main thread: one ends, one is terminated while it logs.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { basicConfig, FemtoFileHandler, getLogger } from "../../../src/index.ts";

const COUNT = 1000;

function logNumbers(from: number): void {
  const logger = getLogger("thread");
  for (let i = from; i < from + COUNT; i++) logger.info("record {i}", { i });
}

async function main(path: string): Promise<void> {
  basicConfig({ handlers: [new FemtoFileHandler({ path })] });
  const ending = new Worker(new URL(import.meta.url), { workerData: { from: 0, stays: false } });
  await once(ending, "exit");
  const staying = new Worker(new URL(import.meta.url), { workerData: { from: COUNT, stays: true } });
  await once(staying, "message");
  logNumbers(2 * COUNT);
  void staying.terminate();
  process.exit(0);
}

if (isMainThread) {
  await main(process.argv[2] ?? "");
} else {
  const { from, stays } = workerData as { readonly from: number; readonly stays: boolean };
  logNumbers(from);
  if (stays) {
    parentPort?.postMessage("logged");
    setInterval(() => {}, 60_000);
  }
}
