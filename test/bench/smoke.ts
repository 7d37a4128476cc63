/** Runs a program of `bench/` with `BENCH_SMOKE=1`: tiny sizes, but everything that is logged must arrive. Needs `dist/`. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** For a machine that has a lot else to do. */
export const SMOKE_TIMEOUT_MILLIS = 120_000;

/** @throws {Error} The program has not ended with code 0; its message has what it said on stderr. */
export function runSmoke(program: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  const path = fileURLToPath(new URL(`../../bench/${program}`, import.meta.url));
  const env = { ...process.env, BENCH_SMOKE: "1" };
  return promisify(execFile)(process.execPath, [path, ...args], { env, timeout: SMOKE_TIMEOUT_MILLIS });
}
