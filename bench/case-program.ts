/** What the programs in `cases/` have in common: one argument, a JSON object; one line of output, another. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const KEEP_ALIVE_MILLIS = 60_000;

/** What a case reports. */
export interface CaseReport {
  /** Numbers by name; the name ends in the unit. */
  readonly measures: Readonly<Record<string, number>>;
  /** Records that were delivered and verified; 0 where the question is not about records. */
  readonly recordCount: number;
  /** Of what was verified or computed: the same in each run. */
  readonly checksum: string;
  /** The settings that matter, in words. */
  readonly settings: string;
}

/** A case: measures once, with the arguments of the plan. */
export type Case<Arguments> = (args: Arguments, place: { readonly directory: string }) => Promise<CaseReport>;

/**
 * Runs a case in a directory of its own, which is removed afterwards, and prints its report. For the end of a program in `cases/`.
 */
export async function runCase<Arguments>(measure: Case<Arguments>): Promise<void> {
  const args = JSON.parse(process.argv[2] ?? "{}") as Arguments;
  const directory = mkdtempSync(join(tmpdir(), "femtologging-bench-"));
  // A logger with a worker may leave nothing that keeps the process alive while it is waited for.
  const keptAlive = setInterval(() => {}, KEEP_ALIVE_MILLIS);
  try {
    const report = await measure(args, { directory });
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    clearInterval(keptAlive);
    rmSync(directory, { recursive: true, force: true });
  }
}
