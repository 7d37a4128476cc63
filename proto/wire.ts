// Protobuf wire format: what the encoder of OTLP needs of it, over an OutputBuffer.
//   field    a tag byte (field number << 3 | wire type; numbers 1 to 15 only, so one byte does), then the payload
//   varint   7 bits a byte, low ones first, the top bit says that more follow; never longer than it must be
//   length   a varint, then so many bytes
// A length stands before what it counts. So room is left for it by a guess (`beginLength`), and when the guess was
// wrong the bytes are moved by the difference (`endLength`): a length with spare bytes in it (an overlong varint)
// is accepted by some decoders only.
// See https://protobuf.dev/programming-guides/encoding/
import type { OutputBuffer } from "../processors/shape/output.ts";

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_FIXED32 = 5;

/** Bytes of the longest varint of 32 bits. */
const VARINT32_BYTES_MAX = 5;
/** Bytes of the longest varint of 64 bits, which every negative number takes. */
const VARINT64_BYTES_MAX = 10;

const HIGH_UNIT = 4_294_967_296;

/** The tag byte of a field. Field numbers 1 to 15. */
export function fieldTag(fieldNumber: number, wireType: number): number {
  return (fieldNumber << 3) | wireType;
}

/** Bytes that `value` takes as a varint, 1 to 5. `value` is an integer, 0 to 2^32 - 1. */
export function varintBytes(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  if (value < 2_097_152) return 3;
  return value < 268_435_456 ? 4 : 5;
}

/**
 * Stores `value` as a varint at `at`. The caller has made room: 5 bytes at most.
 *
 * @param value Integer, 0 to 2^32 - 1.
 * @returns Where the next byte goes.
 */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest > 127) {
    bytes[next++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[next++] = rest;
  return next;
}

/** Appends `value`, an integer from 0 to 2^32 - 1, as a varint. */
export function writeVarint(out: OutputBuffer, value: number): void {
  out.ensure(VARINT32_BYTES_MAX);
  out.at = putVarint(out.bytes, out.at, value);
}

/**
 * Appends 64 bits as a varint: an int64 in two's complement, so that negative ones take 10 bytes.
 *
 * @param low Low 32 bits, signed or unsigned.
 * @param high High 32 bits, signed or unsigned.
 */
export function writeVarint64(out: OutputBuffer, low: number, high: number): void {
  out.ensure(VARINT64_BYTES_MAX);
  const bytes = out.bytes;
  let at = out.at;
  let lowRest = low;
  let highRest = high;
  while (highRest !== 0) {
    bytes[at++] = (lowRest & 127) | 128;
    lowRest = (lowRest >>> 7) | (highRest << 25);
    highRest >>>= 7;
  }
  out.at = putVarint(bytes, at, lowRest >>> 0);
}

/** Appends an int32 as an int64 varint. */
export function writeInt32(out: OutputBuffer, value: number): void {
  if (value >= 0) writeVarint(out, value);
  else writeVarint64(out, value, -1);
}

/** Appends an integer of at most 53 bits as an int64 varint, exactly. `value` is integral, |value| <= 2^53. */
export function writeInt53(out: OutputBuffer, value: number): void {
  const low = value >>> 0;
  writeVarint64(out, low, (value - low) / HIGH_UNIT);
}

/** Appends a tag byte, then a double. */
export function writeDoubleField(out: OutputBuffer, tag: number, value: number): void {
  out.ensure(9);
  out.bytes[out.at] = tag;
  out.view.setFloat64(out.at + 1, value, true);
  out.at += 9;
}

/** Appends a tag byte, the length, the text as UTF-8. Lone surrogates become U+FFFD. */
export function writeTextField(out: OutputBuffer, tag: number, text: string): void {
  out.byte(tag);
  writeVarint(out, Buffer.byteLength(text));
  out.text(text);
}

/**
 * Leaves room for a length. Keep `out.at` from before the call (`lengthAt`) and from after it (`contentAt`), write what
 * is to be counted, then call `endLength` with both.
 *
 * @param expectedBytes How many bytes will follow, as well as one can tell, 0 to 2^32 - 1: a wrong guess costs a move.
 */
export function beginLength(out: OutputBuffer, expectedBytes: number): void {
  const reservedBytes = varintBytes(expectedBytes);
  out.ensure(reservedBytes);
  out.at += reservedBytes;
}

/** Stores the length of everything from `contentAt` on into the room at `lengthAt`, as short as can be. */
export function endLength(out: OutputBuffer, lengthAt: number, contentAt: number): void {
  const contentBytes = out.at - contentAt;
  if (contentBytes < 128 && contentAt - lengthAt === 1) {
    out.bytes[lengthAt] = contentBytes;
    return;
  }
  const surplusBytes = lengthAt + varintBytes(contentBytes) - contentAt;
  if (surplusBytes !== 0) {
    if (surplusBytes > 0) out.ensure(surplusBytes);
    out.bytes.copyWithin(contentAt + surplusBytes, contentAt, out.at);
    out.at += surplusBytes;
  }
  putVarint(out.bytes, lengthAt, contentBytes);
}

/**
 * Appends a field that holds a message: the tag byte, the length, what `writeFields` appends.
 * For what is written once; the inner loops use `beginLength` and `endLength`.
 */
export function writeMessageField(
  out: OutputBuffer,
  tag: number,
  writeFields: (out: OutputBuffer) => void,
): void {
  out.byte(tag);
  const lengthAt = out.at;
  beginLength(out, 0);
  const contentAt = out.at;
  writeFields(out);
  endLength(out, lengthAt, contentAt);
}
