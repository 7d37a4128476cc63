import type { Fragment, OutputBuffer } from "../../processors/shape/output.ts";
import { ARRAY, ASCII_TEXT, BYTES, MAP, PLAIN_TEXT, UTF8_TEXT } from "../../processors/shape/value-tag.ts";
import { INSIDE_TEXT, writeBodyValue } from "./body-value.ts";
import { copyForLine, copyForQuotedText, copyForText, escapeQuotedText, escapeText } from "./escapes.ts";
import { writeBase64 } from "./json-value.ts";
import { textAt, textLength, type ValueSource } from "./value-source.ts";

const QUOTE = 34;
const EQUALS = 61;
const BACKSLASH = 92;
const DELETE = 127;
const SPACE = 32;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** 1 for each byte that may stand in a word without quotes; of UTF-8 beyond ASCII every one may. */
const BARE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  return Number(byte > SPACE && byte !== QUOTE && byte !== EQUALS && byte !== BACKSLASH && byte !== DELETE);
});

/** The same for text that is still a string. */
const BARE_WORD = /^[!#-<>-[\]-~\u0080-\uffff]+$/;

/** Writes the array or map at `at`. */
export type NestedWriter = (out: OutputBuffer, source: ValueSource, at: number) => void;

/** Writes an array or a map as JSON on one line. */
export function writeNestedAsJson(out: OutputBuffer, source: ValueSource, at: number): void {
  writeBodyValue(out, source, at, INSIDE_TEXT);
}

/**
 * Writes the value at `at` for people, logfmt-like: a text bare where it is one word, else in quotes; bytes in base64, in
 * quotes; the rest as in messages. What could break the line or speak to a terminal is escaped, see `copyForText`.
 */
export function writeTextValue(
  out: OutputBuffer,
  source: ValueSource,
  at: number,
  writeNested: NestedWriter,
): void {
  switch (source.view.getUint8(at)) {
    case PLAIN_TEXT:
    case ASCII_TEXT:
    case UTF8_TEXT:
      writeTextWord(out, source, at);
      return;
    case BYTES:
      out.byte(QUOTE);
      writeBase64(out, source, at);
      out.byte(QUOTE);
      return;
    case ARRAY:
    case MAP:
      writeNested(out, source, at);
      return;
    default:
      writeBodyValue(out, source, at, INSIDE_TEXT);
  }
}

/** Writes the text value at `at`: bare where it is one word, else in quotes. */
export function writeTextWord(out: OutputBuffer, source: ValueSource, at: number): void {
  const from = textAt(source, at);
  const length = textLength(source, at);
  if (!isBare(source.bytes, from, length)) writeQuoted(out, source, at);
  else if (source.view.getUint8(at) === PLAIN_TEXT) out.copyRange(source.bytes, source.view, from, length);
  else copyForText(out, source, from, length);
}

/** Writes the text value at `at` in quotes. */
export function writeQuoted(out: OutputBuffer, source: ValueSource, at: number): void {
  out.byte(QUOTE);
  copyForQuotedText(out, source, textAt(source, at), textLength(source, at));
  out.byte(QUOTE);
}

function isBare(bytes: Buffer, from: number, length: number): boolean {
  const end = from + length;
  for (let at = from; at < end; at++) {
    if (BARE[bytes[at] as number] !== 1) return false;
  }
  return length > 0;
}

/** Constant text as `writeTextWord` would write it. */
export function textWord(text: string): string {
  return BARE_WORD.test(text) ? escapeText(text) : `"${escapeQuotedText(text)}"`;
}

/** What goes before the first line of a text of several lines, and before each of the others. */
export interface LinePrefixes {
  readonly first: Fragment;
  readonly others: Fragment;
}

/** Writes the text value at `at` line by line, such as a stack; within a line control characters are escaped. */
export function writeLines(out: OutputBuffer, source: ValueSource, at: number, prefixes: LinePrefixes): void {
  const from = textAt(source, at);
  const lines = source.bytes.subarray(from, from + textLength(source, at));
  let prefix = prefixes.first;
  for (let next = 0; next < lines.length;) {
    const breakAt = lines.indexOf(LINE_FEED, next);
    const lineEnd = breakAt < 0 ? lines.length : breakAt;
    const hasReturn = lineEnd > next && lines[lineEnd - 1] === CARRIAGE_RETURN;
    out.fragment(prefix);
    copyForLine(out, source, from + next, (hasReturn ? lineEnd - 1 : lineEnd) - next);
    prefix = prefixes.others;
    next = lineEnd + 1;
  }
}
