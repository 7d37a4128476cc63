import { expect, test } from "vitest";
import { pythonThreshold } from "../../src/options/python-level.ts";
import { pythonLevelName, pythonLevelNumber } from "../../src/record/python-severity.ts";

test.each([
  [0, "NOTSET", 0],
  [1, "TRACE", 5],
  [5, "DEBUG", 10],
  [9, "INFO", 20],
  [12, "INFO", 20],
  [13, "WARNING", 30],
  [17, "ERROR", 40],
  [21, "CRITICAL", 50],
  [24, "CRITICAL", 50],
  [25, "NOTSET", 0],
  [-1, "NOTSET", 0],
])("severity %i is %s, %i", (severity, name, number) => {
  expect([pythonLevelName(severity), pythonLevelNumber(severity)]).toEqual([name, number]);
});

test.each([1, 5, 9, 13, 17, 21])("the way to Python and back leads to %i again", (severity) => {
  expect(pythonThreshold(pythonLevelNumber(severity))).toBe(severity);
});
