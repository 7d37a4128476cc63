/**
 * What the stock SDK (@opentelemetry/sdk-logs 3.1.1) and its serializers (@opentelemetry/otlp-transformer 0.301.1) send otherwise than
 * the specification asks for, and than we do. Each rule turns a given record into one that comes out right as what the stock
 * sends for it; `stock-rules.test.ts` shows of each that it really occurs, so a rule that is not needed any more fails.
 */
import { isDeepStrictEqual } from "node:util";

import type { DecodedLogRecord, DecodedMap, DecodedValue } from "../../proto/model.ts";
import { withOwn, type GivenRecord } from "./given.ts";
import type { GivenMap, GivenValue } from "./values.ts";

/** How the stock serializer was asked to write. */
export type StockEncoding = "protobuf" | "json";

/** One deviation. */
export interface StockRule {
  readonly name: string;
  /** Why it is a defect, by the specification. */
  readonly reason: string;
  readonly encodings: readonly StockEncoding[];
  /** A record in which it shows. */
  readonly example: Partial<GivenRecord>;
  /** What the stock makes of a value, wherever in the record it stands. */
  readonly value?: (given: GivenValue) => GivenValue;
  /** What it makes of the record. */
  readonly record?: (given: GivenRecord) => GivenRecord;
  /** What a receiver has to do with each text, to have the one that was meant. */
  readonly text?: (received: string) => string;
}

const BOTH: readonly StockEncoding[] = ["protobuf", "json"];
const TWO_63 = 2 ** 63;

/** An integer that a double does not hold apart from its neighbours. */
function isLongInteger(given: GivenValue): given is number {
  return Number.isInteger(given) && !Number.isSafeInteger(given);
}

function isMap(given: GivenValue): given is GivenMap {
  return (
    typeof given === "object" && given !== null && !Array.isArray(given) && !(given instanceof Uint8Array)
  );
}

/** Whether a value, or one inside of it, is so. */
function contains(given: GivenValue, isSo: (inner: GivenValue) => boolean): boolean {
  if (isSo(given)) return true;
  if (Array.isArray(given)) return (given as readonly GivenValue[]).some((inner) => contains(inner, isSo));
  return isMap(given) && Object.values(given).some((inner) => contains(inner, isSo));
}

function withoutAttributes(
  given: GivenRecord,
  isLost: (key: string, value: GivenValue) => boolean,
): GivenRecord {
  const kept = Object.entries(given.attributes).filter(([key, value]) => !isLost(key, value));
  return kept.length === Object.keys(given.attributes).length
    ? given
    : { ...given, attributes: withOwn(Object.fromEntries(kept), {}) };
}

/** A copy without the keys "__proto__" at any depth. */
function withoutProto(given: GivenValue): GivenValue {
  if (Array.isArray(given)) return (given as readonly GivenValue[]).map(withoutProto);
  if (!isMap(given)) return given;
  const kept = Object.entries(given).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProto(inner)]));
}

function hasProto(given: GivenValue): boolean {
  return contains(given, (inner) => isMap(inner) && Object.hasOwn(inner, "__proto__"));
}

/** Keys whose value is undefined are there, with the empty value. */
function withEmptyValues(given: GivenValue): GivenValue {
  if (Array.isArray(given)) return (given as readonly GivenValue[]).map(withEmptyValues);
  if (!isMap(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([key, inner]) => [key, inner === undefined ? null : withEmptyValues(inner)]),
  );
}

