import { parentPort, workerData } from "node:worker_threads";
import { Arena } from "../queue/arena.ts";
import { announceEnd, announceRetired } from "../queue/consumer-state.ts";
import { queuedCount } from "../queue/counters.ts";
import {
  CONSUMER_BEAT_WORD,
  CONSUMER_RUNNING,
  CONSUMER_STATE_WORD,
  DRAIN_AND_END,
  END_NOW,
  type QueueGeometry,
  readGeometry,
  STOP_WORD,
} from "../queue/queue-layout.ts";
import type { BlockingPump } from "./blocking-pump.ts";
import { createBlockingPump } from "./blocking-registry.ts";
import { receiveFilters } from "./receive-filters.ts";
import type { BlockingDescriptor, WorkerReport, WorkerStart } from "./protocol.ts";
import { Sleep } from "./sleep.ts";

type Start = WorkerStart & { readonly handler: BlockingDescriptor };

function report(message: string): void {
  const trouble: WorkerReport = { kind: "trouble", message };
  parentPort?.postMessage(trouble);
}

/** The thread of a handler that writes synchronously. Ends when told to; never keeps the process alive. */
function run(start: Start): void {
  const arena = new Arena(start.memory);
  const { words } = arena;
  const geometry = readGeometry(words, start.handlerSlot);
  const control = geometry.at / 4;
  const pump = createBlockingPump(arena, start, { report, receiveFilters, isOwnThread: true });
  if (pump === undefined) return;
  Atomics.store(words, control + CONSUMER_STATE_WORD, CONSUMER_RUNNING);
  pumpUntilStopped(pump, { arena, geometry, batch: start.batch });
  pump.close();
  if (pump.isOwner) announceEnd(words, control);
  else announceRetired(words, { control, epoch: pump.epoch });
}

function pumpUntilStopped(
  pump: BlockingPump,
  place: { readonly arena: Arena; readonly geometry: QueueGeometry; readonly batch: WorkerStart["batch"] },
): void {
  const { arena, geometry, batch } = place;
  const { words } = arena;
  const control = geometry.at / 4;
  const sleep = new Sleep(words, {
    control,
    hasWork: () => !pump.isOwner || pump.hasWork(),
    dueInMillis: () => pump.dueInMillis(),
    isBatchDue: () => !pump.isOwner || queuedCount(arena, geometry) >= batch.maxExportBatchSize,
  });
  for (;;) {
    words[control + CONSUMER_BEAT_WORD]!++;
    const hasStepped = pump.step();
    const stop = Atomics.load(words, control + STOP_WORD);
    if (stop === END_NOW || !pump.isOwner || (stop === DRAIN_AND_END && !hasStepped)) return;
    if (!hasStepped) sleep.untilWork(batch.scheduledDelayMillis);
  }
}

run(workerData as Start);
