import { readProperty } from "../processors/shape/object-encoder.ts";
import { RecordEncoder } from "../processors/shape/encoder.ts";
import { ABSENT } from "../processors/shape/value-tag.ts";
import { DEFAULT_ENCODER_LIMITS } from "../processors/shape/value-writer.ts";
import type { ValueSource } from "./value-source.ts";

/** Attributes in the form in which those of a record stand in its frame. Valid until the next `encode`. */
export interface EncodedAttributes extends ValueSource {
  /** Where the uint32 count of the pairs stands; they follow it. */
  readonly countAt: number;
  /** Attributes left out, since all together would be larger than a record may be. */
  readonly droppedCount: number;
}

/**
 * Brings the attributes of resources and scopes, which are JavaScript values, into the form of a record's, so that
 * one mapping and one writer serve all attributes. For what is written once, not once a record.
 */
export class PlainAttributeEncoder {
  readonly #encoder = new RecordEncoder();

  /** Encodes the attributes that are not undefined, in their order. Never throws: what a getter throws becomes a text. */
  encode(attributes: Readonly<Record<string, unknown>>): EncodedAttributes {
    const encoder = this.#encoder;
    encoder.begin(DEFAULT_ENCODER_LIMITS);
    const countAt = encoder.at;
    encoder.uint32(0);
    let count = 0;
    let droppedCount = 0;
    for (const key of Object.keys(attributes)) {
      const pairAt = encoder.at;
      const outcome = this.#pair(key, readProperty(attributes, key));
      if (outcome === "written") count++;
      else encoder.at = pairAt;
      if (outcome === "too large") droppedCount++;
    }
    encoder.view.setUint32(countAt, count, true);
    return { bytes: encoder.bytes, view: encoder.view, countAt, droppedCount };
  }

  #pair(key: string, value: unknown): "written" | "absent" | "too large" {
    const encoder = this.#encoder;
    try {
      encoder.text(key);
      const valueAt = encoder.at;
      encoder.value(value);
      return encoder.view.getUint8(valueAt) === ABSENT ? "absent" : "written";
    } catch {
      return "too large";
    }
  }
}
