import { describe, expect, test } from "vitest";

import { pythonThreshold } from "../../src/options/python-level.ts";

describe("pythonThreshold", () => {
  test.each([
    [0, 0],
    [1, 1],
    [5, 1],
    [9, 1],
    [10, 5],
    [15, 7],
    [20, 9],
    [25, 11],
    [30, 13],
    [40, 17],
    [50, 21],
    [59, 24],
    [60, 25],
    [1_000, 25],
  ])("pythonThreshold() of %i is severity %i", (level, severity) => {
    expect(pythonThreshold(level)).toBe(severity);
  });

  test.each([-1, 10.5, Number.NaN, Number.POSITIVE_INFINITY])("pythonThreshold() refuses %d", (level) => {
    expect(pythonThreshold(level)).toBeUndefined();
  });
});
