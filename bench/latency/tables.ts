/** Latencies as tables of Markdown. */
import type { Reports } from "../evaluate.ts";
import { spreadOf } from "../statistics.ts";
import { formatNumber, formatTable } from "../table.ts";
import { loadText, type LoadName } from "./plan.ts";

interface Column {
  readonly title: string;
  readonly measure: string;
  /** What one of the unit is of the measure's. */
  readonly scale: number;
}

const CALL_COLUMNS: readonly Column[] = [
  { title: "p50 us", measure: "p50Us", scale: 1 },
  { title: "p99 us", measure: "p99Us", scale: 1 },
  { title: "p99.9 us", measure: "p999Us", scale: 1 },
  { title: "max us", measure: "maxUs", scale: 1 },
  { title: "max outside of GC us", measure: "maxOutsideUs", scale: 1 },
  { title: "calls over 100 us", measure: "slowCount", scale: 1 },
  { title: "of them in GC", measure: "slowInCollectionCount", scale: 1 },
  { title: "GCs", measure: "collectionCount", scale: 1 },
  { title: "longest GC ms", measure: "collectionMillisMax", scale: 1 },
];
const CLOCK_COLUMNS: readonly Column[] = [
  { title: "p50 us", measure: "clockP50Us", scale: 1 },
  { title: "p99 us", measure: "clockP99Us", scale: 1 },
  { title: "p99.9 us", measure: "clockP999Us", scale: 1 },
];
const WRITTEN_COLUMNS: readonly Column[] = [
  { title: "p50 ms", measure: "p50Us", scale: 1000 },
  { title: "p99 ms", measure: "p99Us", scale: 1000 },
  { title: "p99.9 ms", measure: "p999Us", scale: 1000 },
  { title: "max ms", measure: "maxUs", scale: 1000 },
];

/** A table for each of the two questions that was measured, and one for the clock. */
export function latencyTables(reports: Reports): string {
  return [
    section("From call to enqueued", "call", { columns: CALL_COLUMNS, reports }),
    section("The same without a call: the clock", "call", { columns: CLOCK_COLUMNS, reports }),
    section("From call to written", "written", { columns: WRITTEN_COLUMNS, reports }),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function section(
  title: string,
  question: "call" | "written",
  { columns, reports }: { readonly columns: readonly Column[]; readonly reports: Reports },
): string {
  const rows = [...reports.keys()]
    .filter((id) => id.startsWith(`${question}-`))
    .map((id) => {
      const [load, ...subject] = id.slice(question.length + 1).split("/");
      return [
        subject.join("/"),
        loadText(load as LoadName),
        ...columns.map((column) => cellText(column, id, reports)),
      ];
    });
  if (rows.length === 0) return "";
  return `${title}:\n\n${formatTable([["subject", "load", ...columns.map((column) => column.title)], ...rows])}`;
}

/** The median of the runs, and with several how far they lie apart. */
function cellText({ measure, scale }: Column, id: string, reports: Reports): string {
  const values = (reports.get(id) ?? []).map(({ measures }) => (measures[measure] as number) / scale);
  const { median, low, high } = spreadOf(values);
  if (values.length === 1) return formatNumber(median);
  return `${formatNumber(median)} (${formatNumber(low)} to ${formatNumber(high)})`;
}
