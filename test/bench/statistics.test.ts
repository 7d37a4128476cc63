import { expect, test } from "vitest";

import { median, spreadOf } from "../../bench/statistics.ts";

test("median() of an odd number of values is the middle one, whatever their order", () => {
  expect(median([30, 1, 2])).toBe(2);
});

test("median() of an even number of values lies halfway between the two in the middle", () => {
  expect(median([4, 1, 30, 2])).toBe(3);
});

test("median() throws when there are no values", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("spreadOf() keeps the lowest and the highest value beside the median", () => {
  expect(spreadOf([5, 1, 9])).toStrictEqual({ median: 5, low: 1, high: 9 });
});
