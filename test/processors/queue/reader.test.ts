import { expect, test } from "vitest";

import {
  FREED_WORD,
  SEGMENT_DONE,
  SEGMENT_PUBLISHED,
  SEGMENT_READ,
  SEGMENT_STATE,
} from "../../../processors/queue/queue-layout.ts";
import { takeThreadSlot } from "../../../processors/queue/threads.ts";
import { indicesOf, SEGMENT_BYTES, TestQueue } from "./queue-fixture.ts";

const KIB = 1024;

test("next() returns -1 in an empty queue, and what is published afterwards", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  const writer = queue.writer();
  expect(reader.next()).toBe(-1);
  queue.offer(writer, 64, { thread: 0, index: 0 });
  expect(queue.take(reader)).toHaveLength(1);
  expect(reader.next()).toBe(-1);
  queue.offer(writer, 64, { thread: 0, index: 1 });
  expect(indicesOf(queue.take(reader))).toStrictEqual([1]);
});

test("next() says which lane and thread a frame is of", () => {
  const queue = new TestQueue();
  const slot = takeThreadSlot(queue.arena);
  queue.offer(queue.writer(slot), 64, { thread: 0, index: 0 });
  const reader = queue.reader();
  reader.next();
  expect(reader.lane).toBe(slot);
  expect(reader.threadId).toBe(0);
});

test("endBatch() is undefined when nothing was taken, and counts batches from 1", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  expect(reader.endBatch()).toBeUndefined();
  queue.offerMany(queue.writer(), 3, { byteCount: 64 });
  expect(queue.takeBatch(reader, 2)).toMatchObject({ serial: 1, recordCount: 2 });
  expect(queue.takeBatch(reader, 1)).toMatchObject({ serial: 2, recordCount: 1 });
  expect(reader.endBatch()).toBeUndefined();
});

test("a batch tells its runs: each segment, and the bytes of it that are done afterwards", () => {
  const queue = new TestQueue();
  const [first, second] = [queue.writer(0), queue.writer(1)];
  queue.offerMany(first, 5, { byteCount: KIB });
  queue.offerMany(second, 1, { byteCount: 64, thread: 1 });
  const reader = queue.reader();
  expect(queue.takeBatch(reader, 6).runs).toStrictEqual([
    { segmentIndex: 0, doneBytes: 4096 },
    { segmentIndex: 1, doneBytes: 1024 },
    { segmentIndex: 2, doneBytes: 64 },
  ]);
});

test("every lane gets its turn, also while one of them never runs dry", () => {
  const queue = new TestQueue();
  const [busy, quiet] = [queue.writer(0), queue.writer(1)];
  const reader = queue.reader();
  queue.offer(quiet, 64, { thread: 1, index: 0 });
  const seen = new Set<number>();
  for (let round = 0; round < 4; round++) {
    queue.offerMany(busy, 10, { byteCount: 64, first: round * 10 });
    for (const frame of queue.take(reader, 5)) seen.add(frame.thread);
    queue.deliver(reader);
  }
  expect([...seen].toSorted((a, b) => a - b)).toStrictEqual([0, 1]);
});

test("finish() gives a segment back when it is sealed and all its records are done", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 5, { byteCount: KIB });
  const freed = queue.arena.words[queue.control + FREED_WORD] as number;
  const batch = queue.takeBatch(reader, 5);
  expect(queue.usedCount).toBe(2);
  reader.finish(batch);
  expect(queue.usedCount).toBe(1);
  expect(queue.arena.words[queue.control + FREED_WORD]).toBe(freed + 1);
});

test("finish() in any order frees a segment only with the last of its batches", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 9, { byteCount: KIB });
  const [first, second, third] = [
    queue.takeBatch(reader, 3),
    queue.takeBatch(reader, 3),
    queue.takeBatch(reader, 3),
  ];
  reader.finish(third);
  expect(queue.usedCount).toBe(3);
  reader.finish(second);
  // Frames 4 to 7, the whole second segment, belonged to the second and the third batch.
  expect(queue.owners().slice(0, 3)).toStrictEqual([1, 0, 1]);
  reader.finish(first);
  expect(queue.owners().slice(0, 3)).toStrictEqual([0, 0, 1]);
});

