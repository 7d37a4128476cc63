/**
 * How long until what is printed by `console.log` is in a file: as text by Node's console, whose stdout is the file, or as lines of JSON by a captured
 * console and a file handler? Does not show a terminal or a pipe, which are slower, nor a console that is captured and still printed.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runCase } from "../case-program.ts";
import type { ConsoleProgramArguments } from "../console-program.ts";
import { ROW_MASK, tables } from "../data.ts";
import type { Stopwatch } from "../stopwatch.ts";

const PROGRAM: string = fileURLToPath(new URL("../console-program.ts", import.meta.url));
const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/** Arguments of the case. */
export type ConsoleArguments = Omit<ConsoleProgramArguments, "path">;

await runCase<ConsoleArguments>(async (args, { directory }) => {
  const paths = { plain: join(directory, "out.txt"), captured: join(directory, "out.jsonl") };
  const stdout = openSync(paths.plain, "a");
  const child = fork(PROGRAM, [JSON.stringify({ ...args, path: paths.captured })], {
    stdio: ["ignore", stdout, "inherit", "ipc"],
    execArgv: [],
  });
  const [[measures], [code]] = (await Promise.all([once(child, "message"), once(child, "exit")])) as [
    [ReturnType<Stopwatch["read"]>],
    [number | null],
  ];
  closeSync(stdout);
  if (code !== 0) throw new Error(`The program that prints has ended with ${code}`);
  const recordCount = args.warmCount + args.count;
  const lines = readFileSync(paths[args.subject], "utf8").split("\n").slice(0, -1);
  return {
    measures: { ...measures },
    recordCount,
    checksum: verify(args.subject === "plain" ? lines : lines.map(messageOf), recordCount),
    settings:
      args.subject === "plain"
        ? "console.log, stdout is a file"
        : "captureConsole({ forward: false }), FemtoFileHandler({ path })",
  };
});

function messageOf(line: string): string {
  return (JSON.parse(line) as { readonly msg: string }).msg;
}

/** @throws {Error} A line is missing, too much, or another one. */
function verify(messages: readonly string[], count: number): string {
  if (messages.length !== count)
    throw new Error(`${count} lines were printed, ${messages.length} have arrived`);
  let checksum = FNV_OFFSET;
  for (const [index, message] of messages.entries()) {
    const row = index & ROW_MASK;
    const expected = `request ${tables.int[row]} of ${tables.text[row]} completed in ${tables.double[row]} ms`;
    if (message !== expected) throw new Error(`Line ${index} is "${message}", must be "${expected}"`);
    checksum = Math.imul(checksum ^ message.length, FNV_PRIME);
  }
  return (checksum >>> 0).toString(16).padStart(8, "0");
}
