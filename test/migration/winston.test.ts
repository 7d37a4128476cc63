import { Writable } from "node:stream";
import { describe, test } from "vitest";
import winston from "winston";
import { compareSides, type Seen } from "./compare.ts";
import { bankError, makePath, runCode, runOurs, wholeLinesOf, withoutLogger } from "./our-side.ts";
import { readPage } from "./page.ts";

const { theirSetup, ourSetup, rows } = readPage("migration-from-winston.md");

/** The severity numbers that OpenTelemetry's transport for winston gives. */
const SEVERITIES: Readonly<Record<string, number>> = {
  error: 17,
  warn: 13,
  notice: 10,
  info: 9,
  http: 7,
  verbose: 6,
  debug: 5,
  silly: 1,
};

type WinstonLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly message: unknown };

function linesOf(lines: string): unknown[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

function theirsIn(lines: string): Seen[] {
  return (linesOf(lines) as WinstonLine[]).map(({ level, message, stack, ...attributes }) => {
    // An error is its stack there: class and message stand on the first line.
    const [, type, text] = /^(\w+): (.*)/.exec(typeof stack === "string" ? stack : "") ?? [];
    const exception = type === undefined ? {} : { exception: { type, message: text } };
    return { level: SEVERITIES[level] ?? Number.NaN, message, attributes, ...exception };
  });
}

/** Our lines of the default format. */
function oursIn(lines: string): Seen[] {
  return (linesOf(lines) as Readonly<Record<string, unknown>>[]).map(
    ({ time: _time, level: _level, severity, logger: _logger, msg, ...attributes }) => ({
      level: Number(severity),
      message: msg,
      attributes,
    }),
  );
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
  try {
    await runCode(code, { winston, out, path, error: bankError() });
    // Winston's streams hand on what they have when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
    return theirsIn(code.includes("path") ? await wholeLinesOf(path) : lines);
  } finally {
    winston.loggers.close();
  }
}

describe("docs/migration-from-winston.md", () => {
  for (const row of rows) {
    test(`${row.section}: ${row.theirs}`, async () => {
      const theirs = await runTheirs(`${theirSetup}\n${row.theirs}`);
      const ours = await runOurs(`${ourSetup}\n${row.ours}`);
      const seen = ours.flatMap((one) => (one.file === undefined ? [withoutLogger(one)] : oursIn(one.file)));
      compareSides(row, theirs, seen);
    });
  }
});
