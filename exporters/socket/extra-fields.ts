import type { OutputBuffer } from "../../processors/shape/output.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import { textAt, textLength, type ValueSource } from "../../src/formatters/value-source.ts";
import { EXCEPTION_PREFIX } from "./record-fields.ts";
import type { WireCodec } from "./wire-codec.ts";

const PREFIX: Buffer = Buffer.from(EXCEPTION_PREFIX);

/** Which extras are written, and where they stand: their count, the pairs behind it. */
export interface ExtraPart {
  readonly extrasAt: number;
  /** True for those that describe an exception, false for all others. */
  readonly isException: boolean;
}

/** Attributes that have their keys with them: bound, scoped and free ones. */
export class ExtraFields {
  readonly #codec: WireCodec;

  constructor(codec: WireCodec) {
    this.#codec = codec;
  }

  /** @param extrasAt Where the count of the extras stands; -1 without any. */
  hasException(source: ValueSource, extrasAt: number): boolean {
    if (extrasAt < 0) return false;
    const { view } = source;
    const count = view.getUint32(extrasAt, true);
    let keyAt = extrasAt + 4;
    for (let i = 0; i < count; i++) {
      if (isExceptionKey(source, keyAt)) return true;
      keyAt = skipValue(view, skipValue(view, keyAt));
    }
    return false;
  }

  /** Appends one part of the extras. Returns how many entries that makes. */
  write(out: OutputBuffer, source: ValueSource, part: ExtraPart): number {
    const { view } = source;
    const pairCount = view.getUint32(part.extrasAt, true);
    let count = 0;
    let keyAt = part.extrasAt + 4;
    for (let i = 0; i < pairCount; i++) {
      const valueAt = skipValue(view, keyAt);
      if (view.getUint8(valueAt) === ABSENT || isExceptionKey(source, keyAt) !== part.isException) {
        keyAt = skipValue(view, valueAt);
        continue;
      }
      this.#key(out, source, { keyAt, isException: part.isException });
      keyAt = this.#codec.value(out, source, valueAt);
      this.#codec.afterEntry(out);
      count++;
    }
    return count;
  }

  #key(
    out: OutputBuffer,
    source: ValueSource,
    { keyAt, isException }: { readonly keyAt: number; readonly isException: boolean },
  ): void {
    const prefixBytes = isException ? PREFIX.length : 0;
    this.#codec.text(
      out,
      source,
      textAt(source, keyAt) + prefixBytes,
      textLength(source, keyAt) - prefixBytes,
    );
    this.#codec.afterKey(out);
  }
}

function isExceptionKey(source: ValueSource, keyAt: number): boolean {
  const from = textAt(source, keyAt);
  if (source.bytes[from] !== PREFIX[0] || textLength(source, keyAt) < PREFIX.length) return false;
  return PREFIX.equals(source.bytes.subarray(from, from + PREFIX.length));
}
