import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { ValueSource } from "./value-source.ts";

const ESCAPE_BYTES_MAX = 3;
const PERCENT = 37;
const PLUS = 43;
const SPACE = 32;

/** 1 for each byte that stays as it is: letters, digits and `*-._`. */
const SAFE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[A-Za-z0-9*\-._]/.test(String.fromCharCode(byte))),
);
const HEX_DIGITS: Uint8Array = Buffer.from("0123456789ABCDEF", "latin1");

/**
 * Appends a run of UTF-8 of a source as a name or value of a form: a space is a plus, what is no letter, digit or one of
 * `*-._` a percent sign with two digits.
 *
 * @see URL Standard, application/x-www-form-urlencoded percent-encode set
 */
export function copyForForm(out: OutputBuffer, source: ValueSource, from: number, length: number): void {
  out.ensure(length * ESCAPE_BYTES_MAX);
  const target = out.bytes;
  let at = out.at;
  for (let next = from; next < from + length; next++) {
    const byte = source.bytes[next] as number;
    if (SAFE[byte] === 1) {
      target[at++] = byte;
    } else if (byte === SPACE) {
      target[at++] = PLUS;
    } else {
      target[at++] = PERCENT;
      target[at++] = HEX_DIGITS[byte >> 4] as number;
      target[at++] = HEX_DIGITS[byte & 15] as number;
    }
  }
  out.at = at;
}
