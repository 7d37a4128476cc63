/** The table at the end. */
import type { HandlerStats } from "femtologging";
import type { ComparisonResult } from "./comparison.ts";

/** What became of the records of one handler. */
export interface HandlerResult {
  readonly title: string;
  readonly stats: HandlerStats;
  /** Records that the shop logged for this handler. */
  readonly loggedCount: number;
  /** Undefined where nobody can read back what arrived. */
  readonly comparison: ComparisonResult | undefined;
}

/** A run, in numbers. */
export interface ShopResult {
  readonly handlers: readonly HandlerResult[];
  /** Milliseconds of each call of a logger. */
  readonly costs: readonly number[];
  /** Milliseconds that the clock adds to each of them. */
  readonly clockMillis: number;
  /** Milliseconds of each request. */
  readonly latencies: readonly number[];
  readonly statuses: ReadonlyMap<number, number>;
  readonly surprises: readonly string[];
}

/** What is wrong with a run, a sentence each; empty when nothing was missing. */
export function faultsOf({ handlers, surprises }: ShopResult): string[] {
  return [...surprises, ...handlers.flatMap(faultsOfHandler)];
}

function faultsOfHandler({ title, stats, loggedCount, comparison }: HandlerResult): string[] {
  const { emitted, delivered } = stats;
  return [
    ...(emitted === loggedCount ? [] : [`${title}: ${loggedCount} records were logged, it took ${emitted}`]),
    ...(delivered === loggedCount
      ? []
      : [`${title}: ${loggedCount} records were logged, it delivered ${delivered}`]),
    ...droppedBy(stats).map(([reason, lost]) => `${title}: it dropped ${lost}: ${reason}`),
    ...(comparison === undefined || comparison.differenceCount === 0
      ? []
      : [
          `${title}: ${comparison.differenceCount} records are not as they were logged:`,
          ...comparison.descriptions,
        ]),
  ];
}

function droppedBy(stats: HandlerStats): [reason: string, lost: number][] {
  return Object.entries(stats.dropped).filter(([, lost]) => lost > 0);
}

/** The table, with a line break at its end. */
export function tableOf(result: ShopResult): string {
  const { handlers, costs, clockMillis, latencies, statuses } = result;
  const answers = [...statuses]
    .toSorted(([one], [other]) => one - other)
    .map(([status, n]) => `${grouped(n)} × ${status}`);
  const rows = [
    ["", "emitted", "delivered", "dropped", "content"],
    ...handlers.map(({ title, stats, comparison }) => [
      title,
      grouped(stats.emitted),
      grouped(stats.delivered),
      grouped(stats.droppedTotal),
      contentOf(comparison),
    ]),
    [],
    ["", "p50", "p99", "of", ""],
    [
      "call of a logger",
      micros(costs, 0.5),
      micros(costs, 0.99),
      grouped(costs.length),
      `µs, all handlers; ${(clockMillis * 1_000).toFixed(2)} is the clock`,
    ],
    [
      "request",
      millis(latencies, 0.5),
      millis(latencies, 0.99),
      grouped(latencies.length),
      `ms; ${answers.join(", ")}`,
    ],
  ];
  return rows.map(rowText).join("");
}

const WIDTHS = [16, 9, 9, 9];

function rowText(cells: readonly string[]): string {
  const text = cells.map((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `${text.join("  ").trimEnd()}\n`;
}

function contentOf(comparison: ComparisonResult | undefined): string {
  if (comparison === undefined) return "counted only";
  const { identicalCount, differenceCount } = comparison;
  return differenceCount === 0
    ? "identical"
    : `${grouped(identicalCount)} identical, ${grouped(differenceCount)} not`;
}

function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

function micros(values: readonly number[], share: number): string {
  return (percentile(values, share) * 1_000).toFixed(2);
}

function millis(values: readonly number[], share: number): string {
  return percentile(values, share).toFixed(2);
}

/** The value that `share` of all are not above; 0 of none. */
function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
