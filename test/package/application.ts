/** A small application that logs one record to a file and ends by itself, and what it takes to run it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

/** Stops a program that hangs well before the test that runs it. */
const RUN_TIMEOUT_MILLIS = 30_000;

const BODY = `
const log = getLogger("a");
log.addHandler(FemtoFileHandler.builder().path("app.log").build());
log.info("hello {n}", { n: 1 });
`;

/** A source text and the name of the file it goes to. */
export interface Application {
  readonly fileName: string;
  readonly text: string;
}

/** The application as an ECMAScript module. */
export const ESM_APPLICATION: Application = {
  fileName: "app.mjs",
  text: `import { getLogger, FemtoFileHandler } from "femtologging";\n${BODY}`,
};

/** The same as a CommonJS module. */
export const CJS_APPLICATION: Application = {
  fileName: "app.cjs",
  text: `const { getLogger, FemtoFileHandler } = require("femtologging");\n${BODY}`,
};

/** What a finished process has left. */
export interface RunResult {
  /** Text of `app.log`. */
  readonly log: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes an empty folder outside of the checkout, so that no `node_modules` lies above it. The caller removes it. */
export async function makeFolder(): Promise<string> {
  return mkdtemp(join(await realpath(tmpdir()), "femtologging-"));
}

/** Removes a folder and what is in it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/**
 * Runs the file `fileName` of `folder` under the Node that runs the tests, in an environment without the test runner's
 * variables, and reads what it logged.
 *
 * @throws {Error} It ended with another code than 0, or not within 30 seconds, or logged nothing.
 */
export async function runApplication(folder: string, fileName: string): Promise<RunResult> {
  const logPath = join(folder, "app.log");
  await rm(logPath, { force: true });
  const { HOME, PATH, TMPDIR } = process.env;
  const { stdout, stderr } = await execFileAsync(process.execPath, [fileName], {
    cwd: folder,
    env: { HOME, PATH, TMPDIR },
    timeout: RUN_TIMEOUT_MILLIS,
  });
  return { log: await readFile(logPath, "utf8"), stdout, stderr };
}

/** Runs npm and returns what it printed. @throws {Error} It failed; the message carries its output. */
export async function runNpm(args: readonly string[], folder: string): Promise<string> {
  const { stdout } = await execFileAsync("npm", args, { cwd: folder });
  return stdout;
}

/** Puts the application's file into `folder`. */
export async function writeApplication(folder: string, application: Application): Promise<void> {
  await writeFile(join(folder, application.fileName), application.text);
}
