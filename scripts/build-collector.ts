/**
 * Builds the OpenTelemetry Collector that tests run against, with its official builder, and prints the path of the program.
 * What was built is kept outside of the checkout, so a machine builds it once for each manifest.
 *
 *     node scripts/build-collector.ts
 *
 * Needs Go 1.25 or newer (a Go that fetches toolchains may be older) and a proxy of Go modules. OTELCOL names a collector
 * to take instead. Exit code 0: the last line of stdout is the path; 3: it cannot be built on this machine, the last line of
 * stderr says why; 1: something else went wrong.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const MANIFEST: string = fileURLToPath(new URL("collector-manifest.yaml", import.meta.url));
const BUILDER = "go.opentelemetry.io/collector/cmd/builder@v0.155.0";
const EXIT_UNAVAILABLE = 3;

/** This machine cannot have a collector: it has no Go, or cannot fetch the modules. */
export class CollectorUnavailableError extends Error {
  override readonly name = "CollectorUnavailableError";
}

/**
 * Finds the collector: the program that OTELCOL names, else the one in the cache, which is built when it is not there.
 *
 * @returns Absolute path of the program.
 * @throws {CollectorUnavailableError} It cannot be built on this machine.
 * @throws {Error} OTELCOL names no program, or the collector does not compile.
 */
export async function findCollector(): Promise<string> {
  const given = process.env["OTELCOL"] ?? "";
  if (given !== "") return checkGiven(resolve(given));
  const folder = await cacheFolder();
  const program = join(folder, process.platform === "win32" ? "otelcol.exe" : "otelcol");
  if (!(await isProgram(program))) await build(program);
  return program;
}

async function checkGiven(program: string): Promise<string> {
  if (await isProgram(program)) return program;
  throw new Error(`Cannot run the collector that OTELCOL names: "${program}" must be a program`);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // A folder has the same right.
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** A folder for each manifest and builder, so that a newer one never runs what an older one has left. */
async function cacheFolder(): Promise<string> {
  const hash = createHash("sha256")
    .update(BUILDER)
    .update(await readFile(MANIFEST));
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(caches, "femtologging", `otelcol-${hash.digest("hex").slice(0, 12)}`);
}

/** Builds in a folder of its own and moves the program into place: whoever looks for it finds a whole one or none. */
async function build(program: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "femtologging-otelcol-"));
  try {
    const env = await goEnvironment();
    say(`Building the collector, once on this machine: ${program}`);
    await fetchSources({ folder, env });
    await compile({ folder, env });
    await mkdir(join(program, ".."), { recursive: true });
    // Another file system may be between the two: copied beside it, then renamed.
    const copy = `${program}.${process.pid}`;
    await cp(join(folder, "sources/otelcol"), copy);
    await rename(copy, program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws {CollectorUnavailableError} There is no Go. */
async function goEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { code, stdout } = await run("go", ["env", "GOFLAGS"]);
  if (code !== 0) throw new CollectorUnavailableError('"go" is not installed, or cannot be run');
  // -e: `go mod tidy` wants the modules of tests of modules too, which are not compiled and which a proxy may not have.
  return { ...process.env, CGO_ENABLED: "0", GOFLAGS: `${stdout.trim()} -e`.trim() };
}

interface Workshop {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Generates the sources and fetches all modules. @throws {CollectorUnavailableError} It cannot. */
async function fetchSources({ folder, env }: Workshop): Promise<void> {
  const args = ["run", BUILDER, "--config", MANIFEST, "--skip-compilation"];
  const { code, stderr } = await run("go", args, { cwd: folder, env });
  if (code !== 0) throw new CollectorUnavailableError(`the Go modules cannot be fetched (${endOf(stderr)})`);
}

/** @throws {Error} It does not compile. */
async function compile({ folder, env }: Workshop): Promise<void> {
  const args = ["run", BUILDER, "--config", MANIFEST, "--skip-generate", "--skip-get-modules"];
  const { code, stderr } = await run("go", args, { cwd: folder, env });
  if (code !== 0) throw new Error(`Cannot build the collector: it does not compile\n${stderr}`);
}

interface Finished {
  /** undefined: the program is not there. */
  readonly code: number | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const code = Promise.withResolvers<number | null | undefined>();
  child.once("close", code.resolve);
  child.once("error", () => code.resolve(undefined));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code.promise, stdout, stderr };
}

/** The last two lines: Go says what it could not read, and then what the server said. */
function endOf(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-2)
    .join("; ");
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  try {
    process.stdout.write(`${await findCollector()}\n`);
  } catch (error) {
    const isUnavailable = error instanceof CollectorUnavailableError;
    say(isUnavailable ? `Cannot build the collector: ${error.message}` : (error as Error).message);
    process.exitCode = isUnavailable ? EXIT_UNAVAILABLE : 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
