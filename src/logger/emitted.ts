import { context, trace, type Context, type LogRecord } from "@opentelemetry/api";
import { epochMillis } from "../../processors/shape/clock.ts";
import type { EmittedRecord, SpanIds } from "../../processors/shape/emit-shapes.ts";
import { exceptionAttributes } from "../record/exception.ts";
import { severityName } from "../record/severity.ts";
import { activeSpan } from "./call-encoder.ts";

const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = {};
/** Numbers below are times of `performance.now()`, as the OpenTelemetry API has it. */
const PERFORMANCE_MILLIS_MAX: number = performance.timeOrigin / 2;

/** A record of the OpenTelemetry API, read. */
export interface ReadEmitted {
  readonly record: Omit<EmittedRecord, "bound" | "span">;
  /** Epoch milliseconds. */
  readonly observedMillis: number;
}

/**
 * Reads a record of the OpenTelemetry API. Never throws: what cannot be read counts as not given.
 * @see Logs API v1.60.0, Emit a LogRecord
 */
export function readEmitted(logRecord: LogRecord): ReadEmitted {
  const severity = logRecord.severityNumber ?? 0;
  const observed = readTime(logRecord.observedTimestamp);
  return {
    record: {
      severityNumber: severity,
      severityText: logRecord.severityText ?? (severity === 0 ? "" : severityName(severity)),
      eventName: logRecord.eventName,
      body: logRecord.body,
      attributes: readAttributes(logRecord),
      droppedCount: 0,
      timestamp: readTime(logRecord.timestamp),
    },
    observedMillis: observed === undefined ? epochMillis() : observed[0] * 1000 + observed[1] / 1e6,
  };
}

function readAttributes(logRecord: LogRecord): Readonly<Record<string, unknown>> {
  const attributes = (logRecord.attributes ?? NO_ATTRIBUTES) as Readonly<Record<string, unknown>>;
  const { exception } = logRecord;
  if (exception === undefined || exception === null) return attributes;
  // The attributes of the caller win.
  return { ...exceptionAttributes(exception), ...attributes };
}

/** Seconds and nanoseconds of a `TimeInput`; undefined where it is no time. */
export function readTime(time: unknown): readonly [number, number] | undefined {
  if (time === undefined || time === null) return undefined;
  if (Array.isArray(time)) return readHrTime(time);
  if (time instanceof Date) return fromMillis(time.getTime());
  if (typeof time !== "number") return undefined;
  return fromMillis(time < PERFORMANCE_MILLIS_MAX ? performance.timeOrigin + time : time);
}

function readHrTime(time: readonly unknown[]): readonly [number, number] | undefined {
  const [seconds, nanos] = time;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return undefined;
  if ((seconds as number) < 0 || (nanos as number) < 0 || (nanos as number) >= 1e9) return undefined;
  return [seconds as number, nanos as number];
}

function fromMillis(millis: number): readonly [number, number] | undefined {
  if (!Number.isFinite(millis) || millis < 0) return undefined;
  const seconds = Math.floor(millis / 1000);
  if (!Number.isSafeInteger(seconds)) return undefined;
  return [seconds, Math.min(999_999_999, Math.round((millis - seconds * 1000) * 1e6))];
}

/** The span of an explicit context, else the active one. */
export function spanOf(explicit: Context | undefined): SpanIds | undefined {
  if (explicit === undefined || explicit === context.active()) return activeSpan();
  const span = trace.getSpanContext(explicit);
  return span !== undefined && trace.isSpanContextValid(span) ? span : undefined;
}
