import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, test } from "vitest";
import { compareSides, type Seen } from "./compare.ts";
import { bankError, makePath, runCode, runOurs, wholeLinesOf, withoutLogger } from "./our-side.ts";
import { readPage } from "./page.ts";

const { theirSetup, ourSetup, rows } = readPage("migration-from-pino.md");

type PinoLine = Readonly<Record<string, unknown>> & {
  readonly level: number;
  readonly msg?: string;
  readonly err?: { readonly type: string; readonly message: string };
};

/** The severity numbers of pino's levels; one between two of them is as far between ours. */
function severityOf(level: number): number {
  const steps = [10, 20, 30, 40, 50, 60];
  const index = steps.findLastIndex((step) => step <= level);
  return 1 + 4 * index + Math.floor(((level - (steps[index] ?? 0)) / 10) * 4);
}

function seenIn(lines: string): Seen[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const {
        level,
        msg,
        err,
        time: _time,
        pid: _pid,
        hostname: _host,
        name: _name,
        ...attributes
      } = JSON.parse(line) as PinoLine;
      return {
        level: severityOf(level),
        ...(msg === undefined ? {} : { message: msg }),
        attributes,
        ...(err === undefined ? {} : { exception: { type: err.type, message: err.message } }),
      };
    });
}

async function runTheirs(code: string): Promise<readonly Seen[]> {
  let lines = "";
  const out = new Writable({
    write: (chunk: Buffer, _encoding, onWritten) => {
      lines += chunk.toString();
      onWritten();
    },
  });
  const path = makePath();
  await runCode(code, { pino, out, path, error: bankError() });
  return seenIn(code.includes("path") ? await wholeLinesOf(path) : lines);
}

describe("docs/migration-from-pino.md", () => {
  for (const row of rows) {
    test(`${row.section}: ${row.theirs}`, async () => {
      const theirs = await runTheirs(`${theirSetup}\n${row.theirs}`);
      const ours = await runOurs(`${ourSetup}\n${row.ours}`);
      const seen = ours.flatMap((one) => (one.file === undefined ? [withoutLogger(one)] : seenIn(one.file)));
      compareSides(row, theirs, seen);
    });
  }
});
