/** Reads OTLP in JSON, as far as the shop needs it: a line is a request, and holds many records. */
import type { ComparedRecord } from "./expected-record.ts";
import type { Attributes } from "./remembered-calls.ts";

interface OtlpLine {
  readonly resourceLogs: readonly { readonly scopeLogs: readonly OtlpScopeLogs[] }[];
}

interface OtlpScopeLogs {
  readonly scope: { readonly name: string };
  readonly logRecords: readonly OtlpRecord[];
}

/** What is a default is left out. */
interface OtlpRecord {
  readonly severityText: string;
  readonly body?: AnyValue;
  readonly eventName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: readonly KeyValue[];
}

interface KeyValue {
  readonly key?: string;
  readonly value: AnyValue;
}

/** At most one of them; 64-bit integers are texts. */
interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
}

/** The records of one line. @throws {SyntaxError} It is no JSON. */
export function recordsOfOtlpLine(line: string): ComparedRecord[] {
  const { resourceLogs } = JSON.parse(line) as OtlpLine;
  return resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) => logRecords.map((record) => recordOf(record, scope.name))),
  );
}

function recordOf(record: OtlpRecord, logger: string): ComparedRecord {
  return {
    logger,
    level: record.severityText,
    message: record.body?.stringValue,
    eventName: record.eventName,
    traceId: record.traceId,
    spanId: record.spanId,
    attributes: mapOf(record.attributes),
  };
}

function mapOf(pairs: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(pairs.map(({ key = "", value }) => [key, valueOf(value)]));
}

function valueOf({ arrayValue, kvlistValue, ...simple }: AnyValue): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(valueOf);
  if (kvlistValue !== undefined) return mapOf(kvlistValue.values);
  const [value = null] = Object.values(simple);
  return value;
}
