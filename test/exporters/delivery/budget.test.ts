import { expect, test } from "vitest";

import { Budget } from "../../../exporters/delivery/budget.ts";

test.each([
  ["retryTimeoutMillis alone", [10_000, 300_000, false], [300_000, "retryTimeoutMillis"]],
  ["timeoutMillis where it holds for the batch", [10_000, 0, true], [10_000, "timeoutMillis"]],
  ["the shorter of both", [10_000, 300_000, true], [10_000, "timeoutMillis"]],
  ["the shorter of both", [10_000, 5_000, true], [5_000, "retryTimeoutMillis"]],
  ["no limit where both are 0", [0, 0, true], [Infinity, "retryTimeoutMillis"]],
  ["no limit where timeoutMillis is for attempts", [10_000, 0, false], [Infinity, "retryTimeoutMillis"]],
] as const)("Budget: %s", (_name, [timeoutMillis, retryTimeoutMillis, isTimeoutForBatch], expected) => {
  const budget = new Budget({ timeoutMillis, retryTimeoutMillis, isTimeoutForBatch });
  expect([budget.millis, budget.optionName]).toEqual(expected);
});

test("Budget does not run before it is started, and is started once", () => {
  const budget = new Budget({ timeoutMillis: 0, retryTimeoutMillis: 1_000 });
  expect([budget.isRunning, budget.remainingMillis]).toEqual([false, 1_000]);
  budget.start();
  const { remainingMillis } = budget;
  budget.start();
  expect(budget.remainingMillis).toBeLessThanOrEqual(remainingMillis);
});
