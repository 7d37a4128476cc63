/** Runs an example as its readers do: with the Node that runs the tests, in a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";

/** Stops a program that hangs before the test that runs it is given up. */
const RUN_TIMEOUT_MILLIS = 40_000;

/** How an example is run. */
export interface ExampleRun {
  /** Below examples/. */
  readonly path: string;
  readonly args?: readonly string[];
  /** Working directory; by default a new one. */
  readonly folder?: string;
  /** Variables beside those that every program needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a finished example has left. */
export interface ExampleResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes an empty folder, which is removed after the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-examples-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts an example. Whoever starts it reads both of its streams. */
export async function startExample({ path, args = [], folder, env = {} }: ExampleRun): Promise<ChildProcess> {
  const { HOME, PATH } = process.env;
  const cwd = folder ?? (await makeFolder());
  // Older versions of Node warn that they strip types.
  const nodeArgs = ["--disable-warning=ExperimentalWarning", join(ROOT, "examples", path), ...args];
  const child = spawn(process.execPath, nodeArgs, {
    cwd,
    env: { HOME, PATH, TMPDIR: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_TIMEOUT_MILLIS,
    killSignal: "SIGKILL",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Waits for the end of an example. Call it at once: what was printed before is not seen. */
export async function finish(child: ChildProcess): Promise<ExampleResult> {
  const stdout = chunksOf(child.stdout);
  const stderr = chunksOf(child.stderr);
  const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, stdout: stdout.join(""), stderr: stderr.join("") };
}

/** Grows with what the stream gives. Leaves the stream to others, too. */
function chunksOf(stream: Readable | null): readonly string[] {
  const chunks: string[] = [];
  stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  return chunks;
}

/** Runs an example to its end. */
export async function runExample(run: ExampleRun): Promise<ExampleResult> {
  return finish(await startExample(run));
}

/** A line of JSON that a handler has written. */
export type Line = Readonly<Record<string, unknown>>;

/** The lines of a text, parsed. @throws {SyntaxError} One is no JSON. */
export function linesOf(jsonLines: string): Line[] {
  return jsonLines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** The lines of a file, parsed. @throws {SyntaxError} One is no JSON. @throws {Error} There is no such file. */
export async function readLines(...pathParts: readonly string[]): Promise<Line[]> {
  return linesOf(await readFile(join(...pathParts), "utf8"));
}
