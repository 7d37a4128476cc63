// Values of a record as AnyValue messages, copied from where they stand: nothing is decoded.
import type { Fragment, OutputBuffer } from "../processors/shape/output.ts";
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
  NULL,
  PLAIN_TEXT,
  TRUE,
  UTF8_TEXT,
} from "../processors/shape/value-tag.ts";
import {
  ANY_ARRAY,
  ANY_BOOL,
  ANY_BYTES,
  ANY_DOUBLE,
  ANY_INT,
  ANY_KVLIST,
  ANY_STRING,
  ARRAY_VALUES,
  KEY_VALUE_KEY,
  KEY_VALUE_VALUE,
  KVLIST_VALUES,
} from "./otlp-fields.ts";
import type { ValueSource } from "./value-source.ts";
import {
  beginLength,
  endLength,
  putVarint,
  varintBytes,
  writeDoubleField,
  writeInt32,
  writeInt53,
  writeVarint,
  writeVarint64,
} from "./wire.ts";

/** The greatest length that takes one byte. */
const SHORT_LENGTH_MAX = 127;
/** The longest AnyValue of a value that is neither text nor bytes nor a container: a negative integer. */
const SCALAR_BYTES_MAX = 11;
/** A head that leaves room for each scalar in a pair whose length takes one byte. */
const SHORT_HEAD_BYTES_MAX = 64;
/** Bytes of the longest pair that is written in one go: a head and a text whose count is a byte. */
const SHORT_PAIR_BYTES_MAX: number = SHORT_HEAD_BYTES_MAX + 2 + 255;

/** By so many bytes a pair of a MAP mostly grows on its way into a KeyValueList, and a value on that into an ArrayValue. */
const pairGrowthBytes = 4;
const elementGrowthBytes = 1;

/** Bytes of the text or bytes at `at`, without tag and count. */
function contentBytes(view: DataView, at: number): number {
  return view.getUint8(at) === PLAIN_TEXT ? view.getUint8(at + 1) : view.getUint32(at + 1, true);
}

/** How many bytes the ArrayValue or KeyValueList of the container at `at` will take: a guess. */
function expectedListBytes(view: DataView, at: number): number {
  const growthBytes = view.getUint8(at) === MAP ? pairGrowthBytes : elementGrowthBytes;
  return view.getUint32(at + 1, true) + view.getUint32(at + 5, true) * growthBytes;
}

/**
 * How many bytes the AnyValue of the value at `at` will take: exact for text and bytes, `SCALAR_BYTES_MAX` for other
 * scalars, a guess for arrays and maps.
 */
function expectedValueBytes(view: DataView, at: number): number {
  const tag = view.getUint8(at);
  if (tag < PLAIN_TEXT) return SCALAR_BYTES_MAX;
  const bytes = tag >= ARRAY ? expectedListBytes(view, at) : contentBytes(view, at);
  return bytes + 1 + varintBytes(bytes);
}

/** Appends the content of the text or bytes at `at`, its length before it. Returns where the next value begins. */
function writeContent(out: OutputBuffer, source: ValueSource, at: number): number {
  const view = source.view;
  const isShort = view.getUint8(at) === PLAIN_TEXT;
  const contentAt = isShort ? at + 2 : at + 5;
  const bytes = isShort ? view.getUint8(at + 1) : view.getUint32(at + 1, true);
  writeVarint(out, bytes);
  out.copyRange(source.bytes, view, contentAt, bytes);
  return contentAt + bytes;
}

function writeBoolean(out: OutputBuffer, value: number): void {
  out.ensure(2);
  out.bytes[out.at++] = ANY_BOOL;
  out.bytes[out.at++] = value;
}

function writeArray(out: OutputBuffer, source: ValueSource, at: number): number {
  const { view } = source;
  const valueCount = view.getUint32(at + 5, true);
  const lengthAt = out.at;
  beginLength(out, expectedListBytes(view, at));
  const contentAt = out.at;
  let valueAt = at + CONTAINER_HEAD_BYTES;
  for (let i = 0; i < valueCount; i++) {
    out.byte(ARRAY_VALUES);
    valueAt = writeSizedValue(out, source, valueAt);
  }
  endLength(out, lengthAt, contentAt);
  return valueAt;
}

