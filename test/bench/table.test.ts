import { expect, test } from "vitest";

import { formatNumber, formatTable } from "../../bench/table.ts";

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
