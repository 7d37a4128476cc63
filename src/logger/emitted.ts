import { context, trace, type Context, type LogRecord } from "@opentelemetry/api";
import { epochMillis } from "../../processors/shape/clock.ts";
import { attributeKeys, type EmittedRecord, type SpanIds } from "../../processors/shape/emit-shapes.ts";
import { readProperty } from "../../processors/shape/object-encoder.ts";
import { exceptionAttributes } from "../record/exception.ts";
import { activeSpan } from "./call-encoder.ts";

const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = {};
const SEVERITY_MAX = 24;
/** Numbers below are times of `performance.now()`, as the OpenTelemetry API has it. */
const PERFORMANCE_MILLIS_MAX: number = performance.timeOrigin / 2;
/** What a `Date` can hold. Nanoseconds given as milliseconds are beyond it. */
const EPOCH_MILLIS_MAX = 8_640_000_000_000_000;
const NANOS_A_SECOND = 1_000_000_000;

/** A record of the OpenTelemetry API, read. */
export interface ReadEmitted {
  readonly record: Omit<EmittedRecord, "bound">;
  /** Epoch milliseconds. */
  readonly observedMillis: number;
  /** The context that was passed along; undefined for the active one. */
  readonly context: Context | undefined;
}

/** Seconds and nanoseconds since 1970. */
type Time = readonly [seconds: number, nanos: number];

/**
 * Reads a record of the OpenTelemetry API. Never throws: what cannot be read, or is not of its type, counts as not given.
 * @see Logs API v1.60.0, Emit a LogRecord
 */
export function readEmitted(logRecord: LogRecord): ReadEmitted {
  const observed = readTime(readField(logRecord, "observedTimestamp"));
  const explicit = readField(logRecord, "context") as Context | null | undefined;
  return {
    record: {
      severityNumber: readSeverity(logRecord),
      severityText: textOf(readField(logRecord, "severityText")) ?? "",
      eventName: textOf(readField(logRecord, "eventName")),
      body: readField(logRecord, "body"),
      attributes: readAttributes(logRecord),
      droppedCount: 0,
      timestamp: readTime(readField(logRecord, "timestamp")),
      span: spanOf(explicit ?? undefined),
    },
    observedMillis: observed === undefined ? epochMillis() : observed[0] * 1000 + observed[1] / 1e6,
    context: explicit ?? undefined,
  };
}

/** The severity number of a record; 0, unspecified, for what is none. */
export function readSeverity(logRecord: LogRecord): number {
  const severity = readField(logRecord, "severityNumber");
  const isSeverity =
    typeof severity === "number" && Number.isInteger(severity) && severity > 0 && severity <= SEVERITY_MAX;
  return isSeverity ? severity : 0;
}

/** Any field, also of a record that is none. */
function readField(logRecord: LogRecord, name: keyof LogRecord): unknown {
  try {
    return logRecord[name];
  } catch {
    return undefined;
  }
}

/** The text of what should be a text; undefined for nothing. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  switch (typeof value) {
    case "number":
    case "bigint":
    case "boolean":
    case "symbol":
      return String(value);
    default:
      return `[${typeof value}]`;
  }
}

function readAttributes(logRecord: LogRecord): Readonly<Record<string, unknown>> {
  const given = readField(logRecord, "attributes");
  const attributes = (typeof given === "object" ? given : undefined) ?? NO_ATTRIBUTES;
  const exception = readField(logRecord, "exception");
  if (exception === undefined || exception === null) return attributes as Readonly<Record<string, unknown>>;
  return withException(attributes as Record<string, unknown>, exception);
}

/** The attributes of the caller win. */
function withException(
  attributes: Record<string, unknown>,
  exception: unknown,
): Readonly<Record<string, unknown>> {
  // Without a prototype, so that "__proto__" is an attribute like any other.
  const merged = Object.create(null) as Record<string, unknown>;
  Object.assign(merged, exceptionAttributes(exception));
  for (const key of attributeKeys(attributes)) merged[key] = readProperty(attributes, key);
  return merged;
}

/** Seconds and nanoseconds of a `TimeInput`; undefined where it is no time, or lies before 1970. */
function readTime(time: unknown): Time | undefined {
  try {
    if (typeof time === "number") return readMillis(time);
    if (Array.isArray(time)) return readHrTime(time);
    return time instanceof Date ? fromMillis(time.getTime()) : undefined;
  } catch {
    return undefined;
  }
}

function readHrTime(time: readonly unknown[]): Time | undefined {
  const [seconds, nanos] = time;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return undefined;
  if ((seconds as number) < 0 || (nanos as number) < 0 || (nanos as number) >= NANOS_A_SECOND)
    return undefined;
  return [seconds as number, nanos as number];
}

/** The two parts of a time of `performance.now()` are added as integers: their sum as a float is coarser than either. */
function readMillis(millis: number): Time | undefined {
  if (!Number.isFinite(millis)) return undefined;
  if (millis >= PERFORMANCE_MILLIS_MAX) return fromMillis(millis);
  if (millis < 0) return fromMillis(performance.timeOrigin + millis);
  const origin = fromMillis(performance.timeOrigin);
  const since = fromMillis(millis);
  if (origin === undefined || since === undefined) return undefined;
  const nanos = origin[1] + since[1];
  const carry = nanos >= NANOS_A_SECOND ? 1 : 0;
  return [origin[0] + since[0] + carry, nanos - carry * NANOS_A_SECOND];
}

function fromMillis(millis: number): Time | undefined {
  if (!Number.isFinite(millis) || millis < 0 || millis > EPOCH_MILLIS_MAX) return undefined;
  const seconds = Math.floor(millis / 1000);
  return [seconds, Math.min(NANOS_A_SECOND - 1, Math.round((millis - seconds * 1000) * 1e6))];
}

/** The span of an explicit context, else the active one. What is no context has no span. */
function spanOf(explicit: Context | undefined): SpanIds | undefined {
  if (explicit === undefined || explicit === context.active()) return activeSpan();
  try {
    const span = trace.getSpanContext(explicit);
    return span !== undefined && trace.isSpanContextValid(span) ? span : undefined;
  } catch {
    return undefined;
  }
}
