/** Results of comparisons as tables. */
import type { Reports } from "../evaluate.ts";
import { type Spread, spreadOf } from "../statistics.ts";
import { formatNumber, formatTable } from "../table.ts";
import type { Comparison, Way } from "./comparisons.ts";

/** The ways that were measured, in the order of the comparison. */
function measured({ ways }: Comparison, reports: Reports): readonly Way[] {
  return ways.filter(({ id }) => (reports.get(id)?.length ?? 0) > 0);
}

/** Undefined where none of the comparison's ways was measured. */
export function comparisonTable(comparison: Comparison, reports: Reports): string | undefined {
  const ways = measured(comparison, reports);
  const own = ways[0];
  if (own === undefined) return undefined;
  const [chief] = comparison.columns;
  const heads = comparison.columns.map(({ head, unit }) => `${head}, ${unit}`);
  const hasOwn = own.id === comparison.ways[0]?.id && chief !== undefined;
  const rows = ways.map((way) => [
    way.label,
    ...comparison.columns.map(({ measure }) =>
      spreadCell(spreadOf(valuesOf(reports, { id: way.id, measure }))),
    ),
    ...(hasOwn
      ? [
          ratioCell(
            valuesOf(reports, { id: way.id, measure: chief.measure }),
            valuesOf(reports, { id: own.id, measure: chief.measure }),
          ),
        ]
      : []),
  ]);
  return formatTable([["way", ...heads, ...(hasOwn ? ["times ours"] : [])], ...rows]);
}

function valuesOf(
  reports: Reports,
  { id, measure }: { readonly id: string; readonly measure: string },
): readonly number[] {
  return (reports.get(id) ?? []).map(({ measures }) => {
    const value = measures[measure];
    if (value === undefined) throw new Error(`Case "${id}" has no measure "${measure}"`);
    return value;
  });
}

function spreadCell({ median, low, high }: Spread): string {
  if (low === high) return formatNumber(median);
  return `${formatNumber(median)} (${formatNumber(low)} to ${formatNumber(high)})`;
}

/** The first column over ours, computed for each run. */
function ratioCell(values: readonly number[], own: readonly number[]): string {
  const ratios = values.map((value, run) => value / (own[run] as number));
  return ratios.every((ratio) => ratio === 1) ? "1" : spreadCell(spreadOf(ratios));
}

/** @throws {Error} Ways that must deliver the same bytes have not. */
export function checkSameBytes({ name, sameBytes }: Comparison, reports: Reports): void {
  for (const group of sameBytes) {
    const checksums = group.flatMap((key) => reports.get(`${name}/${key}`)?.[0]?.checksum ?? []);
    if (new Set(checksums).size > 1)
      throw new Error(`${name}: ${group.join(", ")} differ: ${checksums.join(", ")}`);
  }
}
