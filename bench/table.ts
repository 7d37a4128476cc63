/** Results as text: tables that are Markdown too, so that a run can be pasted into README.md. */
import type { CaseReport } from "./case-program.ts";
import type { Reports, Result } from "./evaluate.ts";
import { median, type Spread, spreadOf } from "./statistics.ts";

/** Rows with cells, the first is the head; the first column is aligned left, the others right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map(
    (row) => `| ${widths.map((width, column) => pad(row[column] ?? "", width, column)).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** What is required and what was reached. */
export function resultTable(results: readonly Result[]): string {
  const head = ["question", "must", "aim", "reached", "lowest to highest", "verdict"];
  const rows = results.map((result) => [
    result.label,
    bound(result, result.must),
    bound(result, result.aim),
    formatNumber(result.median, result.unit),
    spreadText(result, result.unit),
    result.verdict,
  ]);
  return formatTable([head, ...rows]);
}

function bound({ isBetter, unit }: Result, value: number | undefined): string {
  if (value === undefined) return "";
  return `${isBetter === "higher" ? ">=" : "<="} ${formatNumber(value, unit)}`;
}

/** The measures of one question: a line a case, a column a measure, medians. A cell is empty where a case does not have the measure. */
export function questionTable(reports: Reports): string {
  const names = [...new Set([...reports.values()].flat().flatMap(({ measures }) => Object.keys(measures)))];
  const cell = (runs: readonly CaseReport[], name: string): string => {
    const values = runs.flatMap(({ measures }) => measures[name] ?? []);
    return values.length === 0 ? "" : formatNumber(median(values));
  };
  const rows = [...reports].map(([id, runs]) => [id, ...names.map((name) => cell(runs, name))]);
  return formatTable([["case", ...names.map(columnTitle)], ...rows]);
}

/** "p99Millis" as "p99 ms", "loopDelayP99Millis" as "loop delay p99 ms". */
function columnTitle(measure: string): string {
  return measure
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/ millis$/, " ms")
    .replace(/ micros$/, " us")
    .replace(/ megabytes$/, " MB")
    .replace(/ percent$/, " %");
}

/** The measures behind the rows: one line a case and measure. */
export function measureTable(reports: Reports): string {
  const head = ["case", "measure", "median", "lowest to highest", "records", "checksum"];
  const rows = [...reports].flatMap(([id, runs]) => {
    const first = runs[0];
    if (first === undefined) return [];
    return Object.keys(first.measures).map((name) => {
      const spread = spreadOf(runs.map((report) => report.measures[name] as number));
      return [
        id,
        name,
        formatNumber(spread.median),
        spreadText(spread),
        String(first.recordCount),
        first.checksum,
      ];
    });
  });
  return formatTable([head, ...rows]);
}

function spreadText({ low, high }: Spread, unit = ""): string {
  return `${formatNumber(low)} to ${formatNumber(high, unit)}`;
}

const FORMAT: Intl.NumberFormat = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** Three digits that count; with the unit, `x` without a space. */
export function formatNumber(value: number, unit = ""): string {
  const number = FORMAT.format(value);
  if (unit === "") return number;
  return unit === "x" ? `${number}x` : `${number} ${unit}`;
}
