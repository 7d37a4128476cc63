/** The results of picologging's scenarios as tables. */
import type { Reports } from "../evaluate.ts";
import { spreadOf } from "../statistics.ts";
import { formatNumber, formatTable } from "../table.ts";
import { HANDLER_LOOPS, LOGGER_LOOPS } from "./scenarios.ts";

/** Runs of a scenario in the published unit. */
const RUNS_IN_UNIT = 5;
const MICROS_PER_SECOND = 1e6;
const NONE = "";
/** Scenarios whose loop is the shorter one. */
const SHORT = /^(?:(?:Watched|Rotating)?FileHandler|QueueListener|MemoryHandler)/;

/** A column of both tables: a case and its name for people. */
export interface Library {
  readonly id: string;
  readonly label: string;
}

interface Part {
  readonly library: Library;
  readonly part: "calls" | "delivered";
}

/** What is in a table. */
interface TableParts {
  readonly scenarios: readonly string[];
  readonly libraries: readonly Library[];
}

/** Loops of a published scenario. */
function loopsOf(scenario: string): number {
  return SHORT.test(scenario) ? HANDLER_LOOPS : LOGGER_LOOPS;
}

function valuesOf(
  reports: Reports,
  { library, measure }: { readonly library: Library; readonly measure: string },
): readonly number[] {
  return (reports.get(library.id) ?? []).flatMap(({ measures }) => measures[measure] ?? []);
}

function cell(values: readonly number[]): string {
  if (values.length === 0) return NONE;
  const { median, low, high } = spreadOf(values);
  return low === high
    ? formatNumber(median)
    : `${formatNumber(median)} (${formatNumber(low)} to ${formatNumber(high)})`;
}

/** The published unit: seconds for five runs of a scenario. */
export function wholeTable(reports: Reports, { scenarios, libraries }: TableParts): string {
  const head = ["scenario", "loops", ...libraries.map(({ label }) => `${label}, s`)];
  const rows = scenarios.map((scenario) => [
    scenario,
    formatNumber(loopsOf(scenario)),
    ...libraries.map((library) => cell(valuesOf(reports, { library, measure: `${scenario} whole` }))),
  ]);
  return formatTable([head, ...rows]);
}

/** Microseconds a call: the loop alone, and until delivered. */
export function callTable(reports: Reports, { scenarios, libraries }: TableParts): string {
  const head = [
    "scenario",
    ...libraries.map(({ label }) => `${label}: call, µs`),
    ...libraries.map(({ label }) => `${label}: delivered, µs`),
  ];
  const perCall = (scenario: string, { library, part }: Part): string =>
    cell(
      valuesOf(reports, { library, measure: `${scenario} ${part}` }).map(
        (seconds) => (seconds * MICROS_PER_SECOND) / (RUNS_IN_UNIT * loopsOf(scenario)),
      ),
    );
  const rows = scenarios.map((scenario) => [
    scenario,
    ...libraries.map((library) => perCall(scenario, { library, part: "calls" })),
    ...libraries.map((library) => perCall(scenario, { library, part: "delivered" })),
  ]);
  return formatTable([head, ...rows]);
}
