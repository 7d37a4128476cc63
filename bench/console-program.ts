/**
 * The process that `cases/console.ts` starts, with stdout going to a file: prints, and reports by a message what it took until all was
 * delivered.
 *
 *     node bench/console-program.ts '{"subject":"captured","path":"/tmp/out.jsonl","warmCount":10,"count":100}'
 */
import { createLogging, FemtoFileHandler } from "femtologging";
import { captureConsole } from "femtologging/bridges";

import { ROW_MASK, tables } from "./data.ts";
import { Stopwatch } from "./stopwatch.ts";

/** What it is told. */
export interface ConsoleProgramArguments {
  /** `plain`: Node's console. `captured`: the same, captured, into a file handler, and not printed. */
  readonly subject: "plain" | "captured";
  /** The file of the handler. */
  readonly path: string;
  readonly warmCount: number;
  readonly count: number;
}

function print(begin: number, end: number): void {
  const { int, text, double } = tables;
  for (let i = begin; i < end; i++) {
    const row = i & ROW_MASK;
    console.log("request %d of %s completed in %d ms", int[row], text[row], double[row]);
  }
}

const { subject, path, warmCount, count } = JSON.parse(process.argv[2] ?? "{}") as ConsoleProgramArguments;
const handler = subject === "captured" ? new FemtoFileHandler({ path }) : undefined;
if (handler !== undefined)
  captureConsole({ logging: createLogging({ handlers: [handler] }), forward: false });
print(0, warmCount);
await handler?.forceFlush();
const watch = new Stopwatch();
print(warmCount, warmCount + count);
await handler?.forceFlush();
process.send?.(watch.read(count));
await handler?.shutdown();
