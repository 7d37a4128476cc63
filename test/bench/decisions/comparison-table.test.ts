import { expect, test } from "vitest";

import type { CaseReport } from "../../../bench/case-program.ts";
import { checkSameBytes, comparisonTable } from "../../../bench/decisions/comparison-table.ts";
import type { Comparison } from "../../../bench/decisions/comparisons.ts";

const COMPARISON: Comparison = {
  name: "post",
  ways: ["pigeon", "horse"].map((label) => ({ id: `post/${label}`, label, program: "post", args: {} })),
  columns: [{ measure: "hours", head: "to York", unit: "h" }],
  sameBytes: [["pigeon", "horse"]],
};

function report(hours: number, checksum = "same"): CaseReport {
  return { measures: { hours }, recordCount: 1, checksum, settings: "" };
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

test("comparisonTable() shows the median, the spread, and how many times ours each run took", () => {
  const reports = new Map([
    ["post/pigeon", [report(1), report(2), report(4)]],
    ["post/horse", [report(2), report(6), report(20)]],
  ]);
  expect(comparisonTable(COMPARISON, reports)?.split("\n").map(cellsOf)).toStrictEqual([
    ["way", "to York, h", "times ours"],
    ["------", "----------:", "---------:"],
    ["pigeon", "2 (1 to 4)", "1"],
    ["horse", "6 (2 to 20)", "3 (2 to 5)"],
  ]);
});

test("comparisonTable() is undefined where nothing was measured", () => {
  expect(comparisonTable(COMPARISON, new Map())).toBeUndefined();
});

test("checkSameBytes() refuses ways that deliver something else", () => {
  const reports = new Map([
    ["post/pigeon", [report(1)]],
    ["post/horse", [report(1, "other")]],
  ]);
  expect(() => checkSameBytes(COMPARISON, reports)).toThrow("post: pigeon, horse differ: same, other");
});
