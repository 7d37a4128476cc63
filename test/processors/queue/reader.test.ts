import { expect, test } from "vitest";

import { LARGE_FLAG } from "../../../processors/queue/large-area.ts";
import {
  THREADS_AT,
  THREAD_LIVE,
  THREAD_SLOT_BYTES,
  THREAD_STATE,
} from "../../../processors/queue/layout.ts";
import {
  CLAIMED,
  FREED_WORD,
  SEGMENT_DONE,
  SEGMENT_PUBLISHED,
  SEGMENT_STAGE,
  SEGMENT_STATE,
} from "../../../processors/queue/queue-layout.ts";
import type { Batch, QueueReader } from "../../../processors/queue/reader.ts";
import { markThreadDead, takeThreadSlot } from "../../../processors/queue/threads.ts";
import { PUBLISHED, type LaneWriter } from "../../../processors/queue/writer.ts";
import { makeSource } from "../../threads/checked-frame.ts";
import { indicesOf, range, SEGMENT_BYTES, SEGMENT_COUNT, TestQueue } from "./queue-fixture.ts";

const KIB = 1024;

function takeBatch(queue: TestQueue, reader: QueueReader, count: number): Batch {
  expect(queue.take(reader, count)).toHaveLength(count);
  return reader.endBatch() as Batch;
}

/** Publishes a frame that only names a slot of the large area. */
function offerLarge(writer: LaneWriter, largeSlot: number): void {
  const source = makeSource(24);
  source.words.set([24, LARGE_FLAG, 0, 0, largeSlot, 0]);
  expect(writer.offer(source, 24)).toBe(PUBLISHED);
}

/** Takes up to `count` of such frames. Returns their slots. */
function takeLarge(queue: TestQueue, reader: QueueReader, count = Number.POSITIVE_INFINITY): number[] {
  const slots: number[] = [];
  while (slots.length < count) {
    const at = reader.next();
    if (at < 0) break;
    slots.push(queue.arena.words[at / 4 + 4] as number);
  }
  return slots;
}

function stateOfThread(queue: TestQueue, slot: number): number {
  return queue.arena.words[(THREADS_AT + slot * THREAD_SLOT_BYTES) / 4 + THREAD_STATE] as number;
}

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
  expect(takeBatch(queue, reader, 2)).toMatchObject({ serial: 1, recordCount: 2 });
  expect(takeBatch(queue, reader, 1)).toMatchObject({ serial: 2, recordCount: 1 });
  expect(reader.endBatch()).toBeUndefined();
});

test("a batch tells its runs: each segment, and the bytes of it that are done afterwards", () => {
  const queue = new TestQueue();
  const [first, second] = [queue.writer(0), queue.writer(1)];
  queue.offerMany(first, 5, { byteCount: KIB });
  queue.offerMany(second, 1, { byteCount: 64, thread: 1 });
  const reader = queue.reader();
  expect(takeBatch(queue, reader, 6).runs).toStrictEqual([
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
  expect([...seen].toSorted()).toStrictEqual([0, 1]);
});

test("finish() gives a segment back when it is sealed and all its records are done", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 5, { byteCount: KIB });
  const freed = queue.arena.words[queue.control + FREED_WORD] as number;
  const batch = takeBatch(queue, reader, 5);
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
    takeBatch(queue, reader, 3),
    takeBatch(queue, reader, 3),
    takeBatch(queue, reader, 3),
  ];
  reader.finish(third);
  expect(queue.usedCount).toBe(3);
  reader.finish(second);
  // Frames 4 to 7, the whole second segment, belonged to the second and the third batch.
  expect(queue.owners().slice(0, 3)).toStrictEqual([1, 0, 1]);
  reader.finish(first);
  expect(queue.owners().slice(0, 3)).toStrictEqual([0, 0, 1]);
});

test("finish() does not touch a segment that has been given back already and is another thread's by now", () => {
  const queue = new TestQueue();
  const writer = queue.writer(0);
  const fenced = queue.reader();
  queue.offer(writer, 64, { thread: 0, index: 0 });
  writer.seal();
  queue.take(fenced);
  const lateBatch = fenced.endBatch() as Batch;
  expect(fenced.next()).toBe(-1);
  const successor = queue.reader();
  queue.take(successor);
  queue.deliver(successor);
  queue.take(successor);
  expect(queue.usedCount).toBe(0);
  const other = queue.writer(1);
  queue.offer(other, 64, { thread: 1, index: 0 });
  fenced.finish(lateBatch);
  expect(queue.owners()[0]).toBe(2);
  expect(queue.arena.words[queue.headWord(0) + SEGMENT_DONE]).toBe(0);
});

