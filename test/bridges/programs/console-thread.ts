// A thread of the application prints, and its console is captured; that of the main thread is not.
import { once } from "node:events";
import { isMainThread, Worker } from "node:worker_threads";
import { captureConsole } from "../../../src/bridges/index.ts";
import { basicConfig, FemtoFileHandler } from "../../../src/index.ts";

if (isMainThread) {
  basicConfig({ handlers: [new FemtoFileHandler({ path: process.argv[2] ?? "" })] });
  const worker = new Worker(new URL(import.meta.url));
  await once(worker, "exit");
  console.log("main thread");
} else {
  captureConsole();
  console.warn("from a thread", { order: 7 });
}
