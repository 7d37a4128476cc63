/** What the programs that run many cases have in common: their arguments, which cases they take, and the runs. */
import { fileURLToPath } from "node:url";

import type { CaseReport } from "./case-program.ts";
import { randomNumbers, shuffled } from "./data.ts";
import type { Reports } from "./evaluate.ts";
import { runCaseProcess } from "./harness.ts";
import type { Calibration, PlannedCase } from "./plan.ts";

const DEFAULT_RUNS = 5;
const CASE_TIMEOUT_MILLIS = 120_000;

/** What every such program is told. */
export interface RunSettings {
  /** Tiny sizes: only counts mean something. */
  readonly isSmoke: boolean;
  readonly runs: number;
  /** Names of cases, or what comes before a slash in them; empty for all. */
  readonly only: readonly string[];
}

/** The arguments that every such program takes, for `parseArgs`. */
export const RUN_OPTIONS = { runs: { type: "string" }, only: { type: "string" } } as const;

/** True when `BENCH_SMOKE=1` asks for tiny sizes. */
export function isSmokeRun(): boolean {
  return process.env["BENCH_SMOKE"] === "1";
}

/** @throws {RangeError} `--runs` is no number of runs. */
export function readRunSettings(
  values: { readonly runs?: string | undefined; readonly only?: string | undefined },
  defaultRuns: number = DEFAULT_RUNS,
): RunSettings {
  const isSmoke = isSmokeRun();
  const runs = Number(values.runs ?? (isSmoke ? 1 : defaultRuns));
  if (!Number.isInteger(runs) || runs < 1) {
    throw new RangeError(
      `Cannot run benchmarks: "--runs" is ${String(values.runs)}, must be an integer of at least 1`,
    );
  }
  return { isSmoke, runs, only: values.only?.split(",").filter((part) => part !== "") ?? [] };
}

/**
 * The cases that `only` names; without a name those that are no extras.
 *
 * @param isNamed Whether a name fits an id. Default: it is the whole id, or what comes before a slash in it.
 * @throws {RangeError} A name fits no case; names those that there are.
 */
export function chooseCases<Planned extends PlannedCase>(
  all: readonly Planned[],
  only: readonly string[],
  isNamed: (id: string, name: string) => boolean = isQuestionNamed,
): readonly Planned[] {
  if (only.length === 0) return all.filter(({ isExtra }) => isExtra !== true);
  const unknown = only.filter((name) => !all.some(({ id }) => isNamed(id, name)));
  if (unknown.length > 0) {
    const known = all.map(({ id }) => id).join(", ");
    throw new RangeError(`Cannot run benchmarks: "--only" names ${unknown.join(", ")}; there are ${known}`);
  }
  return all.filter(({ id }) => only.some((name) => isNamed(id, name)));
}

function isQuestionNamed(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}/`);
}

/**
 * Runs each case `runs` times in processes of their own: a run is all cases once, in an order of its own.
 *
 * @param folder Where the programs are, beside this file.
 * @throws {Error} A case has failed, or has delivered something else than in the first run.
 */
export async function measure(
  cases: readonly PlannedCase[],
  runs: number,
  folder: string = "cases",
): Promise<Reports> {
  const reports = new Map<string, CaseReport[]>(cases.map(({ id }) => [id, []]));
  const measured = await calibrate(cases);
  for (let run = 0; run < runs; run++) {
    for (const [index, planned] of shuffled(cases, randomNumbers(run)).entries()) {
      progress(`run ${run + 1} of ${runs}, case ${index + 1} of ${cases.length}: ${planned.id}`);
      const { calibration } = planned;
      const added = calibration === undefined ? {} : measured.get(calibration);
      const report = await runProgram({ ...planned, args: { ...planned.args, ...added } }, folder);
      checkSame(planned.id, reports.get(planned.id)?.[0], report);
      reports.get(planned.id)?.push(report);
    }
  }
  progress("");
  return reports;
}

function runProgram(
  planned: Pick<PlannedCase, "program" | "args" | "execArgv" | "command">,
  folder = "cases",
): Promise<CaseReport> {
  const { program, args, execArgv = [], command } = planned;
  const file = program.includes(".") ? program : `${program}.ts`;
  return runCaseProcess({
    program: fileURLToPath(new URL(`${folder}/${file}`, import.meta.url)),
    args,
    execArgv,
    timeoutMillis: CASE_TIMEOUT_MILLIS,
    ...(command === undefined ? {} : { command }),
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
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
