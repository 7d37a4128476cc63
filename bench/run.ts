/**
 * Measures this package side by side with others, and says whether that is good enough:
 *
 *     node bench/run.ts [--runs 5] [--only call,file/femtologging] [--check] [--compare bench/results/<earlier>.json]
 *
 * Each case runs in a process of its own; a run is all cases once, in an order that changes from run to run. Prints tables and writes
 * `bench/results/<time>.json`. A case that delivers a wrong count ends the program with code 1, and so does `--check` when a row is
 * below its MUST. With `BENCH_SMOKE=1` the cases are tiny, run once, and only their counts mean something.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { evaluate, regressions, type Reports, type Result } from "./evaluate.ts";
import { planCases } from "./plan.ts";
import { chooseCases, measure, readRunSettings, RUN_OPTIONS, type RunSettings } from "./program.ts";
import { requirements } from "./requirements.ts";
import { printSettings, saveResults, settingsOf } from "./results-file.ts";
import { formatNumber, measureTable, questionTable, resultTable } from "./table.ts";

const WIDE_QUESTIONS: readonly string[] = [
  "service",
  "service-5",
  "service-1",
  "overload-pipe",
  "overload-otlp",
];

interface Settings extends RunSettings {
  readonly isCheck: boolean;
  readonly comparePath: string | undefined;
}

/** What is written to `results/`. */
interface SavedRun {
  readonly results: readonly Result[];
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      ...RUN_OPTIONS,
      check: { type: "boolean", default: false },
      compare: { type: "string" },
    },
  });
  return { ...readRunSettings(values), isCheck: values.check, comparePath: values.compare };
}

/** Questions with many measures have tables of their own. */
function printMeasures(all: Reports): void {
  const ofQuestion = (question: string): Reports =>
    new Map([...all].filter(([id]) => questionOf(id) === question));
  const narrow = new Map([...all].filter(([id]) => !WIDE_QUESTIONS.includes(questionOf(id))));
  if (narrow.size > 0) console.log(`${measureTable(narrow)}\n`);
  for (const question of WIDE_QUESTIONS) {
    const reports = ofQuestion(question);
    if (reports.size > 0) console.log(`${questionTable(reports)}\n`);
  }
}

function questionOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}

function compare(path: string, results: readonly Result[]): void {
  const { results: before } = JSON.parse(readFileSync(path, "utf8")) as SavedRun;
  const worse = regressions(before, results);
  console.log(`\nWorse than in ${path}, beyond the spread: ${worse.length === 0 ? "nothing" : ""}`);
  for (const { label, before: old, now } of worse) {
    console.log(
      `  ${label}: ${formatNumber(old.median)} (${formatNumber(old.low)} to ${formatNumber(old.high)}), now ${formatNumber(now.median)} (${formatNumber(now.low)} to ${formatNumber(now.high)})`,
    );
  }
}

const settings = readSettings();
const cases = chooseCases(planCases(settings), settings.only);
const begin = performance.now();
const reports = await measure(cases, settings.runs);
const rows = settings.isSmoke ? requirements.map(({ must: _must, aim: _aim, ...row }) => row) : requirements;
const results = evaluate(rows, reports);
printMeasures(reports);
console.log(resultTable(results));
printSettings(settingsOf(reports));
const path = saveResults(
  { prefix: "", isSmoke: settings.isSmoke },
  { runs: settings.runs, results, cases: Object.fromEntries(reports) },
);
console.log(
  `\n${cases.length} cases, ${settings.runs} runs, ${Math.round((performance.now() - begin) / 1000)} s: ${path}`,
);
if (settings.comparePath !== undefined) compare(settings.comparePath, results);
const below = results.filter(({ verdict }) => verdict === "BELOW");
if (settings.isCheck && below.length > 0) {
  console.error(`\nBelow what must be reached: ${below.map(({ label }) => label).join("; ")}`);
  process.exitCode = 1;
}
