import { expect, onTestFinished, test } from "vitest";

import { handlerWord } from "../../processors/queue/arena.ts";
import { openProcessArena } from "../../processors/queue/process-arena.ts";
import { DefinitionReader } from "../../processors/queue/definitions.ts";
import {
  BLOCK_OWNERS_AT,
  DEFINITION_BLOCK_COUNT,
  HANDLER_STATE,
  HANDLER_USED,
  LOGGER_COUNT_WORD,
} from "../../processors/queue/layout.ts";
import { LoggerTable } from "../../processors/queue/logger-table.ts";
import { readGeometry, WAITERS_WORD } from "../../processors/queue/queue-layout.ts";
import { QueueReader, type Batch } from "../../processors/queue/reader.ts";
import { PUBLISHED } from "../../processors/queue/writer.ts";
import { Program, ThreadTest } from "./harness.ts";
import { ROUND } from "./meeting.ts";
import type { ChangerData } from "./programs/changer.ts";
import type { WaiterData, WaiterReport } from "./programs/waiter.ts";

const INFO = 9;
const ERROR = 17;

function changer(threads: ThreadTest, what: ChangerData["what"], count = 1): Program<string> {
  return new Program("changer", { ...threads.data, what, count } as ChangerData);
}

test("waitForRoom() returns when another thread gives a segment back, long before its time is over", async () => {
  const threads = new ThreadTest();
  const handlerSlot = threads.arena.openHandler(65_536);
  const control = readGeometry(threads.arena.words, handlerSlot).at / 4;
  const data: WaiterData = { ...threads.data, handlerSlot, lane: 0, waitMillis: 600_000 };
  const waiter = new Program<WaiterReport>("waiter", data);
  while (Atomics.load(threads.arena.words, control + WAITERS_WORD) === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const reader = new QueueReader(threads.arena, { handlerSlot });
  reader.next();
  const batch = reader.endBatch() as Batch;
  reader.next();
  reader.finish(batch);
  expect(await waiter.report).toStrictEqual({ hasWaited: true, result: PUBLISHED });
});

test("withLock() lets one thread at a time in: three threads count to the exact sum", async () => {
  const threads = new ThreadTest();
  const changers = [0, 1, 2].map(() => changer(threads, "lock", 3000));
  threads.begin();
  await Promise.all(changers.map(async ({ report }) => await report));
  expect(threads.meeting[ROUND]).toBe(9000);
});

test("takeThreadSlot() and markThreadDead() of several threads leave no slot and no block taken", async () => {
  const threads = new ThreadTest();
  const changers = [0, 1, 2].map(() => changer(threads, "slots", 3000));
  threads.begin();
  await Promise.all(changers.map(async ({ report }) => await report));
  expect(threads.usedThreadSlots()).toStrictEqual([]);
  const owners = threads.arena.words.subarray(
    BLOCK_OWNERS_AT / 4,
    BLOCK_OWNERS_AT / 4 + DEFINITION_BLOCK_COUNT,
  );
  expect(owners.every((owner) => owner === 0)).toBe(true);
});

test("a thread sees loggers and levels of another at once, and no logger that lets more through than its parent", async () => {
  const threads = new ThreadTest();
  const { words } = threads.arena;
  const table = LoggerTable.shared(threads.arena, INFO);
  const added = changer(threads, "loggers", 2000);
  threads.begin();
  let lowest = INFO;
  for (let seen = 0; seen < 2000;) {
    const count = words[LOGGER_COUNT_WORD] as number;
    lowest = Math.min(lowest, words[table.cell(count - 1)] as number);
    if (count === seen) await new Promise((resolve) => setImmediate(resolve));
    seen = count;
  }
  expect(lowest).toBe(INFO);
  await added.report;
  expect(words[table.cell(table.find("logger0"))]).toBe(ERROR);
  expect(table.find("logger1999")).toBe(2000);
});

test("next() of a definition reader sees every entry of another thread while that thread writes", async () => {
  const threads = new ThreadTest();
  const count = 5000;
  const definer = changer(threads, "definitions", count);
  threads.begin();
  await threads.until(ROUND, 1);
  const reader = new DefinitionReader(threads.arena, (threads.meeting[ROUND] as number) - 1);
  for (let index = 0; index < count;) {
    const at = reader.next();
    if (at < 0) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    const byteCount = threads.arena.words[at / 4 - 1] as number;
    expect(byteCount).toBe(4 + (index % 50) * 4);
    expect(threads.arena.bytes[at + byteCount - 1]).toBe(index & 0xff);
    index++;
  }
  await definer.report;
  expect(reader.next()).toBe(-1);
});

test("openProcessArena() of a thread that is started later is the same memory", async () => {
  const arena = openProcessArena();
  const threads = new ThreadTest();
  threads.meeting[ROUND] = -1;
  const opener = changer(threads, "process arena");
  threads.begin();
  await opener.report;
  const slot = Atomics.load(threads.meeting, ROUND);
  onTestFinished(() => arena.closeHandler(slot));
  expect(arena.words[handlerWord(slot) + HANDLER_STATE]).toBe(HANDLER_USED);
});
