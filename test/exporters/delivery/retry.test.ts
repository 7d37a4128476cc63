import { expect, test } from "vitest";

import { backoffMillis, retryWaitMillis } from "../../../exporters/delivery/retry.ts";

test("backoffMillis() grows by half from 1 s to 10 s", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((count) => backoffMillis(count, { random: 0.5 }));
  expect(waits).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 10_000, 10_000]);
});

test("backoffMillis() stays finite after any number of failures", () => {
  expect(backoffMillis(1_000_000, { random: 0.5 })).toBe(10_000);
});

test("backoffMillis() is from half of the wait to one and a half, as the dice fall", () => {
  expect(backoffMillis(1, { random: 0 })).toBe(500);
  expect(backoffMillis(1, { random: 1 })).toBe(1_500);
});

test("backoffMillis() starts at firstMillis", () => {
  expect(backoffMillis(2, { firstMillis: 10, random: 0.5 })).toBe(15);
});

const moment = {
  failureCount: 1,
  retryAfterMillis: undefined,
  heldBackMillis: 0,
  leftMillis: 60_000,
  random: 0.5,
};

test.each([
  ["the backoff when the peer asks for nothing", {}, 1_000],
  ["the backoff when the peer says now", { retryAfterMillis: 0 }, 1_000],
  ["what the peer asks for, be it less than the backoff", { retryAfterMillis: 10 }, 10],
  ["what the peer asks for, be it more", { retryAfterMillis: 59_999 }, 59_999],
  ["until the peer takes requests again", { heldBackMillis: 5_000 }, 5_000],
  ["nothing, as the budget would be over", { retryAfterMillis: 60_000 }, undefined],
  ["nothing, as the budget is over before the peer takes requests", { heldBackMillis: 60_000 }, undefined],
  ["nothing, as the budget is over", { leftMillis: -1 }, undefined],
  ["at most an hour without a budget", { retryAfterMillis: 1e12, leftMillis: Infinity }, 3_600_000],
])("retryWaitMillis() returns %s", (_name, differences, millis) => {
  expect(retryWaitMillis({ ...moment, ...differences })).toBe(millis);
});
