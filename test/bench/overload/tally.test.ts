import { expect, test } from "vitest";

import { tables } from "../../../bench/data.ts";
import type { Schedule } from "../../../bench/overload/schedule.ts";
import { type ReceivedValues, Tally } from "../../../bench/overload/tally.ts";

/** A record a millisecond; the sink is slow from the 100th to the 200th. */
const schedule: Schedule = {
  beginMillis: 1000,
  slowFromMillis: 1100,
  slowUntilMillis: 1200,
  ratePerSecond: 1000,
  share: 0,
  count: 1000,
};

function recordOf(index: number): ReceivedValues {
  return { seq: index, path: tables.text[index], cached: tables.flag[index], ms: tables.double[index] };
}

function tallyOf(records: readonly number[], isOrdered = true): Tally {
  const tally = new Tally(schedule, isOrdered);
  for (const index of records) tally.take(recordOf(index), 1000);
  return tally;
}

test("take() counts records of the test, those while the sink was slow, and others, which have no number", () => {
  const tally = new Tally(schedule, true);
  tally.take(recordOf(0), 1099);
  tally.take(recordOf(1), 1100);
  tally.take({ msg: "2 records dropped" }, 1100);
  expect(tally.result()).toStrictEqual({ received: 2, others: 1, receivedWhileSlow: 1 });
});

test("take() throws for a record that is there twice", () => {
  expect(() => tallyOf([1, 2, 1])).toThrow("Record 1 is there twice");
});

test("take() throws for a number that was never logged", () => {
  expect(() => tallyOf([1000])).toThrow("Record 1000 is there twice, or was never logged");
});

test("take() throws for a record that comes too late, where there is an order", () => {
  expect(() => tallyOf([1, 3, 2])).toThrow("Record 2 came after 3");
  expect(tallyOf([1, 3, 2], false).received).toBe(3);
});

test("take() throws for another value in a record that is looked at", () => {
  const tally = new Tally(schedule, true);
  expect(() => tally.take({ ...recordOf(997), path: "/other" }, 1000)).toThrow(
    'Record 997: "path" is "/other"',
  );
});

test("a sink has recovered when a record comes in time after it was slow", () => {
  const tally = new Tally(schedule, true);
  // Due at 1100: 260 ms late. Due at 1120: 250 ms late, which is in time.
  tally.take(recordOf(100), 1360);
  expect(tally.result().recoveredMillis).toBeUndefined();
  tally.take(recordOf(120), 1370);
  tally.take(recordOf(300), 1380);
  expect(tally.result().recoveredMillis).toBe(170);
});
