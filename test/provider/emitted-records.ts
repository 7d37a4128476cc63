/** Random records of the OpenTelemetry API that both SDKs take as they are, and how finished records are compared. */
import { ROOT_CONTEXT, trace, type Context, type LogRecord } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import * as fc from "fast-check";

import type { FemtoLogRecord } from "../../src/index.ts";
import type { DecodedLogRecord, DecodedValue } from "../../proto/model.ts";

const texts = fc.string({ unit: "grapheme", maxLength: 12 });

const keys = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((key) => key !== "__proto__");

/** Values that both SDKs map in the same way; `test/bad-input` has the others. */
const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    texts,
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...Array.from("0123456789abcdef")),
    minLength: length,
    maxLength: length,
  });

const contexts: fc.Arbitrary<Context | undefined> = fc.option(
  fc
    .record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.constantFrom(0, 1) })
    .map((span) => trace.setSpanContext(ROOT_CONTEXT, span)),
  { nil: undefined },
);

/** Milliseconds since 1970 up to the year 2100. */
const millis = fc.integer({ min: 0, max: 4_102_444_800_000 });

const times = fc.oneof(
  millis.filter((time) => time > performance.timeOrigin / 2),
  millis.map((time) => new Date(time)),
  fc.tuple(fc.integer({ min: 0, max: 4_102_444_800 }), fc.integer({ min: 0, max: 999_999_999 })),
);

/** Our records hold the observed time as milliseconds in a float: whole microseconds survive it. */
const observedTimes = times.map((time) =>
  Array.isArray(time) ? [time[0], time[1] - (time[1] % 1000)] : time,
);

const exceptions: fc.Arbitrary<unknown> = fc.option(
  texts.filter((text) => text !== "").map((message) => new RangeError(message)),
  { nil: undefined },
);

/** A record for `emit()`. Times are always given: the two SDKs read the clock at different moments. */
export const emittedRecords: fc.Arbitrary<LogRecord> = fc.record(
  {
    timestamp: times,
    observedTimestamp: observedTimes as fc.Arbitrary<NonNullable<LogRecord["timestamp"]>>,
    context: contexts as fc.Arbitrary<Context>,
    eventName: texts.filter((text) => text !== ""),
    severityNumber: fc.integer({ min: 0, max: 24 }),
    severityText: texts,
    body: values,
    attributes: fc.dictionary(keys, values, { maxKeys: 6, noNullPrototype: true }),
    exception: exceptions,
  },
  { requiredKeys: ["timestamp", "observedTimestamp", "context"] },
);

/** The fields of a record that all SDKs have. Empty texts and severity 0 are those of a record that has none. */
export interface PlainRecord {
  readonly time: bigint;
  readonly observed: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: unknown;
  readonly attributes: unknown;
  readonly droppedAttributesCount: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly scope: string;
}

function nanosOf([seconds, nanos]: readonly [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

/** The observed time is compared to the microsecond: our records hold it as milliseconds in a float. */
function microsOf(nanos: bigint): bigint {
  return (nanos + 500n) / 1000n;
}

/** A record of either SDK. */
export function plainOf(record: ReadableLogRecord | FemtoLogRecord): PlainRecord {
  return {
    time: nanosOf(record.hrTime),
    observed: microsOf(nanosOf(record.hrTimeObserved)),
    severityNumber: record.severityNumber ?? 0,
    severityText: record.severityText ?? "",
    eventName: record.eventName ?? "",
    body: record.body,
    attributes: record.attributes,
    droppedAttributesCount: record.droppedAttributesCount,
    traceId: record.spanContext?.traceId ?? "",
    spanId: record.spanContext?.spanId ?? "",
    traceFlags: record.spanContext?.traceFlags ?? 0,
    scope: record.instrumentationScope.name,
  };
}

/** The same record after it went over the wire: maps are objects again, and 64-bit integers numbers. */
export function plainOfWire(record: DecodedLogRecord): PlainRecord {
  return {
    time: record.timeUnixNano,
    observed: microsOf(record.observedTimeUnixNano),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    eventName: record.eventName,
    body: fromWire(record.body),
    attributes: fromWire(record.attributes),
    droppedAttributesCount: record.droppedAttributesCount,
    traceId: record.traceId,
    spanId: record.spanId,
    traceFlags: record.flags,
    scope: record.scope.name,
  };
}

function fromWire(value: DecodedValue | undefined): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, part]) => [key, fromWire(part as DecodedValue)]));
  return Array.isArray(value) ? (value as readonly DecodedValue[]).map(fromWire) : value;
}

/** A value as a JSON line has it. */
export function asJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString("base64");
    return typeof part === "number" && !Number.isFinite(part) ? String(part) : part;
  });
  return text === undefined ? undefined : JSON.parse(text);
}
