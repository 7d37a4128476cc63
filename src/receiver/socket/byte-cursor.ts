import { isUtf8 } from "node:buffer";

import type { FemtoValue } from "../../record/log-record.ts";
import { containerCountMax, depthMax, FrameFault } from "./frame-fault.ts";

const WORD = 4_294_967_296;

/** Reads a payload from front to back, never beyond its end. */
export class ByteCursor {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  #containerCount = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remainingBytes(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws {FrameFault} Something is left. */
  expectEnd(): void {
    if (this.remainingBytes > 0) throw new FrameFault(`${this.remainingBytes} bytes follow the record`);
  }

  /** 1, 2 or 4 bytes as an unsigned integer. */
  unsigned(byteCount: 1 | 2 | 4): number {
    const at = this.#take(byteCount);
    if (byteCount === 1) return this.#view.getUint8(at);
    return byteCount === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** 1, 2 or 4 bytes as a signed integer. */
  signed(byteCount: 1 | 2 | 4): number {
    const at = this.#take(byteCount);
    if (byteCount === 1) return this.#view.getInt8(at);
    return byteCount === 2 ? this.#view.getInt16(at) : this.#view.getInt32(at);
  }

  /** 8 bytes as an unsigned integer: a bigint beyond 2^53. */
  unsigned64(): number | bigint {
    const at = this.#take(8);
    const value = this.#view.getUint32(at) * WORD + this.#view.getUint32(at + 4);
    return Number.isSafeInteger(value) ? value : this.#view.getBigUint64(at);
  }

  /** 8 bytes as a signed integer: a bigint beyond 2^53. */
  signed64(): number | bigint {
    const value = this.#view.getBigInt64(this.#take(8));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  float32(): number {
    return this.#view.getFloat32(this.#take(4));
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  /** @throws {FrameFault} It is not UTF-8, or longer than the payload. */
  text(byteCount: number): string {
    const at = this.#take(byteCount);
    const bytes = this.#bytes.subarray(at, at + byteCount);
    if (!isUtf8(bytes)) throw new FrameFault("a text is not UTF-8");
    return bytes.toString("utf8");
  }

  /** A copy. @throws {FrameFault} Longer than the payload. */
  bytes(byteCount: number): Uint8Array {
    const at = this.#take(byteCount);
    return new Uint8Array(this.#bytes.subarray(at, at + byteCount));
  }

  /** @throws {FrameFault} There cannot be so many: each is a byte or more. */
  array(count: number, depth: number, readValue: (depth: number) => FemtoValue): FemtoValue[] {
    this.#open(count, depth);
    const values: FemtoValue[] = [];
    for (let i = 0; i < count; i++) values.push(readValue(depth + 1));
    return values;
  }

  /** @throws {FrameFault} There cannot be so many entries, or a key is no text. Of equal keys the last counts. */
  map(count: number, depth: number, readValue: (depth: number) => FemtoValue): Record<string, FemtoValue> {
    this.#open(count * 2, depth);
    const map: Record<string, FemtoValue> = {};
    for (let i = 0; i < count; i++) {
      const key = readValue(depth + 1);
      if (typeof key !== "string") throw new FrameFault("a key of a map is no text");
      setOwn(map, key, readValue(depth + 1));
    }
    return map;
  }

  #open(valueCount: number, depth: number): void {
    this.#containerCount += 1;
    if (depth >= depthMax) throw new FrameFault(`arrays and maps are nested deeper than ${depthMax}`);
    if (this.#containerCount > containerCountMax) {
      throw new FrameFault(`there are more than ${containerCountMax} arrays and maps`);
    }
    if (valueCount > this.remainingBytes) throw new FrameFault("an array or map is longer than the frame");
  }

  #take(byteCount: number): number {
    const at = this.#at;
    if (byteCount > this.remainingBytes) throw new FrameFault("the frame ends in the middle of a value");
    this.#at = at + byteCount;
    return at;
  }
}

/** Sets a property of any name, also `__proto__`, as the object's own. */
function setOwn(map: Record<string, FemtoValue>, key: string, value: FemtoValue): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[key] = value;
  }
}
