import type { OutputBuffer } from "../../processors/shape/output.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import {
  ABSENT,
  ARRAY,
  ASCII_TEXT,
  BYTES,
  CONTAINER_HEAD_BYTES,
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
import { AS_IT_IS, type BodyEscape } from "../../src/formatters/body-value.ts";
import type { ValueSource } from "../../src/formatters/value-source.ts";
import { NanosWords, nanosBeyond } from "./nanos-words.ts";
import type { WireCodec } from "./wire-codec.ts";

const WORD = 4_294_967_296;
/** Head of a value with its 8 bytes. */
const NUMBER_BYTES = 9;

/** What MessagePack and CBOR have in common: values copied from where they stand, behind heads that tell their sizes. */
export abstract class BinaryCodec implements WireCodec {
  readonly escape: BodyEscape = AS_IT_IS;
  readonly #words = new NanosWords();

  /** Bytes of the head of a text of so many bytes. */
  protected abstract textHeadBytes(length: number): number;
  /** Bytes of the head of a map of so many entries. */
  protected abstract mapHeadBytes(count: number): number;
  /** Stores a head of `headBytes` bytes at `at`; there is room. */
  protected abstract putTextHead(out: OutputBuffer, at: number, headBytes: number, length: number): void;
  /** Stores a head of `headBytes` bytes at `at`; there is room. */
  protected abstract putMapHead(out: OutputBuffer, at: number, headBytes: number, count: number): void;
  /** Appends the head of an array. */
  protected abstract arrayHead(out: OutputBuffer, count: number): void;
  /** Appends the head of bytes. */
  protected abstract bytesHead(out: OutputBuffer, length: number): void;
  /** Appends true, false, or null for all other tags. */
  protected abstract constant(out: OutputBuffer, tag: number): void;
  /** The byte before the 8 of a number that is no integer. */
  protected abstract doubleHead(): number;
  abstract integer(out: OutputBuffer, value: number): void;
  /** Appends an integer from 0 to 2^64 - 1, the upper 32 bits of which are not 0. */
  protected abstract unsigned64(out: OutputBuffer, high: number, low: number): void;
  /** Appends an integer from -2^63 to -2^53. */
  protected abstract negative64(out: OutputBuffer, value: bigint): void;

  openMap(out: OutputBuffer, countMax: number): void {
    const headBytes = this.mapHeadBytes(countMax);
    out.ensure(headBytes);
    out.at += headBytes;
  }

  closeMap(out: OutputBuffer, openedAt: number, countMax: number, count: number): void {
    this.putMapHead(out, openedAt, this.mapHeadBytes(countMax), count);
  }

  openText(out: OutputBuffer, expectedBytes: number): void {
    const headBytes = this.textHeadBytes(expectedBytes);
    out.ensure(headBytes);
    out.at += headBytes;
  }

  /** A wrong guess costs one move of the text, so heads are never longer than they must be. */
  closeText(out: OutputBuffer, openedAt: number, expectedBytes: number): void {
    const contentAt = openedAt + this.textHeadBytes(expectedBytes);
    const length = out.at - contentAt;
    const headBytes = this.textHeadBytes(length);
    const shift = openedAt + headBytes - contentAt;
    if (shift !== 0) {
      if (shift > 0) out.ensure(shift);
      out.bytes.copyWithin(openedAt + headBytes, contentAt, out.at);
      out.at += shift;
    }
    this.putTextHead(out, openedAt, headBytes, length);
  }

  text(out: OutputBuffer, source: ValueSource, from: number, length: number): void {
    const headBytes = this.textHeadBytes(length);
    out.ensure(headBytes + length);
    this.putTextHead(out, out.at, headBytes, length);
    out.at += headBytes;
    out.copyRange(source.bytes, source.view, from, length);
  }

