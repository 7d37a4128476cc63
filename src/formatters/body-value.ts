import { OutputBuffer } from "../../processors/shape/output.ts";
import { readText } from "../../processors/shape/value-reader.ts";
import {
  ABSENT,
  ARRAY,
  ASCII_TEXT,
  BYTES,
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
import {
  copyForJson,
  copyForQuotedText,
  copyForText,
  escapeQuotedText,
  escapeText,
  type EscapedCopy,
} from "./escapes.ts";
import { jsonText, writeBase64, writeJsonValue } from "./json-value.ts";
import { writeDouble } from "./numbers.ts";
import type { ValueSource } from "./value-source.ts";

const QUOTE = 34;
const SCRATCH_BYTES = 4096;
const SCRATCH_KEEP_BYTES = 65_536;

/** Where a message goes: what its constant text and the texts of its values become there. */
export interface BodyEscape {
  readonly literal: (text: string) => string;
  readonly copy: EscapedCopy;
}

/** As it is: for fields of a wire format, which hold any text. */
export const AS_IT_IS: BodyEscape = {
  literal: (text) => text,
  copy: (out, source, from, length) => out.copyRange(source.bytes, source.view, from, length),
};

/** Into a JSON string, whose quotes the caller writes. */
export const INSIDE_JSON_STRING: BodyEscape = {
  literal: (text) => jsonText(text).slice(1, -1),
  copy: copyForJson,
};

/** Into text for people: one line, see `copyForText`. */
export const INSIDE_TEXT: BodyEscape = { literal: escapeText, copy: copyForText };

/** Into text for people between quotes, which the caller writes. */
export const INSIDE_QUOTED_TEXT: BodyEscape = { literal: escapeQuotedText, copy: copyForQuotedText };

/** JSON on its way into a message, where it is escaped once more. A thread's own; never in use twice at a time. */
const scratch: OutputBuffer = new OutputBuffer(SCRATCH_BYTES);

/** Writes a value as a part of a message: texts as they are, arrays and maps as JSON, bytes in base64. */
export function writeBodyValue(out: OutputBuffer, source: ValueSource, at: number, escape: BodyEscape): void {
  const view = source.view;
  switch (view.getUint8(at)) {
    case PLAIN_TEXT:
      out.copyRange(source.bytes, view, at + 2, view.getUint8(at + 1));
      return;
    case ASCII_TEXT:
    case UTF8_TEXT:
      escape.copy(out, source, at + 5, view.getUint32(at + 1, true));
      return;
    case DOUBLE:
      writeDouble(out, view.getFloat64(at + 1, true));
      return;
    case BYTES:
      writeBase64(out, source, at);
      return;
    case ARRAY:
    case MAP:
      writeBodyJson(out, source, at, escape);
      return;
    case ABSENT:
      out.ascii("undefined");
      return;
    default:
      writeJsonValue(out, source, at);
  }
}

/** Writes a value as JSON into a message. */
export function writeBodyJson(out: OutputBuffer, source: ValueSource, at: number, escape: BodyEscape): void {
  if (source.view.getUint8(at) === ABSENT) {
    out.ascii("undefined");
    return;
  }
  scratch.clear(SCRATCH_KEEP_BYTES);
  writeJsonValue(scratch, source, at);
  escape.copy(out, scratch, 0, scratch.at);
}

/** The numeric conversions of printf: `%d`, `%i` and `%f`. */
export type NumberConversion = "d" | "i" | "f";

/**
 * Writes a number, or a text that is one, as `util.format` does; bigints have no "n" behind them.
 * @returns False for what is no number: nothing is written then.
 */
export function writeBodyNumber(
  out: OutputBuffer,
  source: ValueSource,
  at: number,
  conversion: NumberConversion,
): boolean {
  const view = source.view;
  switch (view.getUint8(at)) {
    case INT32:
    case INT53:
    case INT64:
      writeJsonValue(out, source, at);
      return true;
    case DOUBLE: {
      const value = view.getFloat64(at + 1, true);
      writeDouble(out, conversion === "i" ? Math.trunc(value) : value);
      return true;
    }
    case PLAIN_TEXT:
    case ASCII_TEXT:
    case UTF8_TEXT: {
      const number = textToNumber(readText(source.bytes, view, at), conversion);
      if (Number.isNaN(number)) return false;
      writeDouble(out, number);
      return true;
    }
    default:
      return false;
  }
}

/** NaN unless the whole text is a number. */
function textToNumber(text: string, conversion: NumberConversion): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return conversion === "i" ? Math.trunc(number) : number;
}

/** Writes a value as a JSON string, whatever it is: texts as they are, the rest as in messages. */
export function writeValueAsJsonText(out: OutputBuffer, source: ValueSource, at: number): void {
  out.byte(QUOTE);
  writeBodyValue(out, source, at, INSIDE_JSON_STRING);
  out.byte(QUOTE);
}

/** Writes a value as a JSON string or number: for formats that know nothing else. */
export function writeFlatJsonValue(out: OutputBuffer, source: ValueSource, at: number): void {
  switch (source.view.getUint8(at)) {
    case TRUE:
    case FALSE:
    case ARRAY:
    case MAP:
      writeValueAsJsonText(out, source, at);
      return;
    default:
      writeJsonValue(out, source, at);
  }
}
