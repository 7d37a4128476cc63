// A thread of an application makes a handler of its own, logs to it, and ends as the command line says.
import { writeSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { createLogging, FemtoFileHandler } from "../../../src/index.ts";

const STDOUT = 1;

function logInThread(path: string, ending: string): void {
  const logger = createLogging({ handlers: [new FemtoFileHandler({ path })] }).getLogger("thread");
  for (let i = 0; i < 1000; i++) logger.info("record {i}", { i });
  if (ending === "exit") process.exit(0);
  if (ending === "throw") throw new Error("thrown in the thread");
}

if (isMainThread) {
  const [, , path = "", ending = ""] = process.argv;
  const thread = new Worker(new URL(import.meta.url), { workerData: { path, ending } });
  thread.on("error", (error) => writeSync(STDOUT, (error as Error).message));
} else {
  const { path, ending } = workerData as { readonly path: string; readonly ending: string };
  logInThread(path, ending);
}
