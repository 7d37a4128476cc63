/** Applications with worker threads, as processes of their own: what they log, and how they end. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { INDEX, makeFolder, run, type Ended } from "../../logger/program.ts";

/** A line that the application has logged. */
export interface Line {
  readonly logger: string;
  readonly level: string;
  readonly msg: string;
  readonly [attribute: string]: unknown;
}

/** What an application has left. */
export interface Outcome extends Ended {
  readonly lines: readonly Line[];
  /** The messages of a file: "app.log" or "own.log". */
  readonly messages: (name?: string) => readonly string[];
  readonly linesOf: (name: string) => readonly Line[];
}

const PRELUDE = `
  import { once } from "node:events";
  import * as threads from "node:worker_threads";
  const { isMainThread, parentPort, workerData } = threads;
  const load = () => import(${JSON.stringify(INDEX)});
  const start = (workerData, options = {}) => new threads.Worker(new URL(import.meta.url), { workerData, ...options });
  const log100 = (log, from = 0) => { for (let n = from; n < from + 100; n++) log.info("{n}", { n }); };
  const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
`;

/**
 * Runs an application of two pieces of program, for the main thread and for all others. Both have `load()`, which imports
 * femtologging, `folder`, `path` (the file that is read afterwards), and what Node has for threads; the first has `start(workerData)`.
 */
export async function runApplication(main: string, thread: string): Promise<Outcome> {
  const folder = await makeFolder();
  const path = join(folder, "app.log");
  const places = `const folder = ${JSON.stringify(folder)}; const path = ${JSON.stringify(path)};`;
  const ended = await run(`${PRELUDE}${places}\nif (isMainThread) {${main}} else {${thread}}`);
  const names = ["app.log", "own.log"];
  const files = new Map<string, readonly Line[]>();
  for (const name of names) files.set(name, await readLines(join(folder, name)));
  const linesOf = (name: string): readonly Line[] => files.get(name) ?? [];
  return {
    ...ended,
    lines: linesOf("app.log"),
    linesOf,
    messages: (name = "app.log") => linesOf(name).map(({ msg }) => msg),
  };
}

async function readLines(path: string): Promise<readonly Line[]> {
  if (!existsSync(path)) return [];
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** The numbers 0 to count - 1, as messages. */
export function upTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => String(n));
}
