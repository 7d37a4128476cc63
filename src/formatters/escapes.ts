import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { ValueSource } from "./value-source.ts";

/** Appends a run of UTF-8 of a source to the output, escaped. */
export type EscapedCopy = (out: OutputBuffer, source: ValueSource, from: number, length: number) => void;

/** Long runs go in pieces, so that room for the worst case, six bytes for each one, stays small. */
const PIECE_BYTES = 8192;
const ESCAPE_BYTES_MAX = 6;
/** The first half of an escape such as "\u001b", in the order of a little-endian store. */
const UNICODE_ESCAPE = 0x30_30_75_5c;
const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  8: "b",
  9: "t",
  10: "n",
  12: "f",
  13: "r",
  34: '"',
  92: "\\",
};

const CONTROLS: readonly number[] = Array.from({ length: 32 }, (_, byte) => byte);
const DELETE = 0x7f;
const QUOTES: readonly number[] = [34, 92];
const TAB = 9;
/** First byte of U+0080 to U+00BF; the controls among them end at U+009F. */
const C1_LEAD = 0xc2;
const C1_LAST = 0x9f;
/** U+2028 and U+2029 are E2 80 A8 and E2 80 A9. */
const SEPARATOR_LEAD = 0xe2;
const SEPARATORS: Readonly<Record<number, string>> = { 0x80a8: "\\u2028", 0x80a9: "\\u2029" };

/** For each byte its escape as two words, and the length of that: 0 where the byte stays as it is. */
class EscapeTable {
  readonly #lengths: Uint8Array = new Uint8Array(256);
  readonly #low: Int32Array = new Int32Array(256);
  readonly #high: Int32Array = new Int32Array(256);

  constructor(escapedBytes: readonly number[]) {
    for (const byte of escapedBytes) this.#add(byte);
  }

  #add(byte: number): void {
    const short = SHORT_ESCAPES[byte];
    this.#lengths[byte] = short === undefined ? ESCAPE_BYTES_MAX : 2;
    this.#low[byte] = short === undefined ? UNICODE_ESCAPE : 0x5c | (short.charCodeAt(0) << 8);
    const digits = byte.toString(16).padStart(2, "0");
    this.#high[byte] = digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
  }

  /** Copies one byte after the other. Room must be there. */
  copyBytes(out: OutputBuffer, bytes: Buffer, from: number, end: number): void {
    const lengths = this.#lengths;
    const target = out.view;
    let at = out.at;
    for (let next = from; next < end; next++) {
      const byte = bytes[next] as number;
      const escapeBytes = lengths[byte] as number;
      if (escapeBytes === 0) {
        target.setUint8(at++, byte);
      } else {
        target.setInt32(at, this.#low[byte] as number, true);
        target.setInt32(at + 4, this.#high[byte] as number, true);
        at += escapeBytes;
      }
    }
    out.at = at;
  }

  /** Copies one byte, or escapes the C1 control or separator that begins there. Returns where the next one begins. */
  copyCharacter(out: OutputBuffer, bytes: Buffer, at: number): number {
    const lead = bytes[at] as number;
    const second = bytes[at + 1] as number;
    if (lead === C1_LEAD && second <= C1_LAST) {
      out.ascii(`\\u00${second.toString(16)}`);
      return at + 2;
    }
    const separator =
      lead === SEPARATOR_LEAD ? SEPARATORS[(second << 8) | (bytes[at + 2] as number)] : undefined;
    if (separator !== undefined) {
      out.ascii(separator);
      return at + 3;
    }
    this.copyBytes(out, bytes, at, at + 1);
    return at + 1;
  }
}

const JSON_TABLE = new EscapeTable([...CONTROLS, ...QUOTES]);
const TEXT_TABLE = new EscapeTable([...CONTROLS, DELETE]);
const QUOTED_TABLE = new EscapeTable([...CONTROLS, DELETE, ...QUOTES]);
const LINE_TABLE = new EscapeTable([...CONTROLS.filter((byte) => byte !== TAB), DELETE]);

/** The inside of a JSON string: escapes what RFC 8259 section 7 asks for, and nothing more. */
export function copyForJson(out: OutputBuffer, source: ValueSource, from: number, length: number): void {
  const end = from + length;
  let next = from;
  while (end - next > PIECE_BYTES) {
    copyJsonPiece(out, source, next, next + PIECE_BYTES);
    next += PIECE_BYTES;
  }
  copyJsonPiece(out, source, next, end);
}

// Four bytes at a time. A byte of `word ^ pattern` is zero where the byte equals the pattern's, and
// (v - 0x01010101) & ~v has the high bit set in each zero byte, and in others only above one of those.
function copyJsonPiece(out: OutputBuffer, source: ValueSource, from: number, end: number): void {
  out.ensure((end - from) * ESCAPE_BYTES_MAX);
  const sourceView = source.view;
  const target = out.view;
  const lastWord = end - 4;
  let at = out.at;
  let next = from;
  for (; next <= lastWord; next += 4) {
    const word = sourceView.getInt32(next, true);
    const quote = word ^ 0x22222222;
    const backslash = word ^ 0x5c5c5c5c;
    const found =
      (word - 0x20202020) | ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash);
    if ((found & ~word & 0x80808080) === 0) {
      target.setInt32(at, word, true);
      at += 4;
    } else {
      out.at = at;
      JSON_TABLE.copyBytes(out, source.bytes, next, next + 4);
      at = out.at;
    }
  }
  out.at = at;
  if (next < end) JSON_TABLE.copyBytes(out, source.bytes, next, end);
}

