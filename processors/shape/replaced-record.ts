import type { FemtoLogRecord } from "../../src/record/log-record.ts";
import { severityName } from "../../src/record/severity.ts";
import type { EmittedRecord, SpanIds } from "./emit-shapes.ts";
import type { RecordCursor } from "./record-cursor.ts";

const SEVERITY_MAX = 24;
const NANOS_A_SECOND = 1_000_000_000;
const TRACE_ID_LENGTH = 32;
const SPAN_ID_LENGTH = 16;

/** A record that a filter has made, ready to be encoded. */
export interface ReplacedRecord {
  readonly record: EmittedRecord;
  readonly observedMillis: number;
}

type Time = readonly [number, number];

/**
 * Reads a record that a filter put in the place of another, or made itself. What is not of its type is as it was in the
 * original. Pure; throws what getters of the record throw.
 */
export function readReplaced(given: FemtoLogRecord, original: RecordCursor | undefined): ReplacedRecord {
  const observed = readTime(given.hrTimeObserved) ?? observedOf(original);
  const time = readTime(given.hrTime) ?? observed;
  const isSameTime = time[0] === observed[0] && time[1] === observed[1];
  const severityNumber = readSeverity(given.severityNumber) ?? original?.shape.severityNumber ?? 0;
  return {
    record: {
      severityNumber,
      severityText: readSeverityText(given, { original, severityNumber }),
      eventName: readText(given.eventName),
      body: given.body,
      attributes: given.attributes,
      droppedCount: readCount(given.droppedAttributesCount),
      timestamp: isSameTime ? undefined : time,
      span: readSpan(given.spanContext),
      bound: undefined,
      template: readText(given.template),
    },
    observedMillis: millisOf(observed, original),
  };
}

function observedOf(original: RecordCursor | undefined): Time {
  return original === undefined ? [0, 0] : [original.observedSeconds, original.observedNanos];
}

/** The original's own number, where it is the same time: it is finer than the two integers. */
function millisOf([seconds, nanos]: Time, original: RecordCursor | undefined): number {
  const isSame = original?.observedSeconds === seconds && original.observedNanos === nanos;
  return isSame ? original.millis : seconds * 1000 + nanos / 1e6;
}

function readTime(time: unknown): Time | undefined {
  if (!Array.isArray(time)) return undefined;
  const [seconds, nanos] = time as readonly unknown[];
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return undefined;
  const isTime = (seconds as number) >= 0 && (nanos as number) >= 0 && (nanos as number) < NANOS_A_SECOND;
  return isTime ? [seconds as number, nanos as number] : undefined;
}

function readSeverity(severity: unknown): number | undefined {
  const isSeverity = Number.isInteger(severity) && (severity as number) >= 0;
  return isSeverity && (severity as number) <= SEVERITY_MAX ? (severity as number) : undefined;
}

/** The word of another level must not stay where only the number was changed. */
function readSeverityText(
  given: FemtoLogRecord,
  { original, severityNumber }: { original: RecordCursor | undefined; severityNumber: number },
): string {
  const text = readText(given.severityText) ?? "";
  if (original === undefined || text !== original.shape.severityText) return text;
  return severityNumber === original.shape.severityNumber ? text : severityName(severityNumber);
}

function readText(text: unknown): string | undefined {
  return typeof text === "string" ? text : undefined;
}

function readCount(count: unknown): number {
  return Number.isSafeInteger(count) && (count as number) > 0 ? (count as number) : 0;
}

function readSpan(span: FemtoLogRecord["spanContext"]): SpanIds | undefined {
  if (span?.traceId.length !== TRACE_ID_LENGTH || span.spanId.length !== SPAN_ID_LENGTH) return undefined;
  return span;
}
