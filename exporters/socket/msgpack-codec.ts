import type { OutputBuffer } from "../../processors/shape/output.ts";
import { FALSE, TRUE } from "../../processors/shape/value-tag.ts";
import { BinaryCodec, putSized } from "./binary-codec.ts";

const NIL = 0xc0;
const FALSE_BYTE = 0xc2;
const TRUE_BYTE = 0xc3;
const FLOAT_64 = 0xcb;
const UINT_64 = 0xcf;
const INT_8 = 0xd0;
const INT_16 = 0xd1;
const INT_32 = 0xd2;
const INT_64 = 0xd3;
const STR_8 = 0xd9;
const STR_16 = 0xda;
const STR_32 = 0xdb;
const MAP_16 = 0xde;
const MAP_32 = 0xdf;
const FIXMAP = 0x80;
const FIXARRAY = 0x90;
const FIXSTR = 0xa0;

/** uint 8, 16, 32, 64. */
const UINTS = [0xcc, 0xcd, 0xce, UINT_64] as const;
/** bin 8, 16, 32; no bytes are longer. */
const BINS = [0xc4, 0xc5, 0xc6, 0xc6] as const;

/**
 * MessagePack. Integers, texts and containers take the shortest form, but for maps that turn out to have fewer entries than they could.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MsgpackCodec extends BinaryCodec {
  protected textHeadBytes(length: number): number {
    if (length < 32) return 1;
    if (length < 0x100) return 2;
    return length < 0x1_0000 ? 3 : 5;
  }

  protected mapHeadBytes(count: number): number {
    if (count < 16) return 1;
    return count < 0x1_0000 ? 3 : 5;
  }

  protected putTextHead({ view }: OutputBuffer, at: number, headBytes: number, length: number): void {
    switch (headBytes) {
      case 1:
        view.setUint8(at, FIXSTR | length);
        return;
      case 2:
        view.setUint8(at, STR_8);
        view.setUint8(at + 1, length);
        return;
      case 3:
        view.setUint8(at, STR_16);
        view.setUint16(at + 1, length);
        return;
      default:
        view.setUint8(at, STR_32);
        view.setUint32(at + 1, length);
    }
  }

  protected putMapHead({ view }: OutputBuffer, at: number, headBytes: number, count: number): void {
    if (headBytes === 1) {
      view.setUint8(at, FIXMAP | count);
    } else if (headBytes === 3) {
      view.setUint8(at, MAP_16);
      view.setUint16(at + 1, count);
    } else {
      view.setUint8(at, MAP_32);
      view.setUint32(at + 1, count);
    }
  }

  protected arrayHead(out: OutputBuffer, count: number): void {
    out.ensure(5);
    const { at, view } = out;
    if (count < 16) {
      view.setUint8(at, FIXARRAY | count);
      out.at = at + 1;
    } else if (count < 0x1_0000) {
      view.setUint8(at, 0xdc);
      view.setUint16(at + 1, count);
      out.at = at + 3;
    } else {
      view.setUint8(at, 0xdd);
      view.setUint32(at + 1, count);
      out.at = at + 5;
    }
  }

  protected bytesHead(out: OutputBuffer, length: number): void {
    putSized(out, BINS, length);
  }

  protected constant(out: OutputBuffer, tag: number): void {
    out.byte(tag === TRUE ? TRUE_BYTE : tag === FALSE ? FALSE_BYTE : NIL);
  }

  protected doubleHead(): number {
    return FLOAT_64;
  }

  integer(out: OutputBuffer, value: number): void {
    if (value >= 0x80) putSized(out, UINTS, value);
    else if (value >= -32) out.byte(value & 0xff);
    else negative(out, value);
  }

  protected unsigned64(out: OutputBuffer, high: number, low: number): void {
    out.ensure(9);
    const { at, view } = out;
    view.setUint8(at, UINT_64);
    view.setUint32(at + 1, high);
    view.setUint32(at + 5, low);
    out.at = at + 9;
  }

  protected negative64(out: OutputBuffer, value: bigint): void {
    out.ensure(9);
    out.view.setUint8(out.at, INT_64);
    out.view.setBigInt64(out.at + 1, value);
    out.at += 9;
  }
}

/** Appends a safe integer below -32. */
function negative(out: OutputBuffer, value: number): void {
  out.ensure(9);
  const { at, view } = out;
  if (value >= -0x80) {
    view.setUint8(at, INT_8);
    view.setInt8(at + 1, value);
    out.at = at + 2;
  } else if (value >= -0x8000) {
    view.setUint8(at, INT_16);
    view.setInt16(at + 1, value);
    out.at = at + 3;
  } else if (value >= -0x8000_0000) {
    view.setUint8(at, INT_32);
    view.setInt32(at + 1, value);
    out.at = at + 5;
  } else {
    view.setUint8(at, INT_64);
    view.setBigInt64(at + 1, BigInt(value));
    out.at = at + 9;
  }
}
