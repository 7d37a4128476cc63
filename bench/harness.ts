/** Runs a case in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import type { CaseReport } from "./case-program.ts";

/** A process that is to be started. */
export interface CaseProcess {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: object;
  /** What runs the program; left out, this Node. */
  readonly command?: string;
  /** Options of Node, or of the command. */
  readonly execArgv?: readonly string[];
  readonly timeoutMillis: number;
}

/** Longest part of what a failed case said on stderr that is kept, in characters. */
const STDERR_LENGTH_MAX = 2000;

/**
 * Starts the program of a case and reads the one line that it prints.
 *
 * @throws {Error} It ended with another code than 0, took too long, or printed something else. A wrong count is such an error.
 */
export async function runCaseProcess(start: CaseProcess): Promise<CaseReport> {
  const { program, args, command = process.execPath, execArgv = [], timeoutMillis } = start;
  const child = spawn(command, [...execArgv, program, JSON.stringify(args)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMillis);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null, string | null]>,
  ]);
  clearTimeout(timer);
  if (code !== 0) {
    const end =
      signal === null
        ? `ended with code ${String(code)}`
        : `was ended by ${signal} (limit ${timeoutMillis} ms)`;
    throw new Error(`${program} ${JSON.stringify(args)} ${end}: ${stderr.slice(0, STDERR_LENGTH_MAX)}`);
  }
  return parseReport(program, stdout);
}

function parseReport(program: string, stdout: string): CaseReport {
  const lines = stdout.trimEnd().split("\n");
  if (lines.length !== 1) throw new Error(`${program} printed ${lines.length} lines, must be one: ${stdout}`);
  return JSON.parse(stdout) as CaseReport;
}
