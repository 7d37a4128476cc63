/** Logging systems for bridges, and programs that are captured in processes of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

import type { Capture } from "../../src/bridges/index.ts";
import type { FemtoLogRecord } from "../../src/index.ts";

/** A process that has not ended by then hangs. */
const HANG_MILLIS = 60_000;

/** Captures until the end of the test. */
export function untilTestEnd(capture: Capture): Capture {
  onTestFinished(() => capture.release());
  return capture;
}

/** What a test compares of a record. */
export interface Essence {
  readonly logger: string;
  readonly severity: number | undefined;
  readonly word: string | undefined;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A record without what differs from run to run. */
export function essenceOf(record: FemtoLogRecord): Essence {
  return {
    logger: record.instrumentationScope.name,
    severity: record.severityNumber,
    word: record.severityText,
    body: record.body,
    attributes: record.attributes,
  };
}

/** A line of JSON of a file handler. */
export type Line = Readonly<Record<string, unknown>>;

/** How a program has ended, what it said, and the lines in its file. */
export interface EndedProgram {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly Line[];
}

export interface ProgramRun {
  /** After the path of the file. */
  readonly args?: readonly string[];
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program of ./programs, whose first argument is the path of the file that it logs to. */
export async function runProgram(name: string, run: ProgramRun = {}): Promise<EndedProgram> {
  const folder = mkdtempSync(join(tmpdir(), "femto-bridges-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "app.jsonl");
  const program = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
  const { args = [], execArgv = [], env = {} } = run;
  const child = spawn(process.execPath, [...execArgv, program, path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], NODE_OPTIONS: "--disable-warning=ExperimentalWarning", ...env },
    timeout: HANG_MILLIS,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr, lines: linesIn(path) };
}

function linesIn(path: string): Line[] {
  let content = "";
  try {
    content = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return content
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}
