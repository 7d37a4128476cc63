import { expect, test } from "vitest";

import { takeThreadSlot } from "../../processors/queue/threads.ts";
import { ThreadTest, type Program } from "./harness.ts";
import { READ } from "./meeting.ts";
import type { Overflow, ProducerReport } from "./programs/producer.ts";

const ROUNDS = 6;
const RECORDS_A_ROUND = 12_000;
const OVERFLOWS: readonly Overflow[] = ["block", "drop-newest", "drop-oldest"];

/** A moment that differs from round to round: after so many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

test("producers that are terminated at any moment leave whole records, in order, and nothing behind", async () => {
  const threads = new ThreadTest();
  const handlerSlots = [threads.arena.openHandler(65_536), threads.arena.openHandler(262_144)];
  const consumers = handlerSlots.map((handlerSlot) =>
    threads.consumer({ handlerSlot, batchSize: 200, underWay: 3 }),
  );
  threads.begin();
  let number = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const producers: Program<ProducerReport>[] = OVERFLOWS.map((overflow) => {
      const options = { handlerSlots, spreadBytes: 600, largeEvery: 97 };
      return threads.producer({ ...options, number: number++, count: Number.POSITIVE_INFINITY, overflow });
    });
    await threads.until(READ, (threads.meeting[READ] as number) + RECORDS_A_ROUND);
    await turns(round * 7);
    await Promise.all(producers.map(async ({ worker }) => await worker.terminate()));
    await Promise.all(producers.map(async (producer) => await producer.ended));
  }
  threads.end();
  for (const [i, consumer] of consumers.entries()) {
    const { read, counts, faults } = await consumer.report;
    expect(faults).toStrictEqual([]);
    expect(Object.keys(counts).length).toBeGreaterThan(1);
    const stats = threads.stats(handlerSlots[i] as number);
    expect(stats).toMatchObject({ delivered: read, queued: 0 });
    expect(stats.emitted).toBe(read + stats.droppedTotal);
    expect(threads.usedSegments(handlerSlots[i] as number)).toBe(0);
  }
  expect(threads.usedThreadSlots()).toStrictEqual([]);
});

test("consumers that are terminated at any moment are followed by others that read what was not done, in order", async () => {
  const threads = new ThreadTest();
  const handlerSlot = threads.arena.openHandler(262_144);
  const count = 150_000;
  const fates = new SharedArrayBuffer(2 * 2 ** 20);
  const options = { handlerSlot, batchSize: 100, underWay: 4, fates };
  let consumer = threads.consumer(options);
  const producers = [0, 1].map((number) => {
    const rest = { handlerSlots: [handlerSlot], spreadBytes: 200, largeEvery: 0 };
    return threads.producer({ ...rest, number, count, overflow: "block" });
  });
  threads.begin();
  for (let life = 1; life <= 6; life++) {
    await threads.until(READ, life * 40_000);
    await turns(life * 3);
    await consumer.worker.terminate();
    await consumer.ended;
    consumer = threads.consumer(options);
  }
  await threads.finished(producers);
  threads.end();
  expect((await consumer.report).faults).toStrictEqual([]);
  for (const number of [0, 1]) {
    expect(new Uint8Array(fates, number * 2 ** 20, count).indexOf(0), `unread, of producer ${number}`).toBe(
      -1,
    );
  }
  expect(threads.usedSegments(handlerSlot)).toBe(0);
  // A consumer may have died just before the last step of it: the next thread that takes a slot makes it.
  expect(takeThreadSlot(threads.arena)).toBe(0);
  expect(threads.usedThreadSlots()).toStrictEqual([0]);
});
