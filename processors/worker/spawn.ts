import { Worker, type Transferable } from "node:worker_threads";
import type { WorkerStart } from "./protocol.ts";

/** Starts a handler's thread. @throws {Error} As `spawnProgram`. */
export function spawnWorker(source: string, start: WorkerStart): Worker {
  return spawnProgram(source, { name: start.name, workerData: start, transferList: [] });
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
  });
  worker.unref();
  return worker;
}
