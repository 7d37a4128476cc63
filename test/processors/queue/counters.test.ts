import { expect, test } from "vitest";

import { consumerCounters, queuedCount } from "../../../processors/queue/counters.ts";
import { THREAD_COUNT } from "../../../processors/queue/layout.ts";
import {
  BATCHES_COUNTER,
  BYTES_COUNTER,
  DELIVERED_COUNTER,
  EXIT_DEADLINE_COUNTER,
  FAILED_COUNTER,
  FILTERED_COUNTER,
  RECOVERED_COUNTER,
  REJECTED_COUNTER,
  RENDER_FAILED_COUNTER,
  REPLAYED_COUNTER,
  SPOOL_FULL_COUNTER,
  SPOOLED_COUNTER,
  SUMMARIES_COUNTER,
} from "../../../processors/queue/queue-layout.ts";
import { TestQueue } from "./queue-fixture.ts";

test("readStats() of a new handler is all zeros", () => {
  const { emitted, delivered, filtered, queued, droppedTotal } = new TestQueue().stats();
  expect([emitted, delivered, filtered, queued, droppedTotal]).toStrictEqual([0, 0, 0, 0, 0]);
});

test("readStats() sums all threads, and each record is counted in exactly one place", () => {
  const queue = new TestQueue();
  for (const lane of [0, 9, THREAD_COUNT - 1]) {
    const writer = queue.writer(lane);
    queue.offerMany(writer, 10, { byteCount: 64 });
    writer.countQueueFull();
    writer.countTooLarge();
    writer.countAlreadyShutdown();
    writer.countFiltered();
  }
  const counters = consumerCounters(queue.geometry);
  const counts: readonly [number, number][] = [
    [DELIVERED_COUNTER, 11],
    [FILTERED_COUNTER, 2],
    [SUMMARIES_COUNTER, 2],
    [RECOVERED_COUNTER, 7],
    [SPOOLED_COUNTER, 4],
    [SPOOL_FULL_COUNTER, 3],
    [REJECTED_COUNTER, 3],
    [FAILED_COUNTER, 4],
    [RENDER_FAILED_COUNTER, 1],
    [EXIT_DEADLINE_COUNTER, 5],
    [REPLAYED_COUNTER, 6],
    [BATCHES_COUNTER, 7],
    [BYTES_COUNTER, 2 ** 40],
  ];
  for (const [counter, count] of counts) queue.arena.floats[counters + counter] = count;
  expect(queue.stats()).toStrictEqual({
    emitted: 51,
    delivered: 11,
    filtered: 5,
    summaries: 2,
    queued: 6,
    spooled: 4,
    recovered: 7,
    dropped: {
      queue_full: 3,
      too_large: 3,
      already_shutdown: 3,
      export_failed: 5,
      rejected: 3,
      spool_full: 3,
      exit_deadline: 5,
    },
    droppedTotal: 25,
    failures: { rejected: 3, render_failed: 1, _OTHER: 4 },
    replayed: 6,
    batches: 7,
    bytes: 2 ** 40,
  });
});

test("queuedCount() is never negative, also while a consumer has counted what its writer has not yet", () => {
  const queue = new TestQueue();
  queue.writer(0);
  queue.arena.floats[consumerCounters(queue.geometry) + DELIVERED_COUNTER] = 3;
  expect(queuedCount(queue.arena, queue.geometry)).toBe(0);
});
