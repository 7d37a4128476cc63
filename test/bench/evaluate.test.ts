import { expect, test } from "vitest";

import type { CaseReport } from "../../bench/case-program.ts";
import { evaluate, regressions, type Result } from "../../bench/evaluate.ts";
import type { Requirement } from "../../bench/requirement.ts";

const timesLess: Requirement = {
  id: "call",
  label: "call",
  unit: "x",
  isBetter: "higher",
  must: 4,
  aim: 8,
  cases: ["peer", "own"],
  value: (read) => read("peer", "ns") / read("own", "ns"),
};
const atMost: Requirement = {
  id: "import",
  label: "import",
  unit: "ms",
  isBetter: "lower",
  must: 40,
  aim: 20,
  cases: ["import"],
  value: (read) => read("import", "millis"),
};

function reportsOf(measure: string, values: readonly number[]): CaseReport[] {
  return values.map((value) => ({
    measures: { [measure]: value },
    recordCount: 1,
    checksum: "1",
    settings: "",
  }));
}

function ratios(peer: readonly number[], own: readonly number[]): Result | undefined {
  const reports = new Map([
    ["peer", reportsOf("ns", peer)],
    ["own", reportsOf("ns", own)],
  ]);
  return evaluate([timesLess], reports)[0];
}

function importing(millis: number): Result | undefined {
  return evaluate([atMost], new Map([["import", reportsOf("millis", [millis])]]))[0];
}

test("evaluate() divides measures of the same run, and takes the median of the ratios", () => {
  // A slow second run: the ratio of the medians would be 500 / 100.
  expect(ratios([500, 2000, 300], [100, 500, 100])).toMatchObject({ median: 4, low: 3, high: 5 });
});

test("evaluate() says whether a ratio reaches the aim, the MUST, or neither", () => {
  expect([ratios([8], [1]), ratios([4], [1]), ratios([3.99], [1])].map((row) => row?.verdict)).toStrictEqual([
    "aim",
    "must",
    "BELOW",
  ]);
});

test("evaluate() takes a lower value for the better one where the row says so", () => {
  expect([importing(20), importing(40), importing(40.1)].map((row) => row?.verdict)).toStrictEqual([
    "aim",
    "must",
    "BELOW",
  ]);
});

test("evaluate() requires nothing of a row without bounds", () => {
  const { must: _must, aim: _aim, ...free } = atMost;
  const reports = new Map([["import", reportsOf("millis", [1e9])]]);
  expect(evaluate([free], reports)[0]?.verdict).toBe("info");
});

test("evaluate() leaves rows out whose cases were not all measured", () => {
  expect(evaluate([timesLess], new Map([["own", reportsOf("ns", [1])]]))).toStrictEqual([]);
});

test("evaluate() throws when a case has no such measure", () => {
  const reports = new Map([["import", reportsOf("ns", [1])]]);
  expect(() => evaluate([atMost], reports)).toThrow('Case "import" has no measure "millis" in run 0');
});

function resultOf(spread: readonly [number, number, number], isBetter: Result["isBetter"]): Result {
  const [low, median, high] = spread;
  return {
    id: "row",
    label: "row",
    unit: "x",
    isBetter,
    must: undefined,
    aim: undefined,
    low,
    median,
    high,
    verdict: "info",
  };
}

test("regressions() names a row whose spread lies below the earlier one", () => {
  const before = resultOf([5, 6, 7], "higher");
  const now = resultOf([2, 3, 4], "higher");
  expect(regressions([before], [now])).toStrictEqual([{ id: "row", label: "row", before, now }]);
});

test("regressions() names a row whose spread lies above the earlier one where lower is better", () => {
  expect(regressions([resultOf([2, 3, 4], "lower")], [resultOf([5, 6, 7], "lower")])).toHaveLength(1);
});

test("regressions() takes overlapping spreads for noise", () => {
  expect(regressions([resultOf([4, 6, 7], "higher")], [resultOf([2, 3, 5], "higher")])).toStrictEqual([]);
});

test("regressions() does not mind what has become better, or is new", () => {
  const now = [resultOf([8, 9, 10], "higher"), { ...resultOf([0, 0, 0], "higher"), id: "new" }];
  expect(regressions([resultOf([5, 6, 7], "higher")], now)).toStrictEqual([]);
});

test("evaluate() holds a row against its bounds beyond the spread of its A/A row", () => {
  const row = (id: string, measure: string): Requirement => ({
    id,
    label: id,
    unit: "x",
    isBetter: "lower",
    must: 1.1,
    cases: ["a"],
    value: (read) => read("a", measure),
  });
  const report = (own: number, again: number): CaseReport => ({
    measures: { own, again },
    recordCount: 0,
    checksum: "",
    settings: "",
  });
  const reports = new Map([["a", [report(1.4, 0.8), report(1.5, 1.4), report(1.6, 1)]]]);
  const rows = [{ ...row("own", "own"), beyond: "again" }, row("alone", "own"), row("again", "again")];
  expect(evaluate(rows, reports).map(({ verdict }) => verdict)).toEqual(["must", "BELOW", "must"]);
});
