/**
 * MessagePack, written for this comparison: no library for it is among the dependencies. The writer works as the product's renderers
 * do, fragments of the shape and the values between them; a record is a map with the keys of the JSON line.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { readValue, skipValue, type ReadValue } from "../../processors/shape/value-reader.ts";
import { isText, textAt, textLength } from "../../src/formatters/value-source.ts";

const FIXMAP = 0x80;
const FIXSTR = 0xa0;
const NIL = 0xc0;
const FALSE = 0xc2;
const TRUE = 0xc3;
const FLOAT64 = 0xcb;
const UINT8 = 0xcc;
const UINT16 = 0xcd;
const UINT32 = 0xce;
const INT32 = 0xd2;
const FIXEXT8 = 0xd7;
const STR8 = 0xd9;
const STR16 = 0xda;
const TIMESTAMP = 0xff;
/** Fields of every record, before its attributes. */
const FIXED_FIELDS = 5;
const TWO_32 = 2 ** 32;

/** Appends one value. @throws {RangeError} It is none of those that the comparison has. */
export function writeMsgpack(out: OutputBuffer, value: ReadValue): void {
  if (typeof value === "string") writeText(out, value);
  else if (typeof value === "number") writeNumber(out, value);
  else if (typeof value === "boolean") out.byte(value ? TRUE : FALSE);
  else if (value === null) out.byte(NIL);
  else throw new RangeError(`Cannot write ${typeof value} as MessagePack`);
}

function writeText(out: OutputBuffer, text: string): void {
  writeTextHead(out, Buffer.byteLength(text));
  out.text(text);
}

function writeTextHead(out: OutputBuffer, byteCount: number): void {
  if (byteCount < 32) out.byte(FIXSTR | byteCount);
  else if (byteCount < 0x100) writeHead(out, STR8, { value: byteCount, bytes: 1 });
  else writeHead(out, STR16, { value: byteCount, bytes: 2 });
}

function writeNumber(out: OutputBuffer, value: number): void {
  if (!Number.isInteger(value) || value < -0x8000_0000 || value >= TWO_32) {
    out.ensure(9);
    out.bytes[out.at] = FLOAT64;
    out.view.setFloat64(out.at + 1, value);
    out.at += 9;
  } else if (value >= 0 && value < 0x80) out.byte(value);
  else if (value < 0) writeHead(out, INT32, { value: value + TWO_32, bytes: 4 });
  else if (value < 0x100) writeHead(out, UINT8, { value, bytes: 1 });
  else if (value < 0x1_0000) writeHead(out, UINT16, { value, bytes: 2 });
  else writeHead(out, UINT32, { value, bytes: 4 });
}

/** A tag and an unsigned number, big-endian. */
function writeHead(
  out: OutputBuffer,
  tag: number,
  number: { readonly value: number; readonly bytes: 1 | 2 | 4 },
): void {
  out.ensure(5);
  out.bytes[out.at] = tag;
  if (number.bytes === 1) out.bytes[out.at + 1] = number.value;
  else if (number.bytes === 2) out.view.setUint16(out.at + 1, number.value);
  else out.view.setUint32(out.at + 1, number.value);
  out.at += 1 + number.bytes;
}

/** What a record has in common with the others of its shape. */
interface MsgpackFragments {
  /** Up to the time's seconds and nanoseconds. */
  readonly head: Fragment;
  readonly fixed: Fragment;
  readonly keys: readonly Fragment[];
}

function bytesOf(write: (out: OutputBuffer) => void): Fragment {
  const out = new OutputBuffer(1024);
  write(out);
  return makeFragment(Uint8Array.from(out.written()));
}

function makeFragments({ severityText, severityNumber, scope, template, keys }: Shape): MsgpackFragments {
  const fixed = { level: severityText, severity: severityNumber, logger: scope.name, msg: template };
  return {
    head: bytesOf((out) => {
      // Up to 15 fields: more than the record of the comparison has.
      out.byte(FIXMAP | (FIXED_FIELDS + keys.length));
      writeText(out, "time");
      out.byte(FIXEXT8);
      out.byte(TIMESTAMP);
    }),
    fixed: bytesOf((out) => {
      for (const [key, value] of Object.entries(fixed)) {
        writeText(out, key);
        writeMsgpack(out, value);
      }
    }),
    keys: keys.map((key) => bytesOf((out) => writeText(out, key))),
  };
}

