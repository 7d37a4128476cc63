import type { OutputBuffer } from "../../processors/shape/output.ts";
import { FALSE, TRUE } from "../../processors/shape/value-tag.ts";
import { BinaryCodec, putSized } from "./binary-codec.ts";

const UNSIGNED = 0x00;
const NEGATIVE = 0x20;
const BYTE_STRING = 0x40;
const TEXT_STRING = 0x60;
const ARRAY_TYPE = 0x80;
const MAP_TYPE = 0xa0;
const FALSE_BYTE = 0xf4;
const TRUE_BYTE = 0xf5;
const NULL_BYTE = 0xf6;
const FLOAT_64 = 0xfb;

/** What an argument that stands in the head itself is below. */
const SHORT_END = 24;
/** Added to a major type: the argument follows in 1, 2, 4 or 8 bytes. */
const IN_1_BYTE = 24;
const IN_2_BYTES = 25;
const IN_4_BYTES = 26;
const IN_8_BYTES = 27;

type Heads = readonly [number, number, number, number];

function headsOf(majorType: number): Heads {
  return [majorType | IN_1_BYTE, majorType | IN_2_BYTES, majorType | IN_4_BYTES, majorType | IN_8_BYTES];
}

const UNSIGNED_HEADS: Heads = headsOf(UNSIGNED);
const NEGATIVE_HEADS: Heads = headsOf(NEGATIVE);
const BYTES_HEADS: Heads = headsOf(BYTE_STRING);
const ARRAY_HEADS: Heads = headsOf(ARRAY_TYPE);

/**
 * CBOR: definite lengths, no tags; integers, texts and containers in the shortest form, but for maps that turn out to have
 * fewer entries than they could. Numbers that are no integers are always 64 bits long.
 *
 * @see RFC 8949
 */
export class CborCodec extends BinaryCodec {
  protected textHeadBytes(length: number): number {
    if (length < SHORT_END) return 1;
    if (length < 0x100) return 2;
    return length < 0x1_0000 ? 3 : 5;
  }

  protected mapHeadBytes(count: number): number {
    return this.textHeadBytes(count);
  }

  protected putTextHead(out: OutputBuffer, at: number, headBytes: number, length: number): void {
    putHead(out, at, { majorType: TEXT_STRING, headBytes, argument: length });
  }

  protected putMapHead(out: OutputBuffer, at: number, headBytes: number, count: number): void {
    putHead(out, at, { majorType: MAP_TYPE, headBytes, argument: count });
  }

  protected arrayHead(out: OutputBuffer, count: number): void {
    if (count < SHORT_END) out.byte(ARRAY_TYPE | count);
    else putSized(out, ARRAY_HEADS, count);
  }

  protected bytesHead(out: OutputBuffer, length: number): void {
    if (length < SHORT_END) out.byte(BYTE_STRING | length);
    else putSized(out, BYTES_HEADS, length);
  }

  protected constant(out: OutputBuffer, tag: number): void {
    out.byte(tag === TRUE ? TRUE_BYTE : tag === FALSE ? FALSE_BYTE : NULL_BYTE);
  }

  protected doubleHead(): number {
    return FLOAT_64;
  }

  integer(out: OutputBuffer, value: number): void {
    const argument = value < 0 ? -1 - value : value;
    const majorType = value < 0 ? NEGATIVE : UNSIGNED;
    if (argument < SHORT_END) out.byte(majorType | argument);
    else putSized(out, value < 0 ? NEGATIVE_HEADS : UNSIGNED_HEADS, argument);
  }

  protected unsigned64(out: OutputBuffer, high: number, low: number): void {
    out.ensure(9);
    const { at, view } = out;
    view.setUint8(at, UNSIGNED | IN_8_BYTES);
    view.setUint32(at + 1, high);
    view.setUint32(at + 5, low);
    out.at = at + 9;
  }

  protected negative64(out: OutputBuffer, value: bigint): void {
    out.ensure(9);
    out.view.setUint8(out.at, NEGATIVE | IN_8_BYTES);
    out.view.setBigUint64(out.at + 1, -1n - value);
    out.at += 9;
  }
}

interface Head {
  readonly majorType: number;
  readonly headBytes: number;
  readonly argument: number;
}

function putHead({ view }: OutputBuffer, at: number, { majorType, headBytes, argument }: Head): void {
  switch (headBytes) {
    case 1:
      view.setUint8(at, majorType | argument);
      return;
    case 2:
      view.setUint8(at, majorType | IN_1_BYTE);
      view.setUint8(at + 1, argument);
      return;
    case 3:
      view.setUint8(at, majorType | IN_2_BYTES);
      view.setUint16(at + 1, argument);
      return;
    default:
      view.setUint8(at, majorType | IN_4_BYTES);
      view.setUint32(at + 1, argument);
  }
}
