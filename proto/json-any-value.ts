// Values of a record as AnyValue in OTLP/JSON, copied from where they stand.
import { makeFragment, type Fragment, type OutputBuffer } from "../processors/shape/output.ts";
import { skipValue } from "../processors/shape/value-reader.ts";
import {
  ABSENT,
  ARRAY,
  ASCII_TEXT,
  BYTES,
  CONTAINER_HEAD_BYTES,
  DOUBLE,
  FALSE,
  INT32,
  INT53,
  INT64,
  MAP,
  PLAIN_TEXT,
  TRUE,
  UTF8_TEXT,
} from "../processors/shape/value-tag.ts";
import { writeJsonValue } from "../src/formatters/json-value.ts";
import type { ValueSource } from "./value-source.ts";

const COMMA = 44;

const pairHead: Fragment = makeFragment('{"key":');
const pairValue: Fragment = makeFragment(',"value":');
const pairEnd: Fragment = makeFragment("},");
const stringHead: Fragment = makeFragment('{"stringValue":');
const trueValue: Fragment = makeFragment('{"boolValue":true}');
const falseValue: Fragment = makeFragment('{"boolValue":false}');
const intHead: Fragment = makeFragment('{"intValue":"');
const doubleHead: Fragment = makeFragment('{"doubleValue":');
const bytesHead: Fragment = makeFragment('{"bytesValue":');
const arrayHead: Fragment = makeFragment('{"arrayValue":{"values":[');
const mapHead: Fragment = makeFragment('{"kvlistValue":{"values":[');
const listEnd: Fragment = makeFragment("]}}");
const quotedEnd: Fragment = makeFragment('"}');
const valueEnd: Fragment = makeFragment("}");
const emptyValue: Fragment = makeFragment("{}");

/** Text as a JSON string, quotes included; lone surrogates become U+FFFD, as they do in a record. */
export function jsonText(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** Takes back the comma behind the last element of a list that began at `listAt`. */
export function dropLastComma(out: OutputBuffer, listAt: number): void {
  if (out.at > listAt) out.at--;
}

/** One field of an AnyValue, whose JSON is that of the value between `head` and `end`. */
function writeField(out: OutputBuffer, source: ValueSource, at: number, head: Fragment): void {
  out.fragment(head);
  writeJsonValue(out, source, at);
  out.fragment(head === intHead ? quotedEnd : valueEnd);
}

function writeArray(out: OutputBuffer, source: ValueSource, at: number): void {
  const { view } = source;
  const valueCount = view.getUint32(at + 5, true);
  out.fragment(arrayHead);
  const listAt = out.at;
  let valueAt = at + CONTAINER_HEAD_BYTES;
  for (let i = 0; i < valueCount; i++) {
    writeJsonAnyValue(out, source, valueAt);
    out.byte(COMMA);
    valueAt = skipValue(view, valueAt);
  }
  dropLastComma(out, listAt);
  out.fragment(listEnd);
}

function writeMap(out: OutputBuffer, source: ValueSource, at: number): void {
  out.fragment(mapHead);
  const listAt = out.at;
  writeJsonPairs(out, source, at + 5);
  dropLastComma(out, listAt);
  out.fragment(listEnd);
}

/**
 * Appends pairs of text value and value as KeyValue objects, a comma after each. Absent values are left out.
 *
 * @param at Where the uint32 count of the pairs stands; they follow it.
 */
export function writeJsonPairs(out: OutputBuffer, source: ValueSource, at: number): void {
  const { view } = source;
  const pairCount = view.getUint32(at, true);
  let keyAt = at + 4;
  for (let i = 0; i < pairCount; i++) {
    const valueAt = skipValue(view, keyAt);
    if (view.getUint8(valueAt) !== ABSENT) {
      out.fragment(pairHead);
      writeJsonValue(out, source, keyAt);
      out.fragment(pairValue);
      writeJsonAnyValue(out, source, valueAt);
      out.fragment(pairEnd);
    }
    keyAt = skipValue(view, valueAt);
  }
}

/** Appends the attribute whose key is a fragment of the shape, a comma after it. An absent value is left out. */
export function writeJsonShapePair(out: OutputBuffer, source: ValueSource, head: Fragment, at: number): void {
  if (source.view.getUint8(at) === ABSENT) return;
  out.fragment(head);
  writeJsonAnyValue(out, source, at);
  out.fragment(pairEnd);
}

/**
 * Appends the AnyValue of the value at `at`: integers as decimal strings, bytes in base64, null and absent as `{}`.
 * Any thread.
 *
 * @see OTLP 1.11.0, JSON Protobuf Encoding; ProtoJSON for doubles
 */
export function writeJsonAnyValue(out: OutputBuffer, source: ValueSource, at: number): void {
  const { view } = source;
  switch (view.getUint8(at)) {
    case PLAIN_TEXT:
    case ASCII_TEXT:
    case UTF8_TEXT:
      return writeField(out, source, at, stringHead);
    case INT32:
    case INT53:
    case INT64:
      return writeField(out, source, at, intHead);
    case TRUE:
      return out.fragment(trueValue);
    case FALSE:
      return out.fragment(falseValue);
    case DOUBLE:
      return writeField(out, source, at, doubleHead);
    case BYTES:
      return writeField(out, source, at, bytesHead);
    case ARRAY:
      return writeArray(out, source, at);
    case MAP:
      return writeMap(out, source, at);
    default:
      return out.fragment(emptyValue);
  }
}
