import { expect, test } from "vitest";

import { arrivalMillis } from "../../../bench/service/arrivals.ts";

const SEED = 1;

test("arrivalMillis() are the same for the same seed, and others for another", () => {
  expect(arrivalMillis(10, 100, SEED)).toStrictEqual(arrivalMillis(10, 100, SEED));
  expect(arrivalMillis(10, 100, SEED)).not.toStrictEqual(arrivalMillis(10, 100, SEED + 1));
});

test("arrivalMillis() ascend, and the last one is when the rate says", () => {
  const arrivals = arrivalMillis(500, 1000, SEED);
  expect(arrivals).toStrictEqual(arrivals.toSorted());
  expect(arrivals.at(-1)).toBeCloseTo(500);
});

test("arrivalMillis() come in no rhythm: the standard deviation of the gaps is near their mean", () => {
  const arrivals = arrivalMillis(10_000, 1000, SEED);
  const gaps = arrivals.map((at, index) => at - (arrivals[index - 1] ?? 0));
  const variance = gaps.reduce((sum, gap) => sum + (gap - 1) ** 2, 0) / gaps.length;
  expect(Math.sqrt(variance)).toBeGreaterThan(0.9);
  expect(Math.sqrt(variance)).toBeLessThan(1.1);
});
