/** Small programs that log, run as processes of their own: for what concerns stderr, signals, and the end of a process. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The root of the checkout: programs lie below it, so that packages are found. */
const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** The module that an application would import as "femtologging". */
export const INDEX: string = new URL("../../src/index.ts", import.meta.url).href;

/** What a process has left. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

/** How a program is run. */
export interface RunOptions {
  /** Variables beside those of `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the program's file; its end says what kind of module it is. Default "program.ts". */
  readonly fileName?: string;
  /** Working directory. Default the folder of the program. */
  readonly cwd?: string;
  /** True for a program whose stderr nobody reads. */
  readonly isUnread?: boolean;
}

/** A folder inside of the checkout, removed when the test is over. */
export async function makeFolder(): Promise<string> {
  const cache = join(ROOT, ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "program-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a program. Killed when the test is over. */
export async function start(program: string, options: RunOptions = {}): Promise<Running> {
  const folder = await makeFolder();
  const path = join(folder, options.fileName ?? "program.ts");
  await writeFile(path, program);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path], {
    cwd: options.cwd ?? folder,
    env: { PATH: process.env["PATH"], ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, ended: endOf(child, options.isUnread === true) };
}

/** Runs a program to its end. */
export async function run(program: string, options: RunOptions = {}): Promise<Ended> {
  return (await start(program, options)).ended;
}

async function endOf(child: Running["child"], isUnread: boolean): Promise<Ended> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    isUnread ? "" : text(child.stderr),
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
