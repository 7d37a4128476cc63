import type { HandlerStats } from "femtologging";
import { expect, test } from "vitest";

import { type Books, checkBooks } from "../../../bench/overload/check.ts";

const NOTHING = {
  queue_full: 0,
  too_large: 0,
  already_shutdown: 0,
  export_failed: 0,
  rejected: 0,
  spool_full: 0,
  exit_deadline: 0,
};

function statsOf(counts: Partial<HandlerStats>): HandlerStats {
  const { droppedTotal = 0 } = counts;
  return {
    emitted: 0,
    delivered: 0,
    filtered: 0,
    summaries: 0,
    queued: 0,
    spooled: 0,
    recovered: 0,
    dropped: { ...NOTHING, queue_full: droppedTotal },
    droppedTotal,
    failures: {},
    replayed: 0,
    batches: 0,
    bytes: 0,
    ...counts,
  };
}

/** 100 records were logged, 60 have arrived, 40 were dropped, and the handler has said so in one of its own. */
const exact: Books = {
  offered: 100,
  stats: statsOf({ emitted: 101, delivered: 61, droppedTotal: 40 }),
  tally: { received: 60, others: 1, receivedWhileSlow: 0 },
  dropsOldest: false,
  ownMax: 3,
};

test("checkBooks() takes books that add up", () => {
  expect(() => checkBooks(exact)).not.toThrow();
});

test("checkBooks() lets drop-oldest drop a record of the handler's own, as long as that is counted", () => {
  const stats = statsOf({ emitted: 102, delivered: 61, droppedTotal: 41 });
  expect(() => checkBooks({ ...exact, stats, dropsOldest: true })).not.toThrow();
  expect(() => checkBooks({ ...exact, stats })).toThrow("what was emitted are the offered records");
});

test("checkBooks() does not take a whole gap for records of the handler's own", () => {
  const stats = statsOf({ emitted: 104, delivered: 61, droppedTotal: 43 });
  expect(() => checkBooks({ ...exact, stats, dropsOldest: true })).toThrow(
    "what was emitted are the offered",
  );
});

test.for<readonly [string, Partial<Books>]>([
  ["nothing is left in the queue", { stats: statsOf({ ...exact.stats, queued: 1 }) }],
  ["what was emitted was delivered or dropped", { stats: statsOf({ ...exact.stats, emitted: 102 }) }],
  ["what was delivered has arrived", { tally: { ...exact.tally, received: 59 } }],
  [
    "only a full queue drops",
    { stats: { ...exact.stats, dropped: { ...NOTHING, queue_full: 39, export_failed: 1 } } },
  ],
  ["what was emitted are the offered records", { offered: 101 }],
])("checkBooks() throws where it is not true that %s", ([claim, wrong]) => {
  expect(() => checkBooks({ ...exact, ...wrong })).toThrow(claim);
});
