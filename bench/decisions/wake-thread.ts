/** The thread that reads: waits by one of the policies, and notes how long each record took to be read. */
import { parentPort, workerData } from "node:worker_threads";

import { Arena } from "../../processors/queue/arena.ts";
import {
  ASLEEP,
  AWAKE,
  readGeometry,
  RUN,
  SLEEP_WORD,
  STOP_WORD,
  WAKE_WORD,
} from "../../processors/queue/queue-layout.ts";
import { QueueReader } from "../../processors/queue/reader.ts";
import { Sleep } from "../../processors/worker/sleep.ts";
import { FrameSum } from "./frame-sum.ts";
import { announce, READY, RECEIVED } from "./meeting.ts";
import type { Received } from "./standard-record.ts";
import { sharedMillis, type WakePolicy, type WakeStart } from "./wake-policies.ts";

const POLL_MILLIS = 5;
/** A bound on every sleep; the load of the test wakes earlier. */
const SLEEP_MILLIS = 1000;

const start = workerData as WakeStart;
const arena = new Arena(start.memory);
const { words } = arena;
const control = readGeometry(words, start.handlerSlot).at / 4;
const reader = new QueueReader(arena, { handlerSlot: start.handlerSlot });
const sum = new FrameSum(arena.bytes);
const sleep = new Sleep(words, {
  control,
  hasWork: () => reader.hasMore(),
  dueInMillis: () => Number.POSITIVE_INFINITY,
});

function sleepUnless(millis: number): void {
  const wake = Atomics.load(words, control + WAKE_WORD);
  if (reader.hasMore() || Atomics.load(words, control + STOP_WORD) !== RUN) return;
  Atomics.wait(words, control + WAKE_WORD, wake, millis);
}

const WAITS: Readonly<Record<WakePolicy, () => void>> = {
  lingering: () => sleep.untilWork(),
  "notify-each": () => sleepUnless(SLEEP_MILLIS),
  "when-asleep": () => {
    Atomics.store(words, control + SLEEP_WORD, ASLEEP);
    sleepUnless(SLEEP_MILLIS);
    Atomics.store(words, control + SLEEP_WORD, AWAKE);
  },
  poll: () => sleepUnless(POLL_MILLIS),
};

/** Reads what is there. False when that is nothing. */
function drain(): boolean {
  const first = sum.count;
  for (let at = reader.next(); at >= 0; at = reader.next()) {
    const index = sum.count;
    start.latencies[index] = sharedMillis() - sum.addFrame(at);
  }
  const batch = reader.endBatch();
  if (batch === undefined) return false;
  reader.finish(batch);
  if (sum.count > first) announce(start.meeting, RECEIVED, sum.count);
  return true;
}

announce(start.meeting, READY, 1);
for (;;) {
  const mustStop = Atomics.load(words, control + STOP_WORD) !== RUN;
  if (drain()) continue;
  if (mustStop) break;
  WAITS[start.policy]();
}
parentPort?.postMessage({ count: sum.count, checksum: sum.text() } satisfies Received);
