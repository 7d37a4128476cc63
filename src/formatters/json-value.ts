import type { OutputBuffer } from "../../processors/shape/output.ts";
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
} from "../../processors/shape/value-tag.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { copyForJson } from "./escapes.ts";
import { writeDouble, writeInt64, writeInteger } from "./numbers.ts";
import type { ValueSource } from "./value-source.ts";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

const LETTER_E = 101;
/** "true", "fals" and "null" in the order of a little-endian store. */
const TRUE_WORD = 0x65757274;
const FALSE_WORD = 0x736c6166;
const NULL_WORD = 0x6c6c756e;

/** What of a text value comes before its bytes. */
const SHORT_HEAD_BYTES = 2;
const TEXT_HEAD_BYTES = 5;

interface Base64Reader {
  base64Slice(from: number, to: number): string;
}

/** Text as a JSON string, quotes included; lone surrogates become U+FFFD, as they do in UTF-8. */
export function jsonText(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/**
 * Writes the value at `at` as JSON. NaN and the infinities are strings, bytes a base64 string, integers of 64 bits bare
 * numbers, -0 is -0; a value that is absent, which only the caller can leave out, is null.
 *
 * @returns Where the next value begins.
 */
export function writeJsonValue(out: OutputBuffer, source: ValueSource, at: number): number {
  const view = source.view;
  switch (view.getUint8(at)) {
    case PLAIN_TEXT:
      return writePlainText(out, source, at);
    case INT32:
      writeInteger(out, view.getInt32(at + 1, true));
      return at + 5;
    case TRUE:
      writeWord(out, TRUE_WORD, 4);
      return at + 1;
    case FALSE:
      writeWord(out, FALSE_WORD, 5);
      return at + 1;
    case DOUBLE:
      writeJsonDouble(out, view.getFloat64(at + 1, true));
      return at + 9;
    case ASCII_TEXT:
    case UTF8_TEXT:
      return writeLongText(out, source, at);
    case INT53:
      writeInteger(out, view.getFloat64(at + 1, true));
      return at + 9;
    case INT64:
      writeInt64(out, view, at + 1);
      return at + 9;
    case BYTES:
      return writeBytes(out, source, at);
    case ARRAY:
      return writeArray(out, source, at);
    case MAP:
      return writeMap(out, source, at);
    default:
      writeWord(out, NULL_WORD, 4);
      return at + 1;
  }
}

/** One of the three words that are values: four letters, and an "e" that only "false" counts. */
function writeWord(out: OutputBuffer, word: number, length: number): void {
  out.ensure(5);
  out.view.setInt32(out.at, word, true);
  out.view.setUint8(out.at + 4, LETTER_E);
  out.at += length;
}

function writePlainText(out: OutputBuffer, source: ValueSource, at: number): number {
  const view = source.view;
  const length = view.getUint8(at + 1);
  const from = at + SHORT_HEAD_BYTES;
  const end = from + length;
  out.ensure(length + 2);
  const target = out.view;
  const start = out.at;
  target.setUint8(start, QUOTE);
  if (end + 3 <= view.byteLength) {
    for (let i = 0; i < length; i += 4) target.setInt32(start + 1 + i, view.getInt32(from + i, true), true);
  } else {
    out.bytes.set(source.bytes.subarray(from, end), start + 1);
  }
  target.setUint8(start + 1 + length, QUOTE);
  out.at = start + length + 2;
  return end;
}

function writeLongText(out: OutputBuffer, source: ValueSource, at: number): number {
  const length = source.view.getUint32(at + 1, true);
  out.byte(QUOTE);
  copyForJson(out, source, at + TEXT_HEAD_BYTES, length);
  out.byte(QUOTE);
  return at + TEXT_HEAD_BYTES + length;
}

function writeJsonDouble(out: OutputBuffer, value: number): void {
  if (Number.isFinite(value)) writeDouble(out, value);
  else out.ascii(`"${value}"`);
}

function writeBytes(out: OutputBuffer, source: ValueSource, at: number): number {
  const end = at + TEXT_HEAD_BYTES + source.view.getUint32(at + 1, true);
  out.byte(QUOTE);
  writeBase64(out, source, at);
  out.byte(QUOTE);
  return end;
}

/** Writes the BYTES value at `at` in base64 (RFC 4648 section 4), without quotes. */
export function writeBase64(out: OutputBuffer, source: ValueSource, at: number): void {
  const from = at + TEXT_HEAD_BYTES;
  const end = from + source.view.getUint32(at + 1, true);
  out.ascii((source.bytes as unknown as Base64Reader).base64Slice(from, end));
}

function writeArray(out: OutputBuffer, source: ValueSource, at: number): number {
  const count = source.view.getUint32(at + 5, true);
  let next = at + CONTAINER_HEAD_BYTES;
  out.byte(OPENING_BRACKET);
  for (let i = 0; i < count; i++) {
    if (i > 0) out.byte(COMMA);
    next = writeJsonValue(out, source, next);
  }
  out.byte(CLOSING_BRACKET);
  return next;
}

function writeMap(out: OutputBuffer, source: ValueSource, at: number): number {
  const count = source.view.getUint32(at + 5, true);
  let next = at + CONTAINER_HEAD_BYTES;
  let isFirst = true;
  out.byte(OPENING_BRACE);
  for (let i = 0; i < count; i++) {
    const valueAt = skipValue(source.view, next);
    if (source.view.getUint8(valueAt) === ABSENT) {
      next = valueAt + 1;
      continue;
    }
    if (!isFirst) out.byte(COMMA);
    isFirst = false;
    writeJsonValue(out, source, next);
    out.byte(COLON);
    next = writeJsonValue(out, source, valueAt);
  }
  out.byte(CLOSING_BRACE);
  return next;
}
