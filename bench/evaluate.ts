/** From the reports of all runs to rows with verdicts. */
import type { CaseReport } from "./case-program.ts";
import type { ReadMeasure, Requirement } from "./requirement.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** Reports by case, one a run, in the order of the runs. */
export type Reports = ReadonlyMap<string, readonly CaseReport[]>;

/** Whether a row is as good as it should be; `info` where nothing is required of it. */
export type Verdict = "aim" | "must" | "BELOW" | "info";

/** A row of the table, measured. */
export interface Result extends Spread {
  readonly id: string;
  readonly label: string;
  readonly unit: Requirement["unit"];
  readonly isBetter: Requirement["isBetter"];
  readonly must: number | undefined;
  readonly aim: number | undefined;
  readonly verdict: Verdict;
}

/**
 * The rows whose cases were all measured. Each value is made of measures of the same run, and only then the median is taken.
 *
 * @param rows What is looked at; those that were not measured are left out.
 */
export function evaluate(rows: readonly Requirement[], reports: Reports): readonly Result[] {
  const measured = rows.filter(({ cases }) => cases.every((id) => reports.has(id)));
  const spreads = new Map(measured.map((row) => [row.id, spreadIn(row, reports)]));
  return measured.map((row) => {
    const { id, label, unit, isBetter, must, aim, beyond } = row;
    const spread = spreads.get(id) as Spread;
    const slack = beyond === undefined ? 1 : Math.max(1, spreads.get(beyond)?.high ?? 1);
    return {
      id,
      label,
      unit,
      isBetter,
      must,
      aim,
      ...spread,
      verdict: verdictOf(row, spread.median / slack),
    };
  });
}

function spreadIn(row: Requirement, reports: Reports): Spread {
  const runCount = reports.get(row.cases[0] as string)?.length ?? 0;
  return spreadOf(Array.from({ length: runCount }, (_, run) => row.value(readerOf(reports, run))));
}

function readerOf(reports: Reports, run: number): ReadMeasure {
  return (caseId, measure) => {
    const value = reports.get(caseId)?.[run]?.measures[measure];
    if (value === undefined) throw new Error(`Case "${caseId}" has no measure "${measure}" in run ${run}`);
    return value;
  };
}

function verdictOf({ must, aim, isBetter }: Requirement, value: number): Verdict {
  const reaches = (bound: number): boolean => (isBetter === "higher" ? value >= bound : value <= bound);
  if (must !== undefined && !reaches(must)) return "BELOW";
  if (aim !== undefined && reaches(aim)) return "aim";
  return must === undefined ? "info" : "must";
}

/** A row that is worse than it was, beyond the spread of both. */
export interface Regression {
  readonly id: string;
  readonly label: string;
  readonly before: Spread;
  readonly now: Spread;
}

/** Rows of `now` whose whole spread lies on the worse side of the same row's spread in `before`. */
export function regressions(before: readonly Result[], now: readonly Result[]): readonly Regression[] {
  const known = new Map(before.map((result) => [result.id, result]));
  return now.flatMap((result) => {
    const old = known.get(result.id);
    if (old === undefined) return [];
    const isWorse = result.isBetter === "higher" ? result.high < old.low : result.low > old.high;
    return isWorse ? [{ id: result.id, label: result.label, before: old, now: result }] : [];
  });
}