/** Rules about whole records, before those about values: what is lost needs no other rule. */
export const STOCK_RULES: readonly StockRule[] = [
  {
    name: "attributes with a bigint anywhere in them are dropped, and not counted",
    reason: "an int64 of the data model has no other form in JavaScript; what is dropped is to be counted",
    encodings: BOTH,
    example: { attributes: { a: 5n, b: [{ c: 1n }], kept: 1 } },
    record: (given) =>
      withoutAttributes(given, (_key, value) => contains(value, (inner) => typeof inner === "bigint")),
  },
  {
    name: "attributes with a map that has the key `constructor` are dropped, and not counted",
    reason: "a key is any text; the check whether a map is a plain object asks the map itself",
    encodings: BOTH,
    example: { attributes: { a: { constructor: 1 }, constructor: 2 } },
    record: (given) =>
      withoutAttributes(given, (_key, value) =>
        contains(
          value,
          (inner) =>
            isMap(inner) && Object.hasOwn(inner, "constructor") && inner["constructor"] !== undefined,
        ),
      ),
  },
  {
    name: "an attribute with the empty key is dropped, and not counted",
    reason:
      'Common > Attribute: the key must be a "non-null and non-empty string", but what is dropped is to be counted; keys of maps may be empty',
    encodings: BOTH,
    example: { attributes: { "": 1, kept: { "": 2 } } },
    record: (given) => withoutAttributes(given, (key) => key === ""),
  },
  {
    name: "the key `__proto__` of attributes, and inside of them, is lost",
    reason: "a key is any text; attributes are copied by assignment, which sets a prototype",
    encodings: BOTH,
    example: {
      attributes: Object.fromEntries([
        ["__proto__", 1],
        ["map", Object.fromEntries([["__proto__", { a: 1 }]])],
      ]),
    },
    record: (given) =>
      hasProto(given.attributes)
        ? { ...given, attributes: withoutProto(given.attributes) as GivenMap }
        : given,
  },
  {
    name: "a key of a body whose value is undefined is there, with the empty value",
    reason: "undefined is no value; in attributes the same key is left out",
    encodings: BOTH,
    example: { body: { a: undefined, b: 1 } },
    record: (given) => {
      const hasAbsent = contains(
        given.body,
        (inner) => isMap(inner) && Object.values(inner).includes(undefined),
      );
      return hasAbsent ? { ...given, body: withEmptyValues(given.body) } : given;
    },
  },
  {
    name: "a bigint in a body is the empty value",
    reason: "an int64 of the data model has no other form in JavaScript",
    encodings: BOTH,
    example: { body: { a: 5n } },
    value: (given) => (typeof given === "bigint" ? null : given),
  },
  {
    name: "-0 is the integer 0",
    reason: "AnyValue: a double keeps its sign",
    encodings: BOTH,
    example: { body: [-0], attributes: { a: -0 } },
    value: (given) => (Object.is(given, -0) ? 0 : given),
  },
  {
    name: "integers from 2^53 to 2^63 are int64",
    reason:
      "a number beyond 2^53 is a double that happens to have no fraction: the type of an attribute depends on its value",
    encodings: ["protobuf"],
    example: { body: 2 ** 60, attributes: { a: -(2 ** 63) } },
    value: (given) => (isLongInteger(given) && given >= -TWO_63 && given < TWO_63 ? BigInt(given) : given),
  },
  {
    name: "integers from 2^53 to 2^63 are int64 with other digits than the number has",
    reason:
      "ProtoJSON: int64 is a decimal string; JSON.stringify rounds to the shortest digits that give the same double",
    encodings: ["json"],
    example: { body: 2 ** 60 },
    value: (given) => (isLongInteger(given) && Math.abs(given) < TWO_63 ? BigInt(String(given)) : given),
  },
  {
    name: "NaN and infinities are the empty value",
    reason: 'ProtoJSON: "NaN", "Infinity", "-Infinity"',
    encodings: ["json"],
    example: { body: Number.NaN, attributes: { a: [Number.POSITIVE_INFINITY] } },
    value: (given) => (typeof given === "number" && !Number.isFinite(given) ? null : given),
  },
  {
    name: "a record without a body has one, the empty value",
    reason: "logs.proto: body is optional, and absent in protobuf of the same record",
    encodings: ["json"],
    example: { body: undefined },
    record: (given) => (given.body === undefined ? { ...given, body: null } : given),
  },
  {
    name: "surrogates without a partner are sent, as escapes",
    reason:
      "ProtoJSON: a string is UTF-8 text, which has no surrogates; in protobuf of the same record they are U+FFFD",
    encodings: ["json"],
    example: { body: "a\ud800", eventName: "\udc00b", attributes: { "\ud83d": 1 } },
    text: (received) => received.toWellFormed(),
  },
];

/** A record that the stock JSON serializer writes as what no receiver takes, and why. */
export interface StockRefusal {
  readonly name: string;
  readonly reason: string;
  readonly example: Partial<GivenRecord>;
  readonly occursIn: (given: GivenValue) => boolean;
}

/** Values with which the whole request is refused: with it all other records in it. JSON only. */
export const STOCK_REFUSALS: readonly StockRefusal[] = [
  {
    name: "integers beyond 2^63 are written as int64, which cannot hold them",
    reason: "doubles without a fraction are taken for integers, whatever their size",
    example: { attributes: { a: 1e300 } },
    occursIn: (given) => isLongInteger(given) && Math.abs(given) >= TWO_63,
  },
];

function mapValue(given: GivenValue, change: (inner: GivenValue) => GivenValue): GivenValue {
  if (Array.isArray(given)) return (given as readonly GivenValue[]).map((inner) => mapValue(inner, change));
  if (isMap(given)) return mapMap(given, change);
  return change(given);
}

function mapMap(given: GivenMap, change: (inner: GivenValue) => GivenValue): GivenMap {
  return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, mapValue(inner, change)]));
}

/** Applies one rule. */
export function applyRule(rule: StockRule, given: GivenRecord): GivenRecord {
  const { record, value } = rule;
  if (record !== undefined) return record(given);
  if (value === undefined) return given;
  const isConcerned = (whole: GivenValue): boolean =>
    contains(whole, (inner) => !isMap(inner) && !Array.isArray(inner) && !Object.is(value(inner), inner));
  if (!isConcerned(given.body) && !isConcerned(given.attributes)) return given;
  return { ...given, body: mapValue(given.body, value), attributes: mapMap(given.attributes, value) };
}

/** Whether a refusal is about the record. */
export function isRefused(given: GivenRecord): boolean {
  const occurs = (value: GivenValue): boolean => STOCK_REFUSALS.some(({ occursIn }) => occursIn(value));
  return contains(given.body, occurs) || contains(given.attributes, occurs);
}

/** A record with each text in it changed; the same object where none is. */
export function mapTexts(record: DecodedLogRecord, change: (text: string) => string): DecodedLogRecord {
  const walk = (value: DecodedValue): DecodedValue => {
    if (typeof value === "string") return change(value);
    if (value instanceof Map)
      return new Map([...(value as DecodedMap)].map(([key, inner]) => [change(key), walk(inner)]));
    return Array.isArray(value) ? (value as readonly DecodedValue[]).map(walk) : value;
  };
  const changed: DecodedLogRecord = {
    ...record,
    severityText: change(record.severityText),
    eventName: change(record.eventName),
    body: record.body === undefined ? undefined : walk(record.body),
    attributes: walk(record.attributes) as DecodedMap,
  };
  return isDeepStrictEqual(changed, record) ? record : changed;
}
