import type { OutputBuffer } from "../../processors/shape/output.ts";

/**
 * How lines become bytes. Characters that an encoding does not have are written as "\u20ac", two of these for characters
 * beyond U+FFFF: in a JSON string that is the character itself. No byte order mark.
 */
export type LineEncoding = "utf8" | "latin1" | "ascii" | "utf16le";

/** The encodings by name. */
export const LINE_ENCODINGS: readonly LineEncoding[] = ["utf8", "latin1", "ascii", "utf16le"];

const UNIT_MAX: Readonly<Record<LineEncoding, number>> = {
  utf8: 0xffff,
  utf16le: 0xffff,
  latin1: 0xff,
  ascii: 0x7f,
};

/** Turns what stands in the buffer from `from` on, UTF-8, into another encoding, in its place. */
export function encodeTail(out: OutputBuffer, from: number, encoding: LineEncoding): void {
  if (encoding === "utf8" || (encoding !== "utf16le" && isAscii(out, from))) return;
  const text = escapeBeyond(out.bytes.toString("utf8", from, out.at), encoding);
  out.at = from;
  const byteCount = encoding === "utf16le" ? text.length * 2 : text.length;
  out.ensure(byteCount);
  out.at += out.bytes.write(text, from, byteCount, encoding === "utf16le" ? "utf16le" : "latin1");
}

function isAscii(out: OutputBuffer, from: number): boolean {
  const { bytes, at } = out;
  for (let i = from; i < at; i++) {
    if ((bytes[i] as number) > 0x7f) return false;
  }
  return true;
}

function escapeBeyond(text: string, encoding: LineEncoding): string {
  const unitMax = UNIT_MAX[encoding];
  let escaped = "";
  let copiedTo = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= unitMax) continue;
    escaped += `${text.slice(copiedTo, i)}\\u${unit.toString(16).padStart(4, "0")}`;
    copiedTo = i + 1;
  }
  return escaped + text.slice(copiedTo);
}
