import { afterEach, expect, test, vi } from "vitest";

import { epochMillis } from "../../../processors/shape/clock.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("epochMillis() is the time of the day, to some milliseconds, with a fraction", () => {
  const before = Date.now();
  const samples = Array.from({ length: 1000 }, epochMillis);
  const after = Date.now();
  expect(samples[0]).toBeGreaterThan(before - 10);
  expect(samples.at(-1)).toBeLessThan(after + 10);
  expect(samples.some((millis) => millis % 1 !== 0)).toBe(true);
});

test("epochMillis() does not run backwards", () => {
  let last = epochMillis();
  for (let i = 0; i < 10_000; i++) {
    const now = epochMillis();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

test("epochMillis() follows a clock that was set within 10 seconds, and does not mind small differences", () => {
  const start = performance.now();
  const wall = Date.now();
  const hour = 3_600_000;
  const monotonic = vi.spyOn(performance, "now").mockReturnValue(start + 20_000);
  vi.spyOn(Date, "now").mockReturnValue(wall + 20_000 + hour);
  expect(epochMillis()).toBeCloseTo(wall + 20_000 + hour, -1);
  monotonic.mockReturnValue(start + 40_000);
  vi.spyOn(Date, "now").mockReturnValue(wall + 40_000 + hour + 3);
  expect(epochMillis()).toBeCloseTo(wall + 40_000 + hour, -1);
});
