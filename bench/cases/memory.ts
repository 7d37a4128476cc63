/**
 * How much memory does a handler need that has delivered so many records, over a program that logs to nobody and has an idle worker?
 * Resident set, which moves in steps of the allocator's liking and grows with the young generation of both threads. Does not show a full
 * queue: its pages are touched as far as records have been in them.
 */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { createLogging, FemtoFileHandler, FemtoOtlpGrpcHandler, FemtoOtlpHttpHandler } from "femtologging";

import { runCase } from "../case-program.ts";
import { femtologgingCall } from "../peers/femtologging.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { compileBurst, sitesOf } from "../sites.ts";

/** Arguments of the case. */
export interface MemoryArguments {
  readonly subject: "empty-worker" | "file" | "otlp" | "otlp-grpc";
  readonly count: number;
}

/** Fits every queue. */
const BURST_SIZE = 5000;
const EMPTY_WORKER =
  'setInterval(() => {}, 1e6); require("node:worker_threads").parentPort.postMessage("up");';

async function startEmptyWorker(): Promise<Worker> {
  const worker = new Worker(EMPTY_WORKER, { eval: true, execArgv: [], stdin: false });
  await once(worker, "message");
  return worker;
}

await runCase<MemoryArguments>(async ({ subject, count }, { directory }) => {
  const receiver = await ReceiverProcess.start();
  const worker = subject === "empty-worker" ? await startEmptyWorker() : undefined;
  const handler = {
    "empty-worker": () => undefined,
    file: () => new FemtoFileHandler({ path: join(directory, "out.log") }),
    otlp: () => new FemtoOtlpHttpHandler({ url: receiver.url }),
    "otlp-grpc": () => new FemtoOtlpGrpcHandler({ url: receiver.grpcUrl }),
  }[subject]();
  const logging = createLogging({ handlers: handler === undefined ? [] : [handler] });
  const burst = compileBurst(logging.getLogger("bench.memory"), sitesOf(false), femtologgingCall);
  for (let begin = 0; begin < count; begin += BURST_SIZE) {
    burst(begin, Math.min(count, begin + BURST_SIZE));
    await logging.flush();
  }
  const rssBytes = process.memoryUsage.rss();
  const delivered = handler?.stats().delivered ?? count;
  if (delivered !== count) throw new Error(`${count} records were logged, ${delivered} delivered`);
  await logging.shutdown();
  await worker?.terminate();
  await receiver.stop();
  return {
    measures: { rssMegabytes: rssBytes / 2 ** 20 },
    recordCount: handler === undefined ? 0 : count,
    checksum: count.toString(16),
    settings: subject === "empty-worker" ? "no handler, an idle worker" : "the handler with its defaults",
  };
});
