import type { FemtoValue } from "../../record/log-record.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { FrameFault } from "./frame-fault.ts";

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTE_STRING = 2;
const TEXT_STRING = 3;
const ARRAY_TYPE = 4;
const MAP_TYPE = 5;
const TAG = 6;

/**
 * Decodes a payload in CBOR: one value of definite length, nothing behind it. Tags are refused. Any thread; synchronous.
 *
 * @returns The value; it shares no memory with the payload. Integers beyond 2^53 are bigint.
 * @throws {FrameFault} It is not CBOR, or too deep, or holds too much.
 * @see RFC 8949
 */
export function readCbor(payload: Buffer): FemtoValue {
  const cursor = new ByteCursor(payload);
  const readValue = (depth: number): FemtoValue => read(cursor, depth, readValue);
  const value = readValue(0);
  cursor.expectEnd();
  return value;
}

type ReadValue = (depth: number) => FemtoValue;

function read(cursor: ByteCursor, depth: number, readValue: ReadValue): FemtoValue {
  const head = cursor.unsigned(1);
  const majorType = head >> 5;
  const short = head & 0x1f;
  switch (majorType) {
    case UNSIGNED:
      return readArgument(cursor, short);
    case NEGATIVE:
      return negative(readArgument(cursor, short));
    case BYTE_STRING:
      return cursor.bytes(readLength(cursor, short));
    case TEXT_STRING:
      return cursor.text(readLength(cursor, short));
    case ARRAY_TYPE:
      return cursor.array(readLength(cursor, short), depth, readValue);
    case MAP_TYPE:
      return cursor.map(readLength(cursor, short), depth, readValue);
    case TAG:
      throw new FrameFault("CBOR tags are not taken");
    default:
      return readSimple(cursor, short);
  }
}

function negative(argument: number | bigint): number | bigint {
  if (typeof argument === "number" && argument < Number.MAX_SAFE_INTEGER) return -1 - argument;
  return -1n - BigInt(argument);
}

function readArgument(cursor: ByteCursor, short: number): number | bigint {
  if (short < 24) return short;
  switch (short) {
    case 24:
      return cursor.unsigned(1);
    case 25:
      return cursor.unsigned(2);
    case 26:
      return cursor.unsigned(4);
    case 27:
      return cursor.unsigned64();
    default:
      throw new FrameFault("CBOR of indefinite length is not taken");
  }
}

function readLength(cursor: ByteCursor, short: number): number {
  // Beyond 2^53 it is longer than any frame.
  return Number(readArgument(cursor, short));
}

function readSimple(cursor: ByteCursor, short: number): FemtoValue {
  switch (short) {
    case 20:
      return false;
    case 21:
      return true;
    case 22:
    case 23:
      return null;
    case 25:
      return halfFloat(cursor.unsigned(2));
    case 26:
      return cursor.float32();
    case 27:
      return cursor.float64();
    default:
      throw new FrameFault(`the simple value ${short} of CBOR is not taken`);
  }
}

/** A float of 16 bits. @see RFC 8949, Appendix D */
function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (fraction + 1024) * 2 ** (exponent - 25);
}
