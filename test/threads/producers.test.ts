import { expect, test } from "vitest";

import { ThreadTest } from "./harness.ts";

const SPREAD_BYTES = 200;

test.each([
  { producerCount: 1, count: 300_000, queueBytes: 65_536, underWay: 1 },
  { producerCount: 1, count: 300_000, queueBytes: 4_194_304, underWay: 4 },
  { producerCount: 4, count: 100_000, queueBytes: 262_144, underWay: 4 },
])(
  "$producerCount producing threads of $count records each: all are read, whole and in order ($queueBytes bytes, $underWay batches under way)",
  async ({ producerCount, count, queueBytes, underWay }) => {
    const threads = new ThreadTest();
    const handlerSlot = threads.arena.openHandler(queueBytes);
    const consumer = threads.consumer({ handlerSlot, batchSize: 500, underWay });
    const producers = Array.from({ length: producerCount }, (_, number) => {
      const options = { handlerSlots: [handlerSlot], spreadBytes: SPREAD_BYTES, largeEvery: 0 };
      return threads.producer({ ...options, number, count, overflow: "block" });
    });
    threads.begin();
    await threads.finished(producers);
    threads.end();
    const { read, counts, faults } = await consumer.report;
    expect(faults).toStrictEqual([]);
    expect(read).toBe(producerCount * count);
    expect(Object.values(counts)).toStrictEqual(producers.map(() => count));
    expect(threads.stats(handlerSlot)).toMatchObject({
      emitted: read,
      delivered: read,
      queued: 0,
      droppedTotal: 0,
    });
    expect(threads.usedSegments(handlerSlot)).toBe(0);
    expect(threads.usedThreadSlots()).toStrictEqual([]);
  },
);

test("records of the large area reach two handlers whole, among the others in their order", async () => {
  const threads = new ThreadTest();
  const handlerSlots = [threads.arena.openHandler(65_536), threads.arena.openHandler(262_144)];
  const consumers = handlerSlots.map((handlerSlot) =>
    threads.consumer({ handlerSlot, batchSize: 50, underWay: 3 }),
  );
  const count = 40_000;
  const producers = [0, 1].map((number) => {
    return threads.producer({
      handlerSlots,
      number,
      count,
      spreadBytes: 600,
      overflow: "block",
      largeEvery: 3,
    });
  });
  threads.begin();
  await threads.finished(producers);
  threads.end();
  for (const consumer of consumers) {
    const { counts, faults } = await consumer.report;
    expect(faults).toStrictEqual([]);
    expect(counts).toStrictEqual({ 0: count, 1: count });
  }
  expect(threads.usedThreadSlots()).toStrictEqual([]);
});
