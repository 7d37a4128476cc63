import { expect, test } from "vitest";

import { ThreadTest } from "./harness.ts";
import type { Overflow } from "./programs/producer.ts";

const COUNT = 100_000;

test.each<{ overflow: Overflow; mayDrop: boolean }>([
  { overflow: "block", mayDrop: false },
  { overflow: "drop-newest", mayDrop: true },
  { overflow: "drop-oldest", mayDrop: true },
])(
  "$overflow, three threads against a small queue: every record is read or counted",
  async ({ overflow, mayDrop }) => {
    const threads = new ThreadTest();
    const handlerSlot = threads.arena.openHandler(65_536);
    const consumer = threads.consumer({ handlerSlot, batchSize: 100, underWay: 3 });
    const producers = [0, 1, 2].map((number) => {
      const options = { handlerSlots: [handlerSlot], spreadBytes: 400, largeEvery: 0 };
      return threads.producer({ ...options, number, count: COUNT, overflow });
    });
    threads.begin();
    await threads.finished(producers);
    threads.end();
    const { read, faults } = await consumer.report;
    expect(faults).toStrictEqual([]);
    const stats = threads.stats(handlerSlot);
    expect(stats).toMatchObject({
      emitted: 3 * COUNT,
      delivered: read,
      queued: 0,
      droppedTotal: 3 * COUNT - read,
    });
    expect(stats.dropped.queue_full).toBe(stats.droppedTotal);
    // A consumer that checks each word is slower than three threads that write: otherwise this test shows nothing.
    expect(stats.droppedTotal > 0).toBe(mayDrop);
    expect(threads.usedSegments(handlerSlot)).toBe(0);
    expect(threads.usedThreadSlots()).toStrictEqual([]);
  },
);
