// A runtime that is stopped between invocations: one for each message, flushed before it is answered.
import {
  flush,
  FemtoFileHandler,
  FemtoHttpHandler,
  FemtoOtlpHttpHandler,
  getLogger,
} from "../../../src/index.ts";
import type { FrozenPlan, FrozenReport } from "./frozen-plan.ts";

const { otlpUrl, httpUrl, path } = JSON.parse(process.argv[2] ?? "") as FrozenPlan;
let threadCount = 0;
process.on("worker", () => {
  threadCount += 1;
});

const handlers = [
  new FemtoFileHandler({ path, thread: "inline" }),
  new FemtoOtlpHttpHandler({ url: otlpUrl, thread: "inline" }),
  new FemtoHttpHandler({ url: httpUrl, thread: "inline" }),
];
const root = getLogger();
for (const handler of handlers) root.addHandler(handler);

async function invoke(invocation: number): Promise<void> {
  for (let i = 0; i < 10; i++) getLogger("frozen").info("record {i}", { i: invocation * 10 + i });
  await flush();
  // The turn of the event loop in which the answers came ends first: a runtime needs more than one to send its own.
  await new Promise((resolve) => setImmediate(resolve));
  const report: FrozenReport = {
    stats: handlers.map((handler) => handler.stats()),
    threadCount,
    heldBy: process.getActiveResourcesInfo().filter((name) => name === "Timeout" || name === "Immediate"),
  };
  process.send?.(report);
}

process.on("message", (invocation) => void invoke(invocation as number));