test("openedLanes() names the lanes that have had a record, not those of writers that have not", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  expect(reader.openedLanes()).toStrictEqual([]);
  queue.writer(0);
  queue.offer(queue.writer(3), 64, { thread: 3, index: 0 });
  queue.writer(5);
  expect(reader.openedLanes()).toStrictEqual([3]);
  queue.take(reader);
  queue.deliver(reader);
  expect(reader.openedLanes()).toStrictEqual([3]);
});

test("hasMore() tells whether next() finds a frame, and takes none", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  const writer = queue.writer();
  expect(reader.hasMore()).toBe(false);
  queue.offer(writer, 64, { thread: 0, index: 0 });
  expect(reader.hasMore()).toBe(true);
  expect(indicesOf(queue.take(reader))).toStrictEqual([0]);
  queue.deliver(reader);
  expect(reader.hasMore()).toBe(false);
});

test("hasTaken() is true once everything before the mark is taken, or taken back by its writer", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  expect(reader.hasTaken(reader.mark())).toBe(true);
  queue.offerMany(writer, 5, { byteCount: KIB });
  const mark = reader.mark();
  queue.offer(writer, KIB, { thread: 0, index: 5 });
  expect(reader.hasTaken(mark)).toBe(false);
  expect(writer.dropOldest(() => {})).toBe(4);
  expect(reader.hasTaken(mark)).toBe(false);
  expect(indicesOf(queue.take(reader, 1))).toStrictEqual([4]);
  expect(reader.hasTaken(mark)).toBe(true);
});

test("hasTaken() of a reader after this one waits for what is read again", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 6, { byteCount: KIB });
  queue.takeBatch(reader, 6);
  const successor = queue.reader();
  const mark = successor.mark();
  expect(successor.hasTaken(mark)).toBe(false);
  queue.take(successor, 5);
  expect(successor.hasTaken(mark)).toBe(false);
  queue.take(successor, 1);
  expect(successor.hasTaken(mark)).toBe(true);
});

test("unreadBytes() counts whole segments not yet taken, and the rest of the one being read", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 9, { byteCount: KIB });
  queue.take(reader, 1);
  expect(reader.unreadBytes()).toBe(3 * KIB + 2 * SEGMENT_BYTES);
});

test("countLeft() counts the records that are published and not done", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  queue.offerMany(queue.writer(), 9, { byteCount: KIB });
  reader.finish(queue.takeBatch(reader, 5));
  expect(reader.countLeft()).toBe(4);
});

test("a given-back segment says that it belongs to nobody and holds nothing to read again", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 5, { byteCount: KIB });
  queue.take(reader);
  queue.deliver(reader);
  const { words } = queue.arena;
  const head = queue.headWord(0);
  expect(words[head + SEGMENT_STATE]).toBe(0);
  expect(words[head + SEGMENT_PUBLISHED]).toBe(0);
  expect(words[head + SEGMENT_DONE]).toBe(0);
  expect(words[head + SEGMENT_READ]).toBe(0);
});

test("putBack() gives the frame back that came last: it comes first in its lane's next batch", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offerMany(writer, 3, { byteCount: 64 });
  const reader = queue.reader();
  reader.next();
  const second = reader.next();
  reader.putBack(second);
  expect(reader.endBatch()).toMatchObject({ recordCount: 1, runs: [{ segmentIndex: 0, doneBytes: 64 }] });
  expect(reader.hasMore()).toBe(true);
  expect(reader.next()).toBe(second);
  reader.next();
  expect(reader.endBatch()).toMatchObject({ recordCount: 2, runs: [{ segmentIndex: 0, doneBytes: 192 }] });
});

test("putBack() of the only frame of a lane leaves nothing of it in the batch", () => {
  const queue = new TestQueue();
  const [first, second] = [queue.writer(0), queue.writer(1)];
  queue.offerMany(first, 1, { byteCount: 64 });
  queue.offerMany(second, 1, { byteCount: 64, thread: 1 });
  const reader = queue.reader();
  reader.next();
  reader.putBack(reader.next());
  expect(reader.endBatch()).toMatchObject({ recordCount: 1 });
  expect(indicesOf(queue.take(reader))).toHaveLength(1);
});