test("a reader after this one reads again what was taken and not finished, then goes on", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 12, { byteCount: KIB });
  reader.finish(takeBatch(queue, reader, 2));
  takeBatch(queue, reader, 5);
  const successor = queue.reader();
  expect(successor.replayedCount).toBe(6);
  expect(indicesOf(queue.take(successor))).toStrictEqual(range(10, 2));
});

test("a reader after this one leaves out what was marked done", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  queue.offerMany(queue.writer(), 6, { byteCount: KIB });
  reader.markDone(takeBatch(queue, reader, 5));
  const successor = queue.reader();
  expect(indicesOf(queue.take(successor))).toStrictEqual([5]);
  queue.deliver(successor);
  queue.take(successor);
  expect(queue.usedCount).toBe(1);
});

test("a reader after this one leaves out what was finished, also where an earlier batch was not", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  queue.offerMany(queue.writer(), 12, { byteCount: 512 });
  takeBatch(queue, reader, 3);
  reader.finish(takeBatch(queue, reader, 3));
  takeBatch(queue, reader, 3);
  expect(reader.countLeft()).toBe(9);
  const successor = queue.reader();
  // Of the second segment nobody knows how far it was read.
  expect(successor.replayedCount).toBe(9);
  expect(indicesOf(queue.take(successor))).toStrictEqual([0, 1, 2, 6, 7, 8, 9, 10, 11]);
  const last = successor.endBatch() as Batch;
  expect(last.recordCount).toBe(9);
  queue.finish(successor, last);
  queue.take(successor);
  expect(queue.usedCount).toBe(1);
  expect(successor.countLeft()).toBe(0);
});

test("a reader after this one goes on in a segment that is still being written", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 2, { byteCount: 64 });
  takeBatch(queue, reader, 1);
  const successor = queue.reader();
  queue.offerMany(writer, 2, { byteCount: 64, first: 2 });
  expect(indicesOf(queue.take(successor))).toStrictEqual(range(4));
});

test("a reader after this one finds a segment that was taken longer ago than the queue has segments", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 0 });
  takeBatch(queue, reader, 1);
  for (let index = 1; index <= SEGMENT_COUNT * 2; index++) {
    queue.offer(writer, SEGMENT_BYTES, { thread: 0, index });
    queue.take(reader);
    queue.deliver(reader);
  }
  const successor = queue.reader();
  expect(indicesOf(queue.take(successor))).toStrictEqual([0]);
});

test("a reader after this one leaves a segment alone that a writer has claimed and not yet opened", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  // Segment 0 has been used and given back: its head still says what it was.
  queue.offerMany(writer, 5, { byteCount: KIB });
  queue.take(reader);
  queue.deliver(reader);
  const head = queue.headWord(0);
  expect(queue.arena.words[head + SEGMENT_STATE]).toBe(0);
  queue.arena.words[head + SEGMENT_STATE] = 1;
  const successor = queue.reader();
  queue.take(successor);
  expect(queue.arena.words[head + SEGMENT_STATE]).toBe(1);
});

test("finish() gives slots of the large area back, and their records are not read again", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  offerLarge(writer, 5);
  offerLarge(writer, 6);
  expect(takeLarge(queue, reader, 1)).toStrictEqual([5]);
  reader.endBatch();
  expect(takeLarge(queue, reader, 1)).toStrictEqual([6]);
  reader.finish(reader.endBatch() as Batch);
  expect(queue.largeDone).toStrictEqual([6]);
  // Slot 6 may hold another record by now.
  expect(takeLarge(queue, queue.reader())).toStrictEqual([5]);
});

test("a reader after one that died between markDone() and finish() gives the slots of the large area back", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  offerLarge(writer, 5);
  offerLarge(writer, 6);
  takeLarge(queue, reader, 1);
  reader.markDone(reader.endBatch() as Batch);
  queue.reader();
  expect(queue.largeDone).toStrictEqual([5]);
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
  takeBatch(queue, reader, 6);
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
  reader.finish(takeBatch(queue, reader, 5));
  expect(reader.countLeft()).toBe(4);
});

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
  const batch = takeBatch(queue, reader, 1);
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

test("a reader that starts while a thread drops a segment leaves that segment alone", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offerMany(writer, 12, { byteCount: KIB });
  let seen: number[] | undefined;
  writer.dropOldest(() => (seen ??= indicesOf(queue.take(queue.reader()))));
  expect(seen).toStrictEqual(range(8, 4));
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
  expect(words[head + SEGMENT_STAGE]).toBe(CLAIMED);
});
