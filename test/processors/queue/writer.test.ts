import { expect, test } from "vitest";

import { readStats } from "../../../processors/queue/counters.ts";
import {
  ASLEEP,
  AWAKE,
  CLOSED_WORD,
  GATHER_WORD,
  LANE_OPENED,
  LANE_TAKEN,
  LINGERING,
  SEGMENT_SEALED,
  SEGMENT_STATE,
  SLEEP_WORD,
  URGENT_WORD,
  WAITERS_WORD,
  WAKE_WORD,
} from "../../../processors/queue/queue-layout.ts";
import { CLOSED, FULL, PUBLISHED, type LaneWriter } from "../../../processors/queue/writer.ts";
import { indicesOf, range, SEGMENT_BYTES, SEGMENT_COUNT, TestQueue } from "./queue-fixture.ts";

const KIB = 1024;

function wakesOf(queue: TestQueue): number {
  return queue.arena.words[queue.control + WAKE_WORD] as number;
}

test("offer() publishes frames that next() returns in order, across segments", () => {
  const queue = new TestQueue();
  const results = queue.offerMany(queue.writer(), 40, { byteCount: KIB });
  expect(results.every((result) => result === PUBLISHED)).toBe(true);
  expect(queue.usedCount).toBe(10);
  expect(indicesOf(queue.take(queue.reader()))).toStrictEqual(range(40));
});

test.each([
  { what: "the smallest frame", byteCount: 24 },
  { what: "the last that the loop copies", byteCount: 512 },
  { what: "the first that is copied natively", byteCount: 520 },
  { what: "one that leaves 8 bytes of the segment", byteCount: SEGMENT_BYTES - 8 },
  { what: "one that fills the segment", byteCount: SEGMENT_BYTES },
])("offer() copies $what, $byteCount bytes, whole", ({ byteCount }) => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offerMany(writer, 3, { byteCount });
  expect(indicesOf(queue.take(queue.reader()))).toStrictEqual(range(3));
});

test("offer() fills a segment to its last byte before it opens another", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offer(writer, SEGMENT_BYTES - 24, { thread: 0, index: 0 });
  queue.offer(writer, 24, { thread: 0, index: 1 });
  expect(queue.usedCount).toBe(1);
  queue.offer(writer, 24, { thread: 0, index: 2 });
  expect(queue.usedCount).toBe(2);
  expect(indicesOf(queue.take(queue.reader()))).toStrictEqual([0, 1, 2]);
});

test("offer() opens another segment for a frame that does not fit the rest of this one", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offer(writer, SEGMENT_BYTES - 24, { thread: 0, index: 0 });
  queue.offer(writer, 32, { thread: 0, index: 1 });
  expect(queue.usedCount).toBe(2);
  expect(indicesOf(queue.take(queue.reader()))).toStrictEqual([0, 1]);
});

test("offer() returns FULL when no segment is free, and publishes nothing", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const results = queue.offerMany(writer, SEGMENT_COUNT + 2, { byteCount: SEGMENT_BYTES });
  expect(results.slice(0, SEGMENT_COUNT).every((result) => result === PUBLISHED)).toBe(true);
  expect(results.slice(SEGMENT_COUNT)).toStrictEqual([FULL, FULL]);
  expect(indicesOf(queue.take(queue.reader()))).toStrictEqual(range(SEGMENT_COUNT));
});

test("offer() goes on in the order of the lane after it was FULL", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, SEGMENT_COUNT, { byteCount: SEGMENT_BYTES });
  expect(queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 99 })).toBe(FULL);
  expect(queue.take(reader)).toHaveLength(SEGMENT_COUNT);
  queue.deliver(reader);
  queue.take(reader);
  expect(queue.offer(writer, 64, { thread: 0, index: SEGMENT_COUNT })).toBe(PUBLISHED);
  expect(indicesOf(queue.take(reader))).toStrictEqual([SEGMENT_COUNT]);
});

test("a queue whose segments are all open comes free again: a writer that finds it FULL gives its own up", () => {
  const queue = new TestQueue();
  const writers = range(SEGMENT_COUNT).map((lane) => queue.writer(lane));
  const reader = queue.reader();
  for (const [lane, writer] of writers.entries())
    queue.offer(writer, SEGMENT_BYTES - 24, { thread: lane, index: 0 });
  expect(queue.offer(writers[0]!, 64, { thread: 0, index: 1 })).toBe(FULL);
  expect(queue.take(reader)).toHaveLength(SEGMENT_COUNT);
  queue.deliver(reader);
  expect(queue.take(reader)).toStrictEqual([]);
  expect(queue.offer(writers[0]!, 64, { thread: 0, index: 1 })).toBe(PUBLISHED);
  expect(queue.take(reader)).toStrictEqual([{ thread: 0, index: 1 }]);
});

