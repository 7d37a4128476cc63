import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { expect, onTestFinished, vi } from "vitest";
import * as femtologging from "../../src/index.ts";
import type { Seen } from "./compare.ts";

/** What code in a page may speak of, by name. */
export type Names = Readonly<Record<string, unknown>>;

/** An error for one side: winston writes into those that it logs. */
export function bankError(): Error {
  return new Error("no bank");
}

/** Runs the code of a page. `await` may stand in it. */
export async function runCode(code: string, names: Names): Promise<void> {
  const run = compileFunction(`return (async () => {\n${code}\n})()`, Object.keys(names));
  await (run as (...values: readonly unknown[]) => Promise<void>)(...Object.values(names));
}

/** A path that is free until the end of the test. */
export function makePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-migration-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "app.log");
}

/** The text of a file once it is there and ends with a line. */
export async function wholeLinesOf(path: string): Promise<string> {
  await vi.waitFor(() => expect(existsSync(path) && readFileSync(path, "utf8")).toMatch(/\n$/), 20_000);
  return readFileSync(path, "utf8");
}

/** Runs our side of a row. @returns The records that it has made, or the file that it has written. */
export async function runOurs(code: string, names: Names = {}): Promise<readonly Seen[]> {
  const exporter = new femtologging.FemtoInMemoryExporter();
  const handler = new femtologging.FemtoBatchLogRecordProcessor({ exporter });
  const path = makePath();
  await runCode(code, { ...femtologging, error: bankError(), ...names, exporter, handler, path });
  await handler.shutdown();
  if (code.includes("path")) return [{ file: await wholeLinesOf(path) }];
  return exporter.getFinishedLogRecords().map(seenOf);
}

/** A record of the OpenTelemetry SDK. */
export function seenOf(record: ReadableLogRecord): Seen {
  const { severityNumber, body, attributes, eventName, instrumentationScope } = record;
  const own = Object.entries(attributes).filter(([key]) => !key.startsWith("exception."));
  const type = attributes["exception.type"];
  return {
    ...(severityNumber === undefined ? {} : { level: severityNumber }),
    message: body,
    attributes: Object.fromEntries(own),
    ...(type === undefined ? {} : { exception: { type, message: attributes["exception.message"] } }),
    logger: instrumentationScope.name,
    ...(eventName === undefined ? {} : { eventName }),
  };
}

/** What both sides have, when only one of them knows loggers by name. */
export function withoutLogger({ logger: _logger, ...seen }: Seen): Seen {
  return seen;
}
