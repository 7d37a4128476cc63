import { expect, test } from "vitest";

import { createArena, handlerWord } from "../../../processors/queue/arena.ts";
import { openProcessArena } from "../../../processors/queue/process-arena.ts";
import {
  CONFIG_LOCK_WORD,
  GENERATION_WORD,
  HANDLER_COUNT,
  HANDLER_FREE,
  HANDLER_SERIAL,
  HANDLER_STATE,
  HANDLER_USED,
  QUEUES_AT,
} from "../../../processors/queue/layout.ts";
import { readGeometry } from "../../../processors/queue/queue-layout.ts";
import { PUBLISHED } from "../../../processors/queue/writer.ts";
import { QUEUE_BYTES, TestQueue } from "./queue-fixture.ts";

/** A queue of 64 KiB takes 141,440 bytes: lanes and heads stand before its segments. */
const ROOM_OF_TWO = QUEUES_AT + 2 * 144_000;

test("openHandler() takes a slot whose queue has the sizes asked for", () => {
  const arena = createArena();
  const slot = arena.openHandler(4_194_304);
  expect(readGeometry(arena.words, slot)).toMatchObject({ segmentBytes: 65_536, segmentCount: 64 });
  expect(arena.words[handlerWord(slot) + HANDLER_STATE]).toBe(HANDLER_USED);
});

test("openHandler() returns -1 when the memory is used up, and leaves the others as they are", () => {
  const arena = createArena(ROOM_OF_TWO);
  const slots = [
    arena.openHandler(QUEUE_BYTES),
    arena.openHandler(QUEUE_BYTES),
    arena.openHandler(QUEUE_BYTES),
  ];
  expect(slots).toStrictEqual([0, 1, -1]);
});

test("openHandler() returns -1 when all slots are in use", () => {
  const arena = createArena();
  for (let slot = 0; slot < HANDLER_COUNT; slot++) expect(arena.openHandler(QUEUE_BYTES)).toBe(slot);
  expect(arena.openHandler(QUEUE_BYTES)).toBe(-1);
});

test("closeHandler() gives slot and memory to the next handler that fits in, with another serial number", () => {
  const arena = createArena(ROOM_OF_TWO);
  const slot = arena.openHandler(QUEUE_BYTES);
  const at = readGeometry(arena.words, slot).at;
  const serial = arena.words[handlerWord(slot) + HANDLER_SERIAL];
  arena.closeHandler(slot);
  expect(arena.words[handlerWord(slot) + HANDLER_STATE]).toBe(HANDLER_FREE);
  expect(arena.openHandler(QUEUE_BYTES)).toBe(slot);
  expect(readGeometry(arena.words, slot).at).toBe(at);
  expect(arena.words[handlerWord(slot) + HANDLER_SERIAL]).not.toBe(serial);
});

test("openHandler() leaves nothing of the handler that had the memory before", () => {
  const first = new TestQueue({ queueBytes: QUEUE_BYTES + 40_960 });
  const writer = first.writer(3);
  expect(first.offer(writer, 4096, { thread: 3, index: 0 })).toBe(PUBLISHED);
  first.offer(writer, 4096, { thread: 3, index: 1 });
  first.arena.closeHandler(first.handlerSlot);
  // Its parts lie elsewhere: what was a segment may be a head now.
  const second = new TestQueue({ arena: first.arena });
  expect(second.handlerSlot).toBe(first.handlerSlot);
  expect(second.usedCount).toBe(0);
  expect(second.take(second.reader())).toStrictEqual([]);
  expect(second.offer(second.writer(3), 64, { thread: 3, index: 7 })).toBe(PUBLISHED);
  expect(second.take(second.reader())).toStrictEqual([{ thread: 3, index: 7 }]);
});

test("withLock() lets its holder in again, and frees the lock when the change throws", () => {
  const arena = createArena();
  const change = (): number => arena.withLock(() => arena.words[CONFIG_LOCK_WORD] as number);
  expect(arena.withLock(change)).toBeGreaterThan(0);
  expect(arena.words[CONFIG_LOCK_WORD]).toBe(0);
  expect(() =>
    arena.withLock(() => {
      throw new RangeError("no");
    }),
  ).toThrow("no");
  expect(arena.words[CONFIG_LOCK_WORD]).toBe(0);
});

test("withLock() steals the lock of a thread that died with it", () => {
  const arena = createArena();
  const nobody = 0x7fff_0000;
  arena.words[CONFIG_LOCK_WORD] = nobody;
  expect(arena.withLock(() => arena.words[CONFIG_LOCK_WORD])).not.toBe(nobody);
  expect(arena.words[CONFIG_LOCK_WORD]).toBe(0);
});

test("withLock() does not free a lock that was stolen from it", () => {
  const arena = createArena();
  const thief = 0x7fff_0000;
  arena.withLock(() => {
    arena.words[CONFIG_LOCK_WORD] = thief;
  });
  expect(arena.words[CONFIG_LOCK_WORD]).toBe(thief);
});

test("bumpGeneration() counts on", () => {
  const arena = createArena();
  const before = arena.words[GENERATION_WORD] as number;
  arena.bumpGeneration();
  expect(arena.words[GENERATION_WORD]).toBe(before + 1);
});

test("openProcessArena() gives the same arena to all callers of a thread", () => {
  expect(openProcessArena()).toBe(openProcessArena());
});