test("offer() returns CLOSED for a handler that is shut", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.arena.words[queue.control + CLOSED_WORD] = 1;
  expect(queue.offer(writer, 64, { thread: 0, index: 0 })).toBe(CLOSED);
  expect(queue.usedCount).toBe(0);
});

test("seal() ends the segment: its memory comes back when its frames are done, and the next frame opens another", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offer(writer, 64, { thread: 0, index: 0 });
  writer.seal();
  queue.take(reader);
  queue.deliver(reader);
  queue.take(reader);
  expect(queue.usedCount).toBe(0);
  queue.offer(writer, 64, { thread: 0, index: 1 });
  expect(queue.take(reader)).toStrictEqual([{ thread: 0, index: 1 }]);
});

test("seal() leaves a segment alone that is another thread's by now", () => {
  const queue = new TestQueue();
  const [first, second] = [queue.writer(0), queue.writer(1)];
  const reader = queue.reader();
  queue.offer(first, 64, { thread: 0, index: 0 });
  first.seal();
  queue.take(reader);
  queue.deliver(reader);
  queue.take(reader);
  queue.offer(second, 64, { thread: 1, index: 0 });
  expect(queue.owners()[0]).toBe(2);
  first.seal();
  queue.offer(first, 64, { thread: 0, index: 1 });
  expect(queue.arena.words[queue.headWord(0) + SEGMENT_SEALED]).toBe(0);
});

test("dropOldest() takes the oldest sealed segment, counts its records and keeps the order of the rest", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offerMany(writer, SEGMENT_COUNT * 4, { byteCount: KIB });
  const places: number[] = [];
  expect(writer.dropOldest((at) => places.push(at))).toBe(4);
  expect(places).toStrictEqual(range(4).map((i) => queue.geometry.segmentsAt + i * KIB));
  expect(queue.offer(writer, KIB, { thread: 0, index: 64 })).toBe(PUBLISHED);
  expect(indicesOf(queue.take(queue.reader()))).toStrictEqual(range(61, 4));
  expect(readStats(queue.arena, queue.geometry)).toMatchObject({
    emitted: 65,
    queued: 61,
    droppedTotal: 4,
    dropped: { queue_full: 4 },
  });
});

test("dropOldest() never takes what a reader has begun, nor the segment in use", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  const reader = queue.reader();
  queue.offerMany(writer, 3 * 4, { byteCount: KIB });
  expect(indicesOf(queue.take(reader, 1))).toStrictEqual([0]);
  expect(writer.dropOldest(() => {})).toBe(4);
  expect(writer.dropOldest(() => {})).toBe(0);
  expect(indicesOf(queue.take(reader))).toStrictEqual([1, 2, 3, 8, 9, 10, 11]);
});

test("dropOldest() takes a lane's only segment once that is sealed", () => {
  const queue = new TestQueue();
  const [writer, other] = [queue.writer(0), queue.writer(1)];
  queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 0 });
  queue.offerMany(other, SEGMENT_COUNT - 1, { byteCount: SEGMENT_BYTES, thread: 1 });
  expect(queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 1 })).toBe(FULL);
  expect(writer.dropOldest(() => {})).toBe(1);
  expect(queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 1 })).toBe(PUBLISHED);
});

test("dropOldest() returns 0 in an empty lane", () => {
  const queue = new TestQueue();
  expect(queue.writer().dropOldest(() => {})).toBe(0);
});

test("a lane goes on when its count of segments passes 2^31 and 2^32", () => {
  for (const opened of [2 ** 31 - 3, -3]) {
    const queue = new TestQueue({ queueBytes: 36 * SEGMENT_BYTES });
    const laneWord = queue.geometry.lanesAt / 4;
    queue.arena.words[laneWord + LANE_OPENED] = opened;
    queue.arena.words[laneWord + LANE_TAKEN] = opened;
    const writer = queue.writer();
    const reader = queue.reader();
    queue.offerMany(writer, 10, { byteCount: SEGMENT_BYTES });
    expect(writer.dropOldest(() => {})).toBe(1);
    const mark = reader.mark();
    expect(reader.hasTaken(mark)).toBe(false);
    expect(reader.unreadBytes()).toBe(9 * SEGMENT_BYTES);
    expect(indicesOf(queue.take(reader, 5))).toStrictEqual(range(5, 1));
    expect(reader.unreadBytes()).toBe(4 * SEGMENT_BYTES);
    const successor = queue.reader();
    expect(successor.replayedCount).toBe(5);
    expect(indicesOf(queue.take(successor))).toStrictEqual(range(9, 1));
    expect(successor.hasTaken(mark)).toBe(true);
    queue.deliver(successor);
    queue.take(successor);
    expect(queue.usedCount).toBe(1);
  }
});