function writeMap(out: OutputBuffer, source: ValueSource, at: number): number {
  const lengthAt = out.at;
  beginLength(out, expectedListBytes(source.view, at));
  const contentAt = out.at;
  const next = writePairs(out, source, at + 5, KVLIST_VALUES);
  endLength(out, lengthAt, contentAt);
  return next;
}

/**
 * Appends pairs of text value and value as KeyValue messages, each after the byte `tag`. Absent values are left out.
 *
 * @param at Where the uint32 count of the pairs stands; they follow it.
 * @returns Where the next thing begins.
 */
export function writePairs(out: OutputBuffer, source: ValueSource, at: number, tag: number): number {
  const { view } = source;
  const pairCount = view.getUint32(at, true);
  let next = at + 4;
  for (let i = 0; i < pairCount; i++) {
    const valueAt = skipValue(view, next);
    if (view.getUint8(valueAt) === ABSENT) {
      next = valueAt + 1;
    } else {
      out.byte(tag);
      next = writePair(out, source, next, valueAt);
    }
  }
  return next;
}

/** Appends one KeyValue message, its length before it. Returns where the next thing begins. */
function writePair(out: OutputBuffer, source: ValueSource, keyAt: number, valueAt: number): number {
  const valueBytes = expectedValueBytes(source.view, valueAt);
  const lengthAt = out.at;
  beginLength(out, valueAt - keyAt + 2 + varintBytes(valueBytes) + valueBytes);
  const contentAt = out.at;
  out.byte(KEY_VALUE_KEY);
  writeContent(out, source, keyAt);
  out.byte(KEY_VALUE_VALUE);
  const next = writeSizedValue(out, source, valueAt);
  endLength(out, lengthAt, contentAt);
  return next;
}

/**
 * Appends the attribute whose key is a fragment of the shape. An absent value is left out.
 *
 * @param head See `ProtobufFragments.pairHeads`: the second and the last byte are room for lengths.
 * @returns Where the next value begins.
 */
export function writeShapePair(out: OutputBuffer, source: ValueSource, head: Fragment, at: number): number {
  const from = source.view;
  const tag = from.getUint8(at);
  if (tag === ABSENT) return at + 1;
  if (tag > PLAIN_TEXT || head.length > SHORT_HEAD_BYTES_MAX) return writeAnyShapePair(out, source, head, at);
  // All that may come has room, so that nothing is asked for on the way: this is where most of a record is written.
  out.ensure(SHORT_PAIR_BYTES_MAX);
  const pairAt = out.at;
  const { bytes, view } = out;
  const { words } = head;
  for (let i = 0; i < words.length; i++) view.setInt32(pairAt + i * 4, words[i] as number, true);
  const valueAt = pairAt + head.length;
  let end = valueAt;
  let next = at + 1;
  switch (tag) {
    case INT32: {
      const value = from.getInt32(next, true);
      if (value < 0) return writeAnyShapePair(out, source, head, at);
      bytes[valueAt] = ANY_INT;
      end = putVarint(bytes, valueAt + 1, value);
      next += 4;
      break;
    }
    case TRUE:
    case FALSE:
      bytes[valueAt] = ANY_BOOL;
      bytes[valueAt + 1] = tag === TRUE ? 1 : 0;
      end = valueAt + 2;
      break;
    case DOUBLE:
      bytes[valueAt] = ANY_DOUBLE;
      view.setInt32(valueAt + 1, from.getInt32(next, true), true);
      view.setInt32(valueAt + 5, from.getInt32(next + 4, true), true);
      end = valueAt + 9;
      next += 8;
      break;
    case PLAIN_TEXT: {
      const length = from.getUint8(next);
      next += 1;
      const textAt = valueAt + 2;
      end = textAt + length;
      if (end - pairAt - 2 > SHORT_LENGTH_MAX || next + length + 4 > source.bytes.length)
        return writeAnyShapePair(out, source, head, at);
      bytes[valueAt] = ANY_STRING;
      bytes[valueAt + 1] = length;
      for (let i = 0; i < length; i += 4) view.setInt32(textAt + i, from.getInt32(next + i, true), true);
      next += length;
      break;
    }
    case NULL:
      break;
    default:
      return writeAnyShapePair(out, source, head, at);
  }
  bytes[pairAt + 1] = end - pairAt - 2;
  bytes[valueAt - 1] = end - valueAt;
  out.at = end;
  return next;
}

