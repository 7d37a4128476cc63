/** What OTLP makes of what was given: by the specification and section 6 of docs/design.md, without any code of ours. */
import type {
  DecodedLogRecord,
  DecodedMap,
  DecodedResource,
  DecodedScope,
  DecodedValue,
} from "../../proto/model.ts";
import { withOwn, type GivenCall, type GivenRecord } from "./given.ts";
import type { GivenMap, GivenValue } from "./values.ts";

/** Attributes are limited to so many; null for all. */
export type CountLimit = number | null;

/** Who a record is from. */
export interface Origin {
  readonly scope: DecodedScope;
  readonly resource: DecodedResource;
}

const SEVERITIES: Readonly<Record<GivenCall["method"], readonly [number, string]>> = {
  trace: [1, "TRACE"],
  debug: [5, "DEBUG"],
  info: [9, "INFO"],
  warn: [13, "WARN"],
  error: [17, "ERROR"],
  critical: [21, "CRITICAL"],
};

/** Safe integers are int64 but for -0, other numbers double; integers that int64 cannot hold are their digits. */
function expectedValue(given: GivenValue): DecodedValue {
  switch (typeof given) {
    case "undefined":
      return null;
    case "number":
      return Number.isSafeInteger(given) && !Object.is(given, -0) ? BigInt(given) : given;
    case "bigint":
      return BigInt.asIntN(64, given) === given ? given : String(given);
    case "string":
      return given.toWellFormed();
    case "boolean":
      return given;
    default:
      return expectedObject(given);
  }
}

function expectedObject(given: Extract<GivenValue, object | null>): DecodedValue {
  if (given === null) return null;
  if (given instanceof Uint8Array) return new Uint8Array(given);
  if (Array.isArray(given)) return (given as readonly GivenValue[]).map(expectedValue);
  return expectedMap(given as GivenMap);
}

/** Keys whose value is undefined are left out. */
export function expectedMap(given: GivenMap): DecodedMap {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return new Map(entries.map(([key, value]) => [key.toWellFormed(), expectedValue(value)]));
}

/** The attributes of the caller win over those of the exception, which come on top. */
function attributesOf({ attributes, exception }: GivenRecord): DecodedMap {
  if (exception === undefined) return expectedMap(attributes);
  const ofException = {
    "exception.type": exception.name,
    "exception.message": exception.message,
    "exception.stacktrace": exception.stack,
  };
  return new Map([...expectedMap(ofException), ...expectedMap(attributes)]);
}

function limited(
  attributes: DecodedMap,
  limit: CountLimit,
): Pick<DecodedLogRecord, "attributes" | "droppedAttributesCount"> {
  if (limit === null || attributes.size <= limit) return { attributes, droppedAttributesCount: 0 };
  return {
    attributes: new Map([...attributes].slice(0, limit)),
    droppedAttributesCount: attributes.size - limit,
  };
}

/** The record of an `emit()`. */
export function expectedRecord(
  given: GivenRecord,
  origin: Origin,
  limit: CountLimit = null,
): DecodedLogRecord {
  const { span } = given;
  return {
    timeUnixNano: BigInt(given.seconds) * 1_000_000_000n + BigInt(given.nanos),
    observedTimeUnixNano: given.observedMicros * 1_000n,
    severityNumber: given.severityNumber ?? 0,
    severityText: (given.severityText ?? "").toWellFormed(),
    body: given.body === undefined ? undefined : expectedValue(given.body),
    ...limited(attributesOf(given), limit),
    flags: span?.traceFlags ?? 0,
    traceId: span?.traceId.toLowerCase() ?? "",
    spanId: span?.spanId ?? "",
    eventName: (given.eventName ?? "").toWellFormed(),
    ...origin,
  };
}

/**
 * The record of a call.
 *
 * @param nanos Its time, which no caller knows: that of the record which came.
 */
export function expectedCall(given: GivenCall, origin: Origin, nanos: bigint): DecodedLogRecord {
  const { span, bound = {} } = given;
  const [severityNumber, severityText] = SEVERITIES[given.method];
  return {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    severityNumber,
    severityText,
    body: given.text.toWellFormed(),
    // A key of the call hides that of the logger, also where its value is undefined.
    attributes: expectedMap(withOwn(bound, given.attributes)),
    droppedAttributesCount: 0,
    flags: span?.traceFlags ?? 0,
    traceId: span?.traceId ?? "",
    spanId: span?.spanId ?? "",
    eventName: "",
    ...origin,
  };
}
