import { Worker, type ResourceLimits, type Transferable } from "node:worker_threads";
import type { WorkerStart } from "./protocol.ts";

/** A thread that formats makes next to no garbage: V8 need not set room aside for some. It saves 1 to 3 MB. */
const BLOCKING_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 2 };

/**
 * grpc-js copies each message into a buffer outside of V8's heap. Only a collection of the young generation gives those back cheaply,
 * and it comes when that is full of other garbage, of which there is little: until then V8 collects the whole heap, for
 * the size of the buffers. With little room it comes soon enough (docs/design.md, section 12).
 */
const GRPC_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 4 };

function limitsOf({ handler }: WorkerStart): ResourceLimits | undefined {
  if (handler.kind === "blocking") return BLOCKING_LIMITS;
  return handler.exporter.kind === "otlp-grpc" ? GRPC_LIMITS : undefined;
}

/** Starts a handler's thread. @throws {Error} As `spawnProgram`. */
export function spawnWorker(source: string, start: WorkerStart): Worker {
  const resourceLimits = limitsOf(start);
  return spawnProgram(source, {
    name: start.name,
    workerData: start,
    transferList: [],
    ...(resourceLimits === undefined ? {} : { resourceLimits }),
  });
}

/**
 * Starts a thread. The only place that does.
 *
 * The thread's program is text inside this package, so that an application bundled into one file has it too. It gets
 * none of the application's command-line options and preloaded modules: instrumentations have no business there.
 *
 * @throws {Error} Threads are not allowed (`--permission` without `--allow-worker`), or memory is short.
 */
export function spawnProgram(
  source: string,
  start: {
    readonly name: string;
    readonly workerData: unknown;
    readonly transferList: readonly Transferable[];
    readonly resourceLimits?: ResourceLimits;
  },
): Worker {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const worker = new Worker(source, {
    eval: true,
    name: `femtologging ${start.name}`,
    workerData: start.workerData,
    transferList: [...start.transferList],
    execArgv: [],
    env,
    stdin: false,
    ...(start.resourceLimits === undefined ? {} : { resourceLimits: start.resourceLimits }),
  });
  worker.unref();
  return worker;
}
