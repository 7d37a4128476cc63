import { expect, test } from "vitest";

import { percentilesOf } from "../../bench/percentiles.ts";

test("percentilesOf() takes values that were measured, whatever their order", () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => 1000 - index);
  expect(percentilesOf(values)).toStrictEqual({ p50: 500, p99: 990, p999: 999, max: 1000 });
});

test("percentilesOf() of a single value is that value", () => {
  expect(percentilesOf(Float64Array.of(7))).toStrictEqual({ p50: 7, p99: 7, p999: 7, max: 7 });
});

test("percentilesOf() throws when there are no values", () => {
  expect(() => percentilesOf(new Float64Array(0))).toThrow(RangeError);
});
