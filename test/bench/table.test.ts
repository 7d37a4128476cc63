import { expect, test } from "vitest";

import type { CaseReport } from "../../bench/case-program.ts";
import { formatNumber, formatTable, questionTable } from "../../bench/table.ts";

test("formatTable() aligns the first column left and the others right", () => {
  const rows = [
    ["case", "ns"],
    ["call/pino", "1,380"],
  ];
  expect(formatTable(rows).split("\n")).toStrictEqual([
    "| case      |    ns |",
    "| --------- | ----: |",
    "| call/pino | 1,380 |",
  ]);
});

test("formatNumber() keeps three digits, and sets the unit behind", () => {
  expect([formatNumber(1234.5), formatNumber(0.012345, "ns"), formatNumber(3.999, "x")]).toStrictEqual([
    "1,230",
    "0.0123 ns",
    "4x",
  ]);
});

test("questionTable() has a line a case and a column a measure, and leaves cells empty that were not measured", () => {
  const report = (measures: Record<string, number>): CaseReport => ({
    measures,
    recordCount: 1,
    checksum: "1",
    settings: "",
  });
  const reports = new Map([
    ["a/one", [report({ p99Millis: 1 }), report({ p99Millis: 5 }), report({ p99Millis: 2 })]],
    ["a/two", [report({ p99Millis: 3, rssMaxMegabytes: 7 })]],
  ]);
  expect(questionTable(reports).split("\n")).toStrictEqual([
    "| case  | p99 ms | rss max MB |",
    "| ----- | -----: | ---------: |",
    "| a/one |      2 |            |",
    "| a/two |      3 |          7 |",
  ]);
});