/** A batch of records as maps, one behind the other. */
export class MsgpackRenderer implements BatchRenderer {
  readonly #out = new OutputBuffer();
  #isFinished = false;

  add(record: RecordCursor): void {
    const out = this.#out;
    if (this.#isFinished) out.clear();
    this.#isFinished = false;
    const { view, shape } = record;
    const parts = (shape.fragments ??= makeFragments(shape)) as MsgpackFragments;
    out.fragment(parts.head);
    writeTime(out, record);
    out.fragment(parts.fixed);
    let at = record.valuesAt;
    for (const key of parts.keys) {
      out.fragment(key);
      writeRecordValue(out, record, at);
      at = skipValue(view, at);
    }
  }

  get byteCount(): number {
    return this.#isFinished ? 0 : this.#out.at;
  }

  finish(): Uint8Array {
    if (this.#isFinished) this.#out.clear();
    this.#isFinished = true;
    return this.#out.written();
  }
}

/** A value of a record: texts are copied, all else is read. */
function writeRecordValue(out: OutputBuffer, record: RecordCursor, at: number): void {
  const { bytes, view } = record;
  if (!isText(record, at)) {
    writeMsgpack(out, readValue(bytes, view, at));
    return;
  }
  const byteCount = textLength(record, at);
  writeTextHead(out, byteCount);
  out.copyRange(bytes, view, textAt(record, at), byteCount);
}

/** The timestamp of 64 bits: nanoseconds in the upper 30, seconds in the lower 34. */
function writeTime(out: OutputBuffer, { timeSeconds, timeNanos }: RecordCursor): void {
  out.ensure(8);
  out.view.setUint32(out.at, timeNanos * 4 + Math.floor(timeSeconds / TWO_32));
  out.view.setUint32(out.at + 4, timeSeconds % TWO_32);
  out.at += 8;
}

/** What the reader makes of a value; a time becomes milliseconds. */
export type MsgpackValue = string | number | boolean | null | { readonly [key: string]: MsgpackValue };

/** Reads values one behind the other. */
export class MsgpackReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next value. @throws {RangeError} Its tag is none that the comparison has, or it is cut. */
  next(): MsgpackValue {
    const bytes = this.#bytes;
    const tag = bytes.readUInt8(this.#at++);
    if (tag < FIXMAP) return tag;
    if (tag < 0x90) return this.#map(tag & 15);
    if (tag >= FIXSTR && tag < NIL) return this.#text(tag & 31);
    switch (tag) {
      case NIL:
        return null;
      case FALSE:
      case TRUE:
        return tag === TRUE;
      case FLOAT64:
        return bytes.readDoubleBE(this.#step(8));
      case UINT8:
        return bytes.readUInt8(this.#step(1));
      case UINT16:
        return bytes.readUInt16BE(this.#step(2));
      case UINT32:
        return bytes.readUInt32BE(this.#step(4));
      case INT32:
        return bytes.readInt32BE(this.#step(4));
      case STR8:
        return this.#text(bytes.readUInt8(this.#step(1)));
      case STR16:
        return this.#text(bytes.readUInt16BE(this.#step(2)));
      case FIXEXT8:
        return this.#time();
      default:
        throw new RangeError(`Cannot read MessagePack: tag 0x${tag.toString(16)} at byte ${this.#at - 1}`);
    }
  }

  /** Moves on. Returns where it was. */
  #step(byteCount: number): number {
    const at = this.#at;
    this.#at += byteCount;
    return at;
  }

  #text(byteCount: number): string {
    const at = this.#step(byteCount);
    return this.#bytes.toString("utf8", at, at + byteCount);
  }

  #map(count: number): MsgpackValue {
    const map: Record<string, MsgpackValue> = {};
    for (let i = 0; i < count; i++) map[this.next() as string] = this.next();
    return map;
  }

  #time(): number {
    const at = this.#step(9) + 1;
    const upper = this.#bytes.readUInt32BE(at);
    const seconds = (upper & 3) * TWO_32 + this.#bytes.readUInt32BE(at + 4);
    return seconds * 1000 + (upper >>> 2) / 1e6;
  }
}