/**
 * Text for people: line breaks, control characters (C0, C1, DEL), U+2028 and U+2029 are escaped as in JSON, so that
 * no value begins a line of its own or speaks to a terminal (CWE-117). Quotes and backslashes stay.
 */
export function copyForText(out: OutputBuffer, source: ValueSource, from: number, length: number): void {
  copyEscaped(TEXT_TABLE, out, source, { from, length });
}

/** The same between quotes: quotes and backslashes are escaped too. */
export function copyForQuotedText(
  out: OutputBuffer,
  source: ValueSource,
  from: number,
  length: number,
): void {
  copyEscaped(QUOTED_TABLE, out, source, { from, length });
}

/** Constant text as `copyForText` would write it; lone surrogates become U+FFFD, as they do in UTF-8. */
export function escapeText(text: string): string {
  // Controls (C0, DEL, C1), U+2028, U+2029.
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escapeControl);
}

function escapeControl(character: string): string {
  if (character < " ") return JSON.stringify(character).slice(1, -1);
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Constant text as `copyForQuotedText` would write it. */
export function escapeQuotedText(text: string): string {
  return escapeText(text.replaceAll(/["\\]/g, String.raw`\$&`));
}

/** A line of a stack: as `copyForText`, but tabs stay. */
export function copyForLine(out: OutputBuffer, source: ValueSource, from: number, length: number): void {
  copyEscaped(LINE_TABLE, out, source, { from, length });
}

interface Run {
  readonly from: number;
  readonly length: number;
}

/** Words of ASCII without anything special are copied whole, all others are looked at byte by byte. */
function copyEscaped(table: EscapeTable, out: OutputBuffer, source: ValueSource, run: Run): void {
  const { bytes, view } = source;
  const end = run.from + run.length;
  let next = run.from;
  while (next < end) {
    const pieceEnd = Math.min(next + PIECE_BYTES, end);
    out.ensure((pieceEnd - next + 4) * ESCAPE_BYTES_MAX);
    while (next < pieceEnd) {
      const word = next + 4 <= end ? view.getInt32(next, true) : 0;
      if (isPlainAscii(word)) {
        out.view.setInt32(out.at, word, true);
        out.at += 4;
        next += 4;
      } else {
        const stop = Math.min(next + 4, end);
        while (next < stop) next = table.copyCharacter(out, bytes, next);
      }
    }
  }
}

/** Whether none of four bytes is a control, DEL, quote, backslash or beyond ASCII. */
function isPlainAscii(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const found =
    (word - 0x20202020) |
    ((quote - 0x01010101) & ~quote) |
    ((backslash - 0x01010101) & ~backslash) |
    (word + 0x01010101);
  return ((found | word) & 0x80808080) === 0;
}
