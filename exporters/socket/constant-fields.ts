import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import { PlainAttributeEncoder } from "../../proto/plain-attributes.ts";
import type { WireCodec } from "./wire-codec.ts";

const initialBytes = 512;

/** Entries of a map, encoded. */
export interface ConstantFields {
  readonly fragment: Fragment;
  readonly count: number;
}

/** Encodes what is the same in all records of a shape. One renderer's own. */
export class ConstantFieldWriter {
  readonly #codec: WireCodec;
  readonly #encoder = new PlainAttributeEncoder();
  readonly #out = new OutputBuffer(initialBytes);

  constructor(codec: WireCodec) {
    this.#codec = codec;
  }

  /** The entries of `fields` but for those that are undefined, in their order. */
  fields(fields: Readonly<Record<string, unknown>>): ConstantFields {
    const source = this.#encoder.encode(fields);
    const count = source.view.getUint32(source.countAt, true);
    const out = this.#out;
    const codec = this.#codec;
    out.clear();
    let next = source.countAt + 4;
    for (let i = 0; i < count; i++) {
      const valueAt = codec.value(out, source, next);
      codec.afterKey(out);
      next = codec.value(out, source, valueAt);
      codec.afterEntry(out);
    }
    return { fragment: makeFragment(out.written()), count };
  }

  /** A key as it stands before its value. */
  key(key: string): Fragment {
    const source = this.#encoder.encode({ [key]: true });
    const out = this.#out;
    out.clear();
    this.#codec.value(out, source, source.countAt + 4);
    this.#codec.afterKey(out);
    return makeFragment(out.written());
  }
}