test("countQueueFull(), countTooLarge() and countAlreadyShutdown() count one record each", () => {
  const queue = new TestQueue();
  const writer = queue.writer(5);
  writer.countQueueFull();
  writer.countTooLarge();
  writer.countTooLarge();
  writer.countAlreadyShutdown();
  expect(readStats(queue.arena, queue.geometry)).toMatchObject({
    emitted: 4,
    droppedTotal: 4,
    dropped: { queue_full: 1, too_large: 2, already_shutdown: 1 },
  });
});

test("usedSegments() counts the segments of all threads", () => {
  const queue = new TestQueue();
  const writer = queue.writer(0);
  queue.offerMany(writer, 2, { byteCount: SEGMENT_BYTES });
  queue.offer(queue.writer(1), 64, { thread: 1, index: 0 });
  expect(writer.usedSegments()).toBe(3);
});

test.each([
  { state: AWAKE, mustHurry: true, wakes: 0 },
  { state: LINGERING, mustHurry: false, wakes: 0 },
  { state: LINGERING, mustHurry: true, wakes: 1 },
  { state: ASLEEP, mustHurry: false, wakes: 1 },
])("nudge($mustHurry) wakes a consumer in state $state $wakes times", ({ state, mustHurry, wakes }) => {
  const queue = new TestQueue();
  queue.arena.words[queue.control + SLEEP_WORD] = state;
  queue.writer().nudge(mustHurry);
  expect(wakesOf(queue)).toBe(wakes);
  expect(queue.arena.words[queue.control + URGENT_WORD]).toBe(mustHurry ? 1 : 0);
});

test("nudge() wakes a consumer once, until it says again that it sleeps", () => {
  const queue = new TestQueue();
  const writers = [queue.writer(0), queue.writer(1)];
  queue.arena.words[queue.control + SLEEP_WORD] = ASLEEP;
  for (const mustHurry of [false, true, true]) for (const writer of writers) writer.nudge(mustHurry);
  expect(wakesOf(queue)).toBe(1);
  queue.arena.words[queue.control + SLEEP_WORD] = ASLEEP;
  for (const writer of writers) writer.nudge(false);
  expect(wakesOf(queue)).toBe(2);
});

test("offer() wakes a consumer that lingers when a segment is full, so that the queue does not fill while it polls", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 0 });
  queue.arena.words[queue.control + SLEEP_WORD] = LINGERING;
  queue.offer(writer, SEGMENT_BYTES, { thread: 0, index: 1 });
  expect(wakesOf(queue)).toBe(1);
});

test("offer() wakes a consumer that gathers a batch with the segment that it has asked for, whoever opens it", () => {
  const queue = new TestQueue();
  const writers = [queue.writer(0), queue.writer(1)] as const;
  for (const [thread, writer] of writers.entries()) queue.offer(writer, SEGMENT_BYTES, { thread, index: 0 });
  queue.arena.words[queue.control + GATHER_WORD] = 3;
  queue.arena.words[queue.control + SLEEP_WORD] = LINGERING;
  const wakes = [0, 1, 0, 1].map((thread, index) => {
    queue.offer(writers[thread] as LaneWriter, SEGMENT_BYTES, { thread, index });
    return wakesOf(queue);
  });
  expect(wakes).toEqual([0, 0, 1, 1]);
});

test("waitForRoom() returns at once when a segment is free", () => {
  const queue = new TestQueue();
  expect(queue.writer().waitForRoom(60_000)).toBe(true);
});

test("waitForRoom() returns false when the time is over, and leaves no waiter behind", () => {
  const queue = new TestQueue();
  const writer = queue.writer();
  queue.offerMany(writer, SEGMENT_COUNT, { byteCount: SEGMENT_BYTES });
  expect(writer.waitForRoom(1)).toBe(false);
  expect(queue.arena.words[queue.control + WAITERS_WORD]).toBe(0);
});

test("a claimed segment carries the lane of its writer", () => {
  const queue = new TestQueue();
  queue.offer(queue.writer(41), 64, { thread: 41, index: 0 });
  expect(queue.arena.words[queue.headWord(0) + SEGMENT_STATE]).toBe(42);
});
