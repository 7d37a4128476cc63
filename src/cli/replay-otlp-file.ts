/**
 * Sends files of OTLP JSON lines to a collector:
 *
 *     node replay-otlp-file.js [--url http://localhost:4318/v1/logs] [--header name=value]... [--compression gzip]
 *         [--retry-timeout-millis 300000] [--offset 0] [--offset-file state] file...
 *
 * Prints one line of JSON for each file: what became of its lines. `--offset-file` keeps how far one file has come, after each
 * answer, and goes on there the next time. Ends with 0 when all was read and answered, with 1 when it had to stop, with 2
 * when the command line is wrong. SIGINT and SIGTERM stop it between two answers. The OTEL_EXPORTER_OTLP_* variables hold.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { replayOtlpFile, type OtlpReplayOptions } from "../../exporters/otlp-file/replay.ts";

const STOPPED = 1;
const WRONG_USAGE = 2;

interface CommandLine {
  readonly paths: readonly string[];
  readonly options: OtlpReplayOptions;
  readonly offsetPath: string | undefined;
}

/** @throws {TypeError} An argument is none of these. */
function commandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: "string" },
      header: { type: "string", multiple: true },
      compression: { type: "string" },
      "retry-timeout-millis": { type: "string" },
      offset: { type: "string" },
      "offset-file": { type: "string" },
    },
  });
  const { offset, "offset-file": offsetPath, "retry-timeout-millis": retryTimeout } = values;
  if (positionals.length === 0) throw new TypeError("No file is named");
  const isResumed = offset !== undefined || offsetPath !== undefined;
  if (positionals.length > 1 && isResumed) throw new TypeError("An offset is that of one file");
  const kept = offsetPath === undefined ? undefined : keptOffset(offsetPath);
  const begin = offset === undefined ? kept : Number(offset);
  return {
    paths: positionals,
    offsetPath,
    options: {
      ...(values.url !== undefined && { url: values.url }),
      ...(values.header !== undefined && { headers: Object.fromEntries(values.header.map(headerOf)) }),
      ...(values.compression !== undefined && { compression: values.compression as "gzip" }),
      ...(retryTimeout !== undefined && { retryTimeoutMillis: Number(retryTimeout) }),
      ...(begin !== undefined && { offset: begin }),
    },
  };
}

function headerOf(header: string): readonly [string, string] {
  const equalsAt = header.indexOf("=");
  if (equalsAt < 1) throw new TypeError("A header is name=value");
  return [header.slice(0, equalsAt), header.slice(equalsAt + 1)];
}

/** @throws {TypeError} There is something else in the file. */
function keptOffset(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8").trim();
  if (!/^\d+$/.test(text)) throw new TypeError(`No offset is in "${path}"`);
  return Number(text);
}

/** Whole or not at all: this process may be killed at any moment. */
function keepOffset(path: string, offset: number): void {
  const temporaryPath = `${path}.tmp`;
  writeFileSync(temporaryPath, `${offset}\n`);
  renameSync(temporaryPath, path);
}

/** The exit code. */
async function replayAll({ paths, options, offsetPath }: CommandLine): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  for (const path of paths) {
    const { error, ...counts } = await replayOtlpFile(path, {
      ...options,
      signal: stop.signal,
      report: (trouble) => void process.stderr.write(`${trouble}\n`),
      onProgress: ({ nextOffset }) => {
        if (offsetPath !== undefined) keepOffset(offsetPath, nextOffset);
      },
    });
    process.stdout.write(`${JSON.stringify({ path, ...counts })}\n`);
    if (!counts.isComplete) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return STOPPED;
    }
  }
  return 0;
}

try {
  process.exitCode = await replayAll(commandLine(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`Cannot replay: ${(error as Error).message}\n`);
  process.exitCode = WRONG_USAGE;
}
