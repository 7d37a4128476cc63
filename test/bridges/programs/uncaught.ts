// Ends as its arguments say, with or without captureUncaught().
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { captureUncaught } from "../../../src/bridges/index.ts";
import { basicConfig, FemtoFileHandler } from "../../../src/index.ts";

const [path = "", mode = "", ending = ""] = process.argv.slice(2);
if (isMainThread) basicConfig({ handlers: [new FemtoFileHandler({ path })] });
if (mode === "capture") captureUncaught();

const ENDINGS: Readonly<Record<string, () => void>> = {
  throw: () => {
    setImmediate(() => {
      throw new TypeError("no stock");
    });
  },
  "throw-handled": () => {
    process.on("uncaughtException", (error) => console.log("handled", error.message));
    ENDINGS["throw"]?.();
  },
  "throw-text": () => {
    setImmediate(() => {
      // oxlint-disable-next-line typescript/only-throw-error -- What is thrown here is no error: that is tested.
      throw "only a text";
    });
  },
  reject: () => {
    setImmediate(() => void Promise.reject(new TypeError("no stock")));
  },
  "reject-handled": () => {
    process.on("uncaughtException", () => {});
    process.on("unhandledRejection", (reason) => console.log("handled", (reason as Error).message));
    ENDINGS["reject"]?.();
  },
  "reject-exits": () => {
    process.on("unhandledRejection", () => process.exit(3));
    ENDINGS["reject"]?.();
  },
  thread: () => {
    if (isMainThread) {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: "thread",
        argv: [path, mode, ending],
      });
      worker.on("error", (error) => console.log("thread", (error as Error).message));
      worker.on("exit", (code) => console.log("thread ended", code));
    } else if (workerData === "thread") ENDINGS["throw"]?.();
  },
};

ENDINGS[ending]?.();
