/** Reads back what the handlers delivered: lines of the log files, and what the collector holds. */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { request } from "undici";
import { Comparison, type ComparisonResult } from "./comparison.ts";
import { expectedRecord, type ComparedRecord } from "./expected-record.ts";
import { recordsOfOtlpLine } from "./otlp-line.ts";
import { remembered, type Attributes } from "./remembered-calls.ts";

/** Compares the lines of a file with what was logged. @throws {Error} The file cannot be read. */
export async function compareFile(path: string): Promise<ComparisonResult> {
  return compareLines(createReadStream(path), { expected: expectedAt, parse: recordOfFile });
}

/** Compares the lines of a file, and of those that were put away from it, with what was logged. @throws {Error} One cannot be read. */
export async function compareRotatedFiles(path: string): Promise<ComparisonResult> {
  const prefix = `${basename(path)}.`;
  const numbers = (await readdir(dirname(path)))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)));
  // The highest number is the oldest.
  const paths = numbers.toSorted((one, other) => other - one).map((number) => `${path}.${number}`);
  const lines = Readable.from(chunksOf([...paths, path]));
  return compareLines(lines, { expected: expectedAt, parse: recordOfFile });
}

async function* chunksOf(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* createReadStream(path) as AsyncIterable<Buffer>;
}

/** Compares what the embedded collector holds with what was logged. @throws {Error} It does not answer. */
export async function compareCollector(recordsUrl: string): Promise<ComparisonResult> {
  const { statusCode, body } = await request(recordsUrl);
  if (statusCode !== 200)
    throw new Error(`Cannot read the collector's records: ${recordsUrl} answered ${statusCode}`);
  return compareLines(body, { expected: (seq) => asCollected(expectedAt(seq)), parse: recordOfCollector });
}

/** Compares what the OpenTelemetry Collector has written with what was logged. @throws {Error} The file cannot be read. */
export async function compareOtlpFile(path: string): Promise<ComparisonResult> {
  const comparison = new Comparison((seq) => asCollected(expectedAt(seq)));
  for await (const line of createInterface({ input: createReadStream(path) })) {
    for (const record of recordsOfOtlpLine(line)) comparison.add(record);
  }
  return comparison.finish(remembered.calls.length);
}

interface Source {
  readonly expected: (seq: number) => ComparedRecord | undefined;
  readonly parse: (line: Attributes) => ComparedRecord;
}

async function compareLines(source: Readable, { expected, parse }: Source): Promise<ComparisonResult> {
  const comparison = new Comparison(expected);
  for await (const line of createInterface({ input: source })) {
    try {
      comparison.add(parse(JSON.parse(line) as Attributes));
    } catch {
      comparison.addUnreadable(line);
    }
  }
  return comparison.finish(remembered.calls.length);
}

function expectedAt(seq: number): ComparedRecord | undefined {
  const call = remembered.calls[seq];
  return call === undefined ? undefined : expectedRecord(call, seq);
}

/** A line of the JSON file: fixed names first, the attributes beside them. */
function recordOfFile(line: Attributes): ComparedRecord {
  const { time: _time, severity: _severity, trace_flags: _flags, ...rest } = line;
  const { level, logger, msg, event, trace_id, span_id, ...attributes } = rest;
  return {
    logger: logger as string,
    level: level as string,
    message: msg as string | undefined,
    eventName: event as string | undefined,
    traceId: trace_id as string | undefined,
    spanId: span_id as string | undefined,
    attributes,
  };
}

/** A line of the collector: a record as OTLP has it, where a text that is absent is empty. */
function recordOfCollector(line: Attributes): ComparedRecord {
  const { scope, severityText, body, eventName, traceId, spanId, attributes } = line;
  return {
    logger: (scope as { readonly name: string }).name,
    level: severityText as string,
    message: body as string | undefined,
    eventName: (eventName as string) || undefined,
    traceId: (traceId as string) || undefined,
    spanId: (spanId as string) || undefined,
    attributes: attributes as Attributes,
  };
}

/** As the collector writes it: integers, which are 64 bits wide in OTLP, as texts. */
function asCollected(record: ComparedRecord | undefined): ComparedRecord | undefined {
  return record === undefined
    ? undefined
    : { ...record, attributes: integersAsText(record.attributes) as Attributes };
}

function integersAsText(value: unknown): unknown {
  if (Number.isInteger(value)) return String(value);
  if (Array.isArray(value)) return value.map(integersAsText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, integersAsText(member)]));
}
