/** Runs the bundled application in a folder of its own and gathers what reached each destination. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { TargetServers } from "./targets.ts";

const execFileAsync = promisify(execFile);

/** Stops a program that hangs before the test does. */
const RUN_TIMEOUT_MILLIS = 60_000;

/** The texts of all records that the application logs. */
export const MESSAGES: readonly string[] = [
  ...Array.from({ length: 40 }, (_, index) => `Order ${index + 1} is paid`),
  "Order 0 is lost",
  ...Array.from({ length: 3 }, () => "Cache is full"),
  "Goodbye",
].toSorted();

/** Destinations that get all records. */
export const DESTINATIONS: readonly string[] =
  "otlp otlpJson inlineOtlp http socket syslog stdout ecs inline function rotating timed memory"
    .split(" ")
    .toSorted();

/** What a run of the application has left. */
export interface Outcome {
  /** By destination: texts of the records, sorted. */
  readonly received: Readonly<Record<string, readonly string[]>>;
  /** Lines of the file whose handler filters. */
  readonly warnings: readonly string[];
  /** Text of the file of the process's own logging system. */
  readonly processLog: string;
  /** What the application found out itself. */
  readonly result: unknown;
  readonly stderr: string;
}

function linesOf(text: string): string[] {
  return text.trimEnd().split("\n");
}

function messagesIn(text: string, key: string): string[] {
  return linesOf(text).map((line) => String((JSON.parse(line) as Readonly<Record<string, unknown>>)[key]));
}

/** Of lines with a stack below some: what stands behind level and name. */
function briefMessages(text: string): string[] {
  return linesOf(text).flatMap((line) => /^[A-Z]+ [\w.]+ (.*)$/.exec(line)?.[1] ?? []);
}

/** All files that were put away, compressed or not yet, and the last one. */
function rotatedText(folder: string): string {
  return readdirSync(folder)
    .filter((name) => /^rotating\.jsonl(?:\.\d+)?(?:\.gz)?$/.test(name))
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    })
    .join("");
}

function readFolder(folder: string): Readonly<Record<string, readonly string[]>> {
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return {
    ecs: messagesIn(read("ecs.jsonl"), "message"),
    inline: briefMessages(read("inline.log")),
    function: linesOf(read("function.log")).map((line) => String(JSON.parse(line.replace(/^own /, "")))),
    rotating: messagesIn(rotatedText(folder), "msg"),
    timed: messagesIn(read("timed.jsonl"), "msg"),
    memory: messagesIn(read("memory.jsonl"), "msg"),
  };
}

/**
 * Runs a command in `folder`, which has no packages, against receivers of its own.
 *
 * @throws {Error} It ended with another code than 0, or not within a minute.
 */
export async function runBundle(folder: string, command: readonly [string, ...string[]]): Promise<Outcome> {
  await using servers = await TargetServers.start();
  const [file, ...args] = command;
  const { stdout, stderr } = await execFileAsync(file, args, {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, TARGETS: JSON.stringify(servers.targets) },
    timeout: RUN_TIMEOUT_MILLIS,
  });
  await servers.arrived(MESSAGES.length);
  const unsorted: Readonly<Record<string, readonly string[]>> = {
    ...servers.received,
    ...readFolder(folder),
    stdout: linesOf(stdout).map((line) => / msg=(?:"([^"]*)"|(\S+))/.exec(line)?.slice(1).join("") ?? line),
  };
  const received = Object.entries(unsorted).map(([name, texts]) => [name, texts.toSorted()] as const);
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return {
    received: Object.fromEntries(received.toSorted(([a], [b]) => a.localeCompare(b))),
    warnings: linesOf(read("warnings.log")).filter((line) => /^[A-Z]+ /.test(line)),
    processLog: read("process.log"),
    result: JSON.parse(read("result.json")) as unknown,
    stderr,
  };
}
