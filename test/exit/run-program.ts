import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";
import type { Plan, Report } from "./programs/plan.ts";

/** A process that has not ended by then hangs. */
const HANG_MILLIS = 25_000;

/** How a program has ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly reports: readonly Report[];
}

export interface RunOptions {
  /** A command that runs Node. */
  readonly wrapper?: readonly string[];
  /** Options of Node. */
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where descriptors 1 and 2 go; pipes that are read unless told otherwise. */
  readonly stdout?: "pipe" | "unread" | number;
  readonly stderr?: "pipe" | number;
  /** Descriptor 4 is a socket whose other end is never read. */
  readonly hasUnreadSocket?: boolean;
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when the program has said that it logged so many records, rejects when it has ended before. */
  logged(count: number): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Starts a program of ./programs, or of an absolute path, with the sources of this checkout. */
export function startProgram(name: string, args: readonly string[], options: RunOptions = {}): Running {
  const {
    wrapper = [],
    execArgv = [],
    env = {},
    stdout = "pipe",
    stderr = "pipe",
    hasUnreadSocket = false,
  } = options;
  const path = resolve(import.meta.dirname, "programs", name);
  const stdio: StdioOptions = [
    "ignore",
    stdout === "unread" ? "pipe" : stdout,
    stderr,
    "pipe",
    hasUnreadSocket ? "pipe" : "ignore",
  ];
  const [command, ...rest] = [...wrapper, process.execPath, ...execArgv, path, ...args] as [
    string,
    ...string[],
  ];
  const child = spawn(command, rest, {
    stdio,
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1", ...env },
  });
  const hang = setTimeout(() => child.kill("SIGKILL"), HANG_MILLIS);
  const reports = new ReportReader(child.stdio[3] as Readable);
  const texts = [stdout === "unread" ? null : child.stdout, child.stderr].map(textOf);
  const ended = once(child, "exit").then(async ([code, signal]) => {
    clearTimeout(hang);
    const [out = "", error = ""] = await Promise.all(texts);
    return {
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: out,
      stderr: error,
      reports: await reports.all,
    };
  });
  return { child, logged: (count) => reports.untilLogged(count), ended };
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? "" : text(stream);
}

/** Runs the program that logs and ends as `plan` says. */
export function runPlan(plan: Plan, options: RunOptions = {}): Promise<Ended> {
  return startProgram("log-and-end.ts", [JSON.stringify(plan)], options).ended;
}

/** The lines of descriptor 3, while they come. */
class ReportReader {
  readonly all: Promise<readonly Report[]>;
  readonly #reports: Report[] = [];
  readonly #stream: Readable;

  constructor(stream: Readable) {
    this.#stream = stream;
    this.all = this.#read();
  }

  async untilLogged(count: number): Promise<void> {
    while (!this.#reports.some((report) => report.event === "logged" && report.count >= count)) {
      if (this.#stream.readableEnded)
        throw new Error(`The program has ended before it had logged ${count} records`);
      await Promise.race([once(this.#stream, "data"), this.all]);
    }
  }

  async #read(): Promise<readonly Report[]> {
    let rest = "";
    this.#stream.setEncoding("utf8");
    this.#stream.on("data", (chunk: string) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() as string;
      for (const line of lines) this.#reports.push(JSON.parse(line) as Report);
    });
    await once(this.#stream, "end");
    return this.#reports;
  }
}

/** The report of the end: what became of the records, and how long the end was held up. */
export function endOf({ reports, stderr }: Ended): Extract<Report, { event: "exited" }> {
  const report = reports.find(({ event }) => event === "exited");
  if (report?.event !== "exited") throw new Error(`The program did not come to its end: ${stderr}`);
  return report;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is there until the tests of the file have ended. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-exit-"));
  folders.push(folder);
  return folder;
}

/** The numbers in a file of JSON lines. @throws {Error} A line is not whole. */
export function numbersIn(path: string): number[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const rest = lines.pop();
  if (rest !== "") throw new Error(`The last line has no end: ${rest}`);
  return lines.map((line) => (JSON.parse(line) as { readonly i: number }).i);
}

/** `from` to `to - 1`. */
export function upTo(to: number, from = 0): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
