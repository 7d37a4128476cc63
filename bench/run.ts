/**
 * Measures this package side by side with others, and says whether that is good enough:
 *
 *     node bench/run.ts [--runs 5] [--only call,file/femtologging] [--check] [--compare bench/results/<earlier>.json]
 *
 * Each case runs in a process of its own; a run is all cases once, in an order that changes from run to run. Prints tables and writes
 * `bench/results/<time>.json`. A case that delivers a wrong count ends the program with code 1, and so does `--check` when a row is
 * below its MUST. With `BENCH_SMOKE=1` the cases are tiny, run once, and only their counts mean something.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import type { CaseReport } from "./case-program.ts";
import { randomNumbers, shuffled } from "./data.ts";
import { evaluate, regressions, type Reports, type Result } from "./evaluate.ts";
import { runCaseProcess } from "./harness.ts";
import { type Calibration, planCases, type PlannedCase } from "./plan.ts";
import { requirements } from "./requirements.ts";
import { formatNumber, measureTable, questionTable, resultTable } from "./table.ts";

const DEFAULT_RUNS = 5;
const CASE_TIMEOUT_MILLIS = 120_000;
const RESULTS: string = fileURLToPath(new URL("results/", import.meta.url));
const WIDE_QUESTIONS: readonly string[] = [
  "service",
  "service-5",
  "service-1",
  "overload-pipe",
  "overload-otlp",
];
const PACKAGE: string = fileURLToPath(new URL("../package.json", import.meta.url));
/** Packages that take part; package.json pins their versions. */
const MEASURED =
  /^(?:pino|winston|undici|@logtape\/.*|@opentelemetry\/(?:api|core|sdk-logs|exporter-logs-otlp-proto))$/;

interface Settings {
  readonly isSmoke: boolean;
  readonly runs: number;
  readonly only: readonly string[];
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
      runs: { type: "string" },
      only: { type: "string" },
      check: { type: "boolean", default: false },
      compare: { type: "string" },
    },
  });
  const isSmoke = process.env["BENCH_SMOKE"] === "1";
  const runs = Number(values.runs ?? (isSmoke ? 1 : DEFAULT_RUNS));
  if (!Number.isInteger(runs) || runs < 1) {
    throw new RangeError(
      `Cannot run benchmarks: "--runs" is ${String(values.runs)}, must be an integer of at least 1`,
    );
  }
  const only = values.only?.split(",").filter((part) => part !== "") ?? [];
  return { isSmoke, runs, only, isCheck: values.check, comparePath: values.compare };
}

/** The cases that `--only` names: whole ids, or what comes before the slash. */
function chooseCases(all: readonly PlannedCase[], only: readonly string[]): readonly PlannedCase[] {
  if (only.length === 0) return all.filter(({ isExtra }) => isExtra !== true);
  const unknown = only.filter((name) => !all.some(({ id }) => isNamed(id, name)));
  if (unknown.length > 0) {
    const known = all.map(({ id }) => id).join(", ");
    throw new RangeError(`Cannot run benchmarks: "--only" names ${unknown.join(", ")}; there are ${known}`);
  }
  return all.filter(({ id }) => only.some((name) => isNamed(id, name)));
}

function isNamed(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}/`);
}

async function measure(cases: readonly PlannedCase[], runs: number): Promise<Reports> {
  const reports = new Map<string, CaseReport[]>(cases.map(({ id }) => [id, []]));
  const measured = await calibrate(cases);
  for (let run = 0; run < runs; run++) {
    for (const planned of shuffled(cases, randomNumbers(run))) {
      progress(`run ${run + 1} of ${runs}: ${planned.id}`);
      const { calibration } = planned;
      const added = calibration === undefined ? {} : measured.get(calibration);
      const report = await runProgram({ ...planned, args: { ...planned.args, ...added } });
      checkSame(planned.id, reports.get(planned.id)?.[0], report);
      reports.get(planned.id)?.push(report);
    }
  }
  progress("");
  return reports;
}

function runProgram(planned: Pick<PlannedCase, "program" | "args" | "execArgv">): Promise<CaseReport> {
  return runCaseProcess({
    program: fileURLToPath(new URL(`cases/${planned.program}.ts`, import.meta.url)),
    args: planned.args,
    execArgv: planned.execArgv ?? [],
    timeoutMillis: CASE_TIMEOUT_MILLIS,
  });
}

/** Does the calibrations that the cases name: once, so that each case has the same arguments in all runs. */
async function calibrate(cases: readonly PlannedCase[]): Promise<ReadonlyMap<Calibration, object>> {
  const measured = new Map<Calibration, object>();
  for (const { calibration } of cases) {
    if (calibration === undefined || measured.has(calibration)) continue;
    progress(`calibration: ${calibration.program}`);
    const { measures } = await runProgram(calibration);
    measured.set(calibration, calibration.argsFrom(measures));
  }
  return measured;
}

/** @throws {Error} The same case has delivered something else than in the first run. */
function checkSame(id: string, first: CaseReport | undefined, report: CaseReport): void {
  if (first === undefined) return;
  if (first.checksum !== report.checksum || first.recordCount !== report.recordCount) {
    throw new Error(
      `${id} delivered ${report.recordCount} records (${report.checksum}), before ${first.recordCount} (${first.checksum})`,
    );
  }
}

/** One line that is written over; nothing where stderr is no terminal. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function save(
  reports: Reports,
  { results, settings }: { readonly results: readonly Result[]; readonly settings: Settings },
): string {
  const time = new Date().toISOString();
  const path = `${RESULTS}${settings.isSmoke ? "smoke" : time.replaceAll(":", "-")}.json`;
  mkdirSync(RESULTS, { recursive: true });
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cpuCount: cpus().length };
  const saved = {
    time,
    machine,
    versions: versions(),
    runs: settings.runs,
    results,
    cases: Object.fromEntries(reports),
  };
  writeFileSync(path, `${JSON.stringify(saved, undefined, 1)}\n`);
  return path;
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function versions(): Readonly<Record<string, string>> {
  const { version, dependencies, devDependencies } = JSON.parse(readFileSync(PACKAGE, "utf8")) as Manifest;
  const measured = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
    MEASURED.test(name),
  );
  return { node: process.version.slice(1), femtologging: version, ...Object.fromEntries(measured) };
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

function printSettings(reports: Reports): void {
  const named = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  console.log(`\nVersions: ${named.join(", ")}\nSettings:`);
  for (const [id, [report]] of reports) if (report !== undefined) console.log(`  ${id}: ${report.settings}`);
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
printSettings(reports);
console.log(
  `\n${cases.length} cases, ${settings.runs} runs, ${Math.round((performance.now() - begin) / 1000)} s: ${save(reports, { results, settings })}`,
);
if (settings.comparePath !== undefined) compare(settings.comparePath, results);
const below = results.filter(({ verdict }) => verdict === "BELOW");
if (settings.isCheck && below.length > 0) {
  console.error(`\nBelow what must be reached: ${below.map(({ label }) => label).join("; ")}`);
  process.exitCode = 1;
}
