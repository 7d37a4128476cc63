import { expect, test } from "vitest";

import { LARGE_FLAG } from "../../../processors/queue/large-area.ts";
import { SEGMENT_DONE, SEGMENT_STATE } from "../../../processors/queue/queue-layout.ts";
import type { Batch, QueueReader } from "../../../processors/queue/reader.ts";
import { PUBLISHED, type LaneWriter } from "../../../processors/queue/writer.ts";
import { makeSource } from "../../threads/checked-frame.ts";
import { indicesOf, range, SEGMENT_BYTES, SEGMENT_COUNT, TestQueue } from "./queue-fixture.ts";

const KIB = 1024;

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
  reader.finish(queue.takeBatch(reader, 2));
  queue.takeBatch(reader, 5);
  const successor = queue.reader();
  expect(successor.replayedCount).toBe(6);
  expect(indicesOf(queue.take(successor))).toStrictEqual(range(10, 2));
});

test("a reader after this one leaves out what was marked done", () => {
  const queue = new TestQueue();
  const reader = queue.reader();
  queue.offerMany(queue.writer(), 6, { byteCount: KIB });
  reader.markDone(queue.takeBatch(reader, 5));
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
  queue.takeBatch(reader, 3);
  reader.finish(queue.takeBatch(reader, 3));
  queue.takeBatch(reader, 3);
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
  queue.takeBatch(reader, 1);
  const successor = queue.reader();
  queue.offerMany(writer, 2, { byteCount: 64, first: 2 });
  expect(indicesOf(queue.take(successor))).toStrictEqual(range(4));
});

test("a reader after this one finds a segment that was taken longer ago than the queue has segments", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 0 });
  queue.takeBatch(reader, 1);
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

test("a reader that starts while a thread drops a segment leaves that segment alone", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offerMany(writer, 12, { byteCount: KIB });
  let seen: number[] | undefined;
  writer.dropOldest(() => (seen ??= indicesOf(queue.take(queue.reader()))));
  expect(seen).toStrictEqual(range(8, 4));
});
