import { expect, test } from "vitest";

import {
  THREADS_AT,
  THREAD_LIVE,
  THREAD_SLOT_BYTES,
  THREAD_STATE,
} from "../../../processors/queue/layout.ts";
import { SEGMENT_STATE } from "../../../processors/queue/queue-layout.ts";
import { markThreadDead, takeThreadSlot } from "../../../processors/queue/threads.ts";
import { indicesOf, range, SEGMENT_COUNT, TestQueue } from "./queue-fixture.ts";

const KIB = 1024;

function stateOfThread(queue: TestQueue, slot: number): number {
  return queue.arena.words[(THREADS_AT + slot * THREAD_SLOT_BYTES) / 4 + THREAD_STATE] as number;
}

test("the open segment of a dead thread is read to its end, then slot and segments come back", () => {
  const queue = new TestQueue();
  const slot = takeThreadSlot(queue.arena);
  queue.offerMany(queue.writer(slot), 6, { byteCount: KIB });
  const reader = queue.reader();
  markThreadDead(queue.arena, slot);
  expect(indicesOf(queue.take(reader))).toStrictEqual(range(6));
  expect(queue.endedLanes).toStrictEqual([]);
  queue.deliver(reader);
  expect(reader.next()).toBe(-1);
  expect(queue.endedLanes).toStrictEqual([slot]);
  expect(queue.usedCount).toBe(0);
  expect(stateOfThread(queue, slot)).toBe(0);
  reader.next();
  expect(queue.endedLanes).toStrictEqual([slot]);
});

test("a dead thread's slot stays taken while one of its batches is under way, marked done or not", () => {
  const queue = new TestQueue();
  const slot = takeThreadSlot(queue.arena);
  queue.offer(queue.writer(slot), 64, { thread: 0, index: 0 });
  const reader = queue.reader();
  markThreadDead(queue.arena, slot);
  const batch = queue.takeBatch(reader, 1);
  expect(reader.next()).toBe(-1);
  reader.markDone(batch);
  expect(reader.next()).toBe(-1);
  expect(queue.usedCount).toBe(1);
  expect(queue.endedLanes).toStrictEqual([]);
  reader.finish(batch);
  expect(reader.next()).toBe(-1);
  expect(queue.usedCount).toBe(0);
  expect(queue.endedLanes).toStrictEqual([slot]);
});

test("a segment that a dead thread had claimed and not opened comes back", () => {
  const queue = new TestQueue();
  const slot = takeThreadSlot(queue.arena);
  queue.offer(queue.writer(slot), 64, { thread: 0, index: 0 });
  const reader = queue.reader();
  queue.arena.words[queue.headWord(7) + SEGMENT_STATE] = slot + 1;
  markThreadDead(queue.arena, slot);
  queue.take(reader);
  queue.deliver(reader);
  queue.take(reader);
  expect(queue.usedCount).toBe(0);
});

test("the records of a segment that a thread was dropping when it died are counted, and it comes back", () => {
  const queue = new TestQueue();
  const slot = takeThreadSlot(queue.arena);
  const writer = queue.writer(slot);
  queue.offerMany(writer, 12, { byteCount: KIB });
  const reader = queue.reader();
  let seen = 0;
  const die = (): void => {
    if (++seen === 2) throw new Error("terminated");
  };
  expect(() => writer.dropOldest(die)).toThrow("terminated");
  markThreadDead(queue.arena, slot);
  expect(indicesOf(queue.take(reader))).toStrictEqual(range(8, 4));
  queue.deliver(reader);
  expect(reader.next()).toBe(-1);
  expect(queue.usedCount).toBe(0);
  expect(queue.endedLanes).toStrictEqual([slot]);
  expect(queue.stats()).toMatchObject({ emitted: 12, delivered: 8, queued: 0, dropped: { queue_full: 4 } });
});

test("the slot of a thread comes back that died without a record for a handler that its predecessor had used", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  for (let life = 0; life < 3; life++) {
    const slot = takeThreadSlot(queue.arena);
    expect(slot).toBe(0);
    const writer = queue.writer(slot);
    if (life === 0) queue.offer(writer, 64, { thread: 0, index: 0 });
    markThreadDead(queue.arena, slot);
    queue.take(reader);
    queue.deliver(reader);
    queue.take(reader);
  }
});

test("the records of a slot's next thread follow those of the one before", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  for (let life = 0; life < SEGMENT_COUNT * 2; life++) {
    const slot = takeThreadSlot(queue.arena);
    expect(stateOfThread(queue, slot)).toBe(THREAD_LIVE);
    queue.offerMany(queue.writer(slot), 5, { byteCount: KIB, thread: life });
    markThreadDead(queue.arena, slot);
    expect(queue.take(reader)).toStrictEqual(range(5).map((index) => ({ thread: life, index })));
    queue.deliver(reader);
    queue.take(reader);
  }
  expect(queue.usedCount).toBe(0);
});