  value(out: OutputBuffer, source: ValueSource, at: number): number {
    const { view } = source;
    const tag = view.getUint8(at);
    switch (tag) {
      case PLAIN_TEXT: {
        const length = view.getUint8(at + 1);
        this.text(out, source, at + 2, length);
        return at + 2 + length;
      }
      case INT32:
        this.integer(out, view.getInt32(at + 1, true));
        return at + 5;
      case DOUBLE:
        this.#double(out, view.getFloat64(at + 1, true));
        return at + 9;
      case INT53:
        this.integer(out, view.getFloat64(at + 1, true));
        return at + 9;
      case ASCII_TEXT:
      case UTF8_TEXT: {
        const length = view.getUint32(at + 1, true);
        this.text(out, source, at + 5, length);
        return at + 5 + length;
      }
      case INT64:
        this.#bigint(out, view.getBigInt64(at + 1, true));
        return at + 9;
      case BYTES:
        return this.#bytes(out, source, at);
      case ARRAY:
        return this.#array(out, source, at);
      case MAP:
        return this.#map(out, source, at);
      default:
        this.constant(out, tag === TRUE || tag === FALSE ? tag : ABSENT);
        return at + 1;
    }
  }

  nanos(out: OutputBuffer, seconds: number, nanos: number): void {
    const words = this.#words;
    if (!words.split(seconds, nanos)) this.#bigint(out, nanosBeyond(seconds, nanos));
    else if (words.high === 0) this.integer(out, words.low);
    else this.unsigned64(out, words.high, words.low);
  }

  afterKey(_out: OutputBuffer): void {
    // The value stands right behind its key.
  }

  afterEntry(_out: OutputBuffer): void {
    // The next key stands right behind the value.
  }

  #double(out: OutputBuffer, value: number): void {
    out.ensure(NUMBER_BYTES);
    out.view.setUint8(out.at, this.doubleHead());
    out.view.setFloat64(out.at + 1, value);
    out.at += NUMBER_BYTES;
  }

  #bigint(out: OutputBuffer, value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.integer(out, number);
    else if (value < 0n) this.negative64(out, value);
    else this.unsigned64(out, Number(value >> 32n), Number(value & 0xffff_ffffn));
  }

  #bytes(out: OutputBuffer, source: ValueSource, at: number): number {
    const length = source.view.getUint32(at + 1, true);
    this.bytesHead(out, length);
    out.copyRange(source.bytes, source.view, at + 5, length);
    return at + 5 + length;
  }

  #array(out: OutputBuffer, source: ValueSource, at: number): number {
    const count = source.view.getUint32(at + 5, true);
    this.arrayHead(out, count);
    let next = at + CONTAINER_HEAD_BYTES;
    for (let i = 0; i < count; i++) next = this.value(out, source, next);
    return next;
  }

  #map(out: OutputBuffer, source: ValueSource, at: number): number {
    const { view } = source;
    const countMax = view.getUint32(at + 5, true);
    const openedAt = out.at;
    this.openMap(out, countMax);
    let count = 0;
    let next = at + CONTAINER_HEAD_BYTES;
    for (let i = 0; i < countMax; i++) {
      const valueAt = skipValue(view, next);
      if (view.getUint8(valueAt) === ABSENT) {
        next = valueAt + 1;
        continue;
      }
      count++;
      this.value(out, source, next);
      next = this.value(out, source, valueAt);
    }
    this.closeMap(out, openedAt, countMax, count);
    return next;
  }
}

/** Appends `head` and a non-negative integer in the fewest of 1, 2, 4 or 8 bytes behind it, `head` growing with them. */
export function putSized(
  out: OutputBuffer,
  heads: readonly [number, number, number, number],
  value: number,
): void {
  out.ensure(NUMBER_BYTES);
  const { view, at } = out;
  if (value < 0x100) {
    view.setUint8(at, heads[0]);
    view.setUint8(at + 1, value);
    out.at = at + 2;
  } else if (value < 0x1_0000) {
    view.setUint8(at, heads[1]);
    view.setUint16(at + 1, value);
    out.at = at + 3;
  } else if (value < WORD) {
    view.setUint8(at, heads[2]);
    view.setUint32(at + 1, value);
    out.at = at + 5;
  } else {
    view.setUint8(at, heads[3]);
    view.setUint32(at + 1, Math.floor(value / WORD));
    view.setUint32(at + 5, value % WORD);
    out.at = at + 9;
  }
}