/** The same for values that are not as short, or not as common. */
function writeAnyShapePair(out: OutputBuffer, source: ValueSource, head: Fragment, at: number): number {
  const tag = source.view.getUint8(at);
  const valueBytesMax = tag < PLAIN_TEXT ? SCALAR_BYTES_MAX : expectedValueBytes(source.view, at);
  if (tag >= ARRAY || head.length - 2 + valueBytesMax > SHORT_LENGTH_MAX) {
    return writeLongShapePair(out, source, head, at);
  }
  const pairAt = out.at;
  out.fragment(head);
  const valueAt = out.at;
  const next = writeValue(out, source, at);
  out.bytes[pairAt + 1] = out.at - pairAt - 2;
  out.bytes[valueAt - 1] = out.at - valueAt;
  return next;
}

/**
 * The same where a length takes more than a byte, or is not known before. The fragment is laid so that its key comes to
 * stand behind the room for the length; of its other bytes only the tag is wanted.
 */
function writeLongShapePair(out: OutputBuffer, source: ValueSource, head: Fragment, at: number): number {
  const valueBytes = expectedValueBytes(source.view, at);
  const pairAt = out.at;
  out.at = pairAt + 1;
  beginLength(out, head.length - 3 + varintBytes(valueBytes) + valueBytes);
  const contentAt = out.at;
  out.at = contentAt - 2;
  out.fragment(head);
  out.at--;
  out.bytes[pairAt] = head.bytes[0] as number;
  const next = writeSizedValue(out, source, at);
  endLength(out, pairAt + 1, contentAt);
  return next;
}

/** Appends the AnyValue of the value at `at`, its length before it. Returns where the next value begins. */
export function writeSizedValue(out: OutputBuffer, source: ValueSource, at: number): number {
  const lengthAt = out.at;
  beginLength(out, expectedValueBytes(source.view, at));
  const contentAt = out.at;
  const next = writeValue(out, source, at);
  endLength(out, lengthAt, contentAt);
  return next;
}

/**
 * Appends the fields of the AnyValue of the value at `at`, without length. Null and absent give no bytes: an empty
 * AnyValue. Any thread.
 *
 * @returns Where the next value begins.
 * @see opentelemetry-specification, "Mapping arbitrary data to OTLP AnyValue"
 */
function writeValue(out: OutputBuffer, source: ValueSource, at: number): number {
  const { view } = source;
  switch (view.getUint8(at)) {
    case INT32:
      out.byte(ANY_INT);
      writeInt32(out, view.getInt32(at + 1, true));
      return at + 5;
    case PLAIN_TEXT:
    case ASCII_TEXT:
    case UTF8_TEXT:
      out.byte(ANY_STRING);
      return writeContent(out, source, at);
    case TRUE:
      writeBoolean(out, 1);
      return at + 1;
    case FALSE:
      writeBoolean(out, 0);
      return at + 1;
    case DOUBLE:
      writeDoubleField(out, ANY_DOUBLE, view.getFloat64(at + 1, true));
      return at + 9;
    case INT53:
      out.byte(ANY_INT);
      writeInt53(out, view.getFloat64(at + 1, true));
      return at + 9;
    case INT64:
      out.byte(ANY_INT);
      writeVarint64(out, view.getUint32(at + 1, true), view.getUint32(at + 5, true));
      return at + 9;
    case BYTES:
      out.byte(ANY_BYTES);
      return writeContent(out, source, at);
    case ARRAY:
      out.byte(ANY_ARRAY);
      return writeArray(out, source, at);
    case MAP:
      out.byte(ANY_KVLIST);
      return writeMap(out, source, at);
    default:
      return at + 1;
  }
}
