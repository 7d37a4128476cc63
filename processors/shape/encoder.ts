import { encodeObject } from "./object-encoder.ts";
import { FRAME_BYTES_AT, FRAME_HEAD_BYTES, MILLIS_AT, SHAPE_AT } from "./frame.ts";
import {
  ABSENT,
  ASCII_TEXT,
  DOUBLE,
  FALSE,
  INT32,
  INT53,
  INT64,
  NULL,
  PLAIN_TEXT,
  TRUE,
  UTF8_TEXT,
} from "./value-tag.ts";
import {
  DEFAULT_ENCODER_LIMITS,
  RECORD_TOO_LARGE,
  type EncoderLimits,
  type ValueWriter,
} from "./value-writer.ts";

const INITIAL_BYTES = 65_536;
const KEEP_BYTES_MAX = 1_048_576;
/** Up to this length a loop over the characters beats the native writers. */
const LOOP_LENGTH_MAX = 16;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const NO_LIMIT = 0x7fff_ffff;

interface NativeWriter {
  utf8Write(text: string, offset: number, length?: number): number;
}

/**
 * Writes one record at a time into private memory, from where it is copied to each handler's queue: a value that
 * throws on the way leaves no half record behind. One thread's own, one for each level of re-entrance.
 */
export class RecordEncoder implements ValueWriter {
  bytes!: Buffer;
  view!: DataView;
  words!: Int32Array;
  /** Where the next byte goes. */
  at = 0;
  readonly ancestors: object[] = [];
  limits: EncoderLimits = DEFAULT_ENCODER_LIMITS;
  #valueLengthMax = NO_LIMIT;
  #capacity = 0;

  constructor() {
    this.#allocate(INITIAL_BYTES);
  }

  /** Starts a record: all that was written before is forgotten. */
  begin(limits: EncoderLimits): void {
    this.at = FRAME_HEAD_BYTES;
    if (limits !== this.limits) {
      this.limits = limits;
      this.#valueLengthMax = Math.min(limits.valueLengthMax, NO_LIMIT);
    }
    if (this.#capacity > KEEP_BYTES_MAX) this.#allocate(INITIAL_BYTES);
  }

  /** Takes a finished record, to be published later than it was made. Returns its bytes. @throws {RangeError} `RECORD_TOO_LARGE`. */
  load(frame: Uint8Array): number {
    this.at = 0;
    this.encoded(frame);
    return frame.length;
  }

  /** Pads the record and writes its head. Returns its bytes, a multiple of 8. */
  finish(shapeAndFlags: number, millis: number): number {
    this.ensure(8);
    const length = (this.at + 7) & ~7;
    const view = this.view;
    view.setInt32(FRAME_BYTES_AT, length, true);
    view.setInt32(SHAPE_AT, shapeAndFlags, true);
    view.setFloat64(MILLIS_AT, millis, true);
    return length;
  }

  /** Makes room. @throws {RangeError} `RECORD_TOO_LARGE` itself. */
  ensure(byteCount: number): void {
    if (this.at + byteCount > this.#capacity) this.#grow(byteCount);
  }

  /** Any JavaScript value. @throws {RangeError} `RECORD_TOO_LARGE` only. */
  value(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.text(value.length > this.#valueLengthMax ? value.slice(0, this.#valueLengthMax) : value);
        return;
      case "number":
        this.number(value);
        return;
      case "boolean":
        this.#tag(value ? TRUE : FALSE);
        return;
      case "undefined":
        this.#tag(ABSENT);
        return;
      case "bigint":
        this.#bigint(value);
        return;
      case "symbol":
        this.text(`[${value.toString()}]`);
        return;
      case "function":
        this.text(functionMark(value));
        return;
      default:
        if (value === null) this.#tag(NULL);
        else encodeObject(this, value as object);
    }
  }

  /** A value for which the limits of attributes do not hold: a body, or what fills its holes. @throws {RangeError} */
  whole(value: unknown): void {
    const valueLengthMax = this.#valueLengthMax;
    this.#valueLengthMax = NO_LIMIT;
    try {
      this.value(value);
    } finally {
      this.#valueLengthMax = valueLengthMax;
    }
  }

  element(value: unknown): void {
    const from = this.at;
    this.value(value);
    if (this.bytes[from] === ABSENT) this.bytes[from] = NULL;
  }

  number(value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      this.ensure(5);
      const at = this.at;
      this.bytes[at] = INT32;
      this.view.setInt32(at + 1, value, true);
      this.at = at + 5;
      return;
    }
    this.ensure(9);
    const at = this.at;
    const isInteger = Number.isSafeInteger(value) && value !== 0;
    this.bytes[at] = isInteger ? INT53 : DOUBLE;
    this.view.setFloat64(at + 1, value, true);
    this.at = at + 9;
  }

  /** A text as it is, of any length: keys and marks are not cut to `valueLengthMax`, only values are. */
  text(text: string): void {
    const length = text.length;
    if (length > LOOP_LENGTH_MAX) {
      this.#longText(text);
      return;
    }
    this.ensure(2 + LOOP_LENGTH_MAX);
    const bytes = this.bytes;
    const at = this.at;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      // 34 and 92 are the quote and the backslash.
      if (unit < 32 || unit > 126 || unit === 34 || unit === 92) {
        this.#longText(text);
        return;
      }
      bytes[at + 2 + i] = unit;
    }
    bytes[at] = PLAIN_TEXT;
    bytes[at + 1] = length;
    this.at = at + 2 + length;
  }

