/** Applications in folders of their own, with the packages they ask for, and what their processes leave. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, glob, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";

/** Stops a program that hangs well before the test that runs it. */
const RUN_TIMEOUT_MILLIS = 60_000;

/** What a process has left. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface ProgramRun {
  /** Options of Node and the name of the program's file. */
  readonly args: readonly string[];
  /** Variables beside those that every program needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder of an application. */
export interface ApplicationFolder {
  readonly path: string;
  readonly write: (name: string, content: string) => Promise<void>;
  readonly read: (name: string) => Promise<string>;
  /** Runs a program with the Node that runs the tests, to its end. */
  readonly run: (run: ProgramRun) => Promise<Ended>;
}

/**
 * Makes a folder outside of the checkout, removed after the test.
 *
 * @param packages Names of packages that are linked into its node_modules; "femtologging" is the checkout.
 */
export async function makeApplication(packages: readonly string[]): Promise<ApplicationFolder> {
  const path = await mkdtemp(join(await realpath(tmpdir()), "femtologging-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  for (const name of packages) {
    const link = join(path, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(name === "femtologging" ? ROOT : join(ROOT, "node_modules", name), link, "dir");
  }
  return {
    path,
    write: (name, content) => writeFile(join(path, name), content),
    read: (name) => readFile(join(path, name), "utf8"),
    run: (run) => runProgram(path, run),
  };
}

/** Puts a copy of @opentelemetry/api into the application that calls itself another version. */
export async function installApi(application: ApplicationFolder, version: string): Promise<void> {
  const target = join(application.path, "node_modules/@opentelemetry/api");
  await cp(join(ROOT, "node_modules/@opentelemetry/api"), target, { recursive: true });
  const { version: original } = JSON.parse(await readFile(join(target, "package.json"), "utf8")) as {
    readonly version: string;
  };
  for await (const file of glob(["package.json", "dist/**/*.{cjs,mjs}"], { cwd: target })) {
    const source = await readFile(join(target, file), "utf8");
    // The files are hard links of the package's own: replaced, never written into.
    await rm(join(target, file));
    await writeFile(join(target, file), source.replaceAll(`"${original}"`, `"${version}"`));
  }
}

async function runProgram(cwd: string, { args, env }: ProgramRun): Promise<Ended> {
  const { HOME, PATH, TMPDIR } = process.env;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd,
    env: { HOME, PATH, TMPDIR, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_TIMEOUT_MILLIS,
    killSignal: "SIGKILL",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
