import { parentPort, workerData } from "node:worker_threads";
import { Arena } from "../queue/arena.ts";
import { announceEnd } from "../queue/consumer-state.ts";
import { CONSUMER_RUNNING, CONSUMER_STATE_WORD, readGeometry } from "../queue/queue-layout.ts";
import type { EventPump } from "./event-pump.ts";
import type { NetworkStart, PumpOptions } from "./network-pump.ts";
import { receiveFilters } from "./receive-filters.ts";
import type { WorkerReport, WorkerStart } from "./protocol.ts";

/** Makes the pump of a handler. Undefined when another consumer has taken over already. */
export type CreateNetworkPump = (
  arena: Arena,
  start: NetworkStart,
  options: PumpOptions,
) => Promise<EventPump | undefined>;

function report(message: string): void {
  const trouble: WorkerReport = { kind: "trouble", message };
  parentPort?.postMessage(trouble);
}

/** The thread of a handler that waits for a network. Ends when told to; never keeps the process alive. */
async function run(start: NetworkStart, createPump: CreateNetworkPump): Promise<void> {
  const arena = new Arena(start.memory);
  const { words } = arena;
  const control = readGeometry(words, start.handlerSlot).at / 4;
  const pump = await createPump(arena, start, { report, receiveFilters, keepsAlive: true });
  if (pump === undefined) return;
  Atomics.store(words, control + CONSUMER_STATE_WORD, CONSUMER_RUNNING);
  await pump.run();
  announceEnd(words, control);
}

/** Data of a handler's thread, and not that of a thread of the application which runs the program itself. */
function isStart(data: unknown): data is NetworkStart {
  const handler = (data as { readonly handler?: { readonly kind?: unknown } } | null)?.handler;
  return handler?.kind === "network" && (data as WorkerStart).handlerSlot !== undefined;
}

/** Runs the thread that this is, if it is that of a network handler. */
export function runNetworkThread(createPump: CreateNetworkPump): void {
  if (isStart(workerData)) void run(workerData, createPump);
}
