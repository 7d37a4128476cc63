import { parentPort, workerData } from "node:worker_threads";

import { Arena } from "../../../processors/queue/arena.ts";
import { openProcessArena } from "../../../processors/queue/process-arena.ts";
import { DefinitionWriter } from "../../../processors/queue/definitions.ts";
import { LoggerTable } from "../../../processors/queue/logger-table.ts";
import { markThreadDead, takeThreadSlot } from "../../../processors/queue/threads.ts";
import { announce, awaitStart, countUp, ROUND, type ProgramData } from "../meeting.ts";

/** A thread that changes something that all threads share, `count` times. */
export interface ChangerData extends ProgramData {
  readonly what: "lock" | "loggers" | "definitions" | "slots" | "process arena";
  readonly count: number;
}

const data = workerData as ChangerData;
const arena = new Arena(data.memory);
const meeting = new Int32Array(data.meeting);

/** Counts by reading and storing: two threads at the same time would lose a count. */
function countUnderLock(): void {
  for (let i = 0; i < data.count; i++) {
    arena.withLock(() => {
      const before = meeting[ROUND] as number;
      for (let spin = 0; spin < 50; spin++) Math.imul(spin, before);
      meeting[ROUND] = before + 1;
    });
  }
}

function addLoggers(): void {
  const table = LoggerTable.shared(arena, 9);
  for (let i = 0; i < data.count; i++) table.find(`logger${i}`);
  table.setOwnLevel(table.find("logger0"), 17);
}

/** Takes a slot, says its number, and goes. */
function define(): void {
  const slot = takeThreadSlot(arena);
  const writer = new DefinitionWriter(arena, slot);
  announce(meeting, ROUND, slot + 1);
  for (let i = 0; i < data.count; i++) writer.append(Buffer.alloc(4 + (i % 50) * 4, i & 0xff));
}

/** Takes slots and gives them back: never one that another thread has. */
function takeSlots(): void {
  for (let i = 0; i < data.count; i++) {
    const slot = takeThreadSlot(arena);
    const writer = new DefinitionWriter(arena, slot);
    writer.append(Buffer.alloc(8));
    countUp(meeting, ROUND, 1);
    markThreadDead(arena, slot);
  }
}

awaitStart(meeting);
switch (data.what) {
  case "lock":
    countUnderLock();
    break;
  case "loggers":
    addLoggers();
    break;
  case "definitions":
    define();
    break;
  case "slots":
    takeSlots();
    break;
  case "process arena":
    meeting[ROUND] = openProcessArena().openHandler(65_536);
}
parentPort?.postMessage("done");