  /** Bytes that are an encoded value, or several, already. */
  encoded(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  uint32(value: number): void {
    this.ensure(4);
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  float64(value: number): void {
    this.ensure(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Opens an ARRAY or a MAP. Returns its place, for `closeContainer`. */
  openContainer(tag: number): number {
    this.ensure(9);
    const at = this.at;
    this.bytes[at] = tag;
    this.at = at + 9;
    return at;
  }

  closeContainer(containerAt: number, count: number): void {
    this.view.setUint32(containerAt + 1, this.at - containerAt - 5, true);
    this.view.setUint32(containerAt + 5, count, true);
  }

  /** BYTES or another counted tag, with what it counts: at most as many as a text value may have units. */
  counted(tag: number, bytes: Uint8Array): void {
    const kept = bytes.length > this.#valueLengthMax ? bytes.subarray(0, this.#valueLengthMax) : bytes;
    this.ensure(5 + kept.length);
    this.bytes[this.at] = tag;
    this.view.setUint32(this.at + 1, kept.length, true);
    this.bytes.set(kept, this.at + 5);
    this.at += 5 + kept.length;
  }

  #tag(tag: number): void {
    this.ensure(1);
    this.bytes[this.at++] = tag;
  }

  #bigint(value: bigint): void {
    if (value < INT64_MIN || value > INT64_MAX) {
      this.value(value.toString());
      return;
    }
    this.ensure(9);
    this.bytes[this.at] = INT64;
    this.view.setBigInt64(this.at + 1, value, true);
    this.at += 9;
  }

  #longText(text: string): void {
    // Where the most that it could take has no room, what it does take counts: a record is refused for its own size only.
    const most = text.length * 3;
    this.ensure(5 + (this.at + 5 + most > this.#capacity ? Buffer.byteLength(text) : most));
    const at = this.at;
    const written = (this.bytes as unknown as NativeWriter).utf8Write(text, at + 5);
    this.bytes[at] = written === text.length ? ASCII_TEXT : UTF8_TEXT;
    this.view.setUint32(at + 1, written, true);
    this.at = at + 5 + written;
  }

  #allocate(byteCount: number): void {
    const buffer = new ArrayBuffer(byteCount);
    this.bytes = Buffer.from(buffer);
    this.view = new DataView(buffer);
    this.words = new Int32Array(buffer);
    this.#capacity = byteCount;
  }

  #grow(byteCount: number): void {
    const needed = this.at + byteCount;
    if (needed > this.limits.recordBytesMax + FRAME_HEAD_BYTES + 8) throw RECORD_TOO_LARGE;
    const old = this.bytes.subarray(0, this.at);
    this.#allocate((Math.max(needed, this.#capacity * 2) + 7) & ~7);
    this.bytes.set(old);
  }
}

function functionMark(value: unknown): string {
  try {
    const name = (value as { name: unknown }).name;
    return typeof name === "string" && name !== "" ? `[Function: ${name}]` : "[Function]";
  } catch {
    return "[Function]";
  }
}
