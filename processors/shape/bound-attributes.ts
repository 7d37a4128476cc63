import type { RecordEncoder } from "./encoder.ts";
import type { KnownShape } from "./shape-family.ts";
import { DEFAULT_ENCODER_LIMITS, RECORD_TOO_LARGE, type EncoderLimits } from "./value-writer.ts";

interface Pair {
  readonly key: string;
  /** The key as text value, and the value behind it. */
  readonly bytes: Uint8Array;
}

/**
 * Attributes that many records share, encoded once: those of a child logger, of a context. Immutable. They give way to
 * attributes of the call with the same key.
 */
export class BoundAttributes {
  readonly #pairs: readonly Pair[];
  readonly #bytes: Uint8Array;
  #checked: KnownShape | undefined;
  #hasCollision = false;
  #lastBelow: BoundAttributes | undefined;
  #lastOver: BoundAttributes | undefined;

  private constructor(pairs: readonly Pair[]) {
    this.#pairs = pairs;
    this.#bytes = Buffer.concat(pairs.map((pair) => pair.bytes));
  }

  /**
   * Encodes attributes; those of `parent` with other keys stay.
   * @param parts.encoder Scratch memory, in use by nobody.
   * @param parts.limits Those of the records; by default values are not cut.
   */
  static of(
    attributes: Readonly<Record<string, unknown>>,
    parts: {
      readonly encoder: RecordEncoder;
      readonly parent?: BoundAttributes | undefined;
      readonly limits?: EncoderLimits | undefined;
    },
  ): BoundAttributes {
    const own = new Map<string, Pair>();
    for (const key of keysOf(attributes)) {
      parts.encoder.begin(parts.limits ?? DEFAULT_ENCODER_LIMITS);
      const bytes = encodePair(parts.encoder, attributes, key);
      if (bytes !== undefined) own.set(key, { key, bytes });
    }
    const inherited =
      parts.parent === undefined ? [] : parts.parent.#pairs.filter((pair) => !own.has(pair.key));
    return new BoundAttributes([...inherited, ...own.values()]);
  }

  /** These on top of others: `below` gives way where keys are the same. Remembers the last answer. */
  over(below: BoundAttributes): BoundAttributes {
    if (this.#lastBelow === below && this.#lastOver !== undefined) return this.#lastOver;
    const kept = below.#pairs.filter((pair) => !this.has(pair.key));
    this.#lastBelow = below;
    this.#lastOver = new BoundAttributes([...kept, ...this.#pairs]);
    return this.#lastOver;
  }

  /**
   * These as far as a record has room for them beside its own.
   * @param own Keys of the record itself: they win, and take their place first.
   * @param room How many more attributes the record may have.
   * @returns What fits, and how many do not.
   */
  fit(
    own: readonly string[],
    room: number,
  ): { readonly bound: BoundAttributes; readonly droppedCount: number } {
    if (this.#pairs.length <= room) return { bound: this, droppedCount: 0 };
    const beside = this.#pairs.filter((pair) => !own.includes(pair.key));
    if (beside.length <= room) return { bound: this, droppedCount: 0 };
    return { bound: new BoundAttributes(beside.slice(0, room)), droppedCount: beside.length - room };
  }

  get count(): number {
    return this.#pairs.length;
  }

  /** Appends the pairs whose keys the shape has not. Returns how many. */
  write(encoder: RecordEncoder, shape: KnownShape): number {
    if (shape !== this.#checked) {
      this.#hasCollision = this.#pairs.some((pair) => shape.keys.includes(pair.key));
      this.#checked = shape;
    }
    if (!this.#hasCollision) {
      encoder.encoded(this.#bytes);
      return this.#pairs.length;
    }
    return this.writeExcept(encoder, (key) => shape.keys.includes(key));
  }

  /** Appends the pairs whose keys are not taken. Returns how many. */
  writeExcept(encoder: RecordEncoder, isTaken: (key: string) => boolean): number {
    let count = 0;
    for (const pair of this.#pairs) {
      if (isTaken(pair.key)) continue;
      encoder.encoded(pair.bytes);
      count++;
    }
    return count;
  }

  has(key: string): boolean {
    return this.#pairs.some((pair) => pair.key === key);
  }
}

function keysOf(attributes: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    return Object.keys(attributes);
  } catch {
    return [];
  }
}

function encodePair(
  encoder: RecordEncoder,
  attributes: Readonly<Record<string, unknown>>,
  key: string,
): Uint8Array | undefined {
  const from = encoder.at;
  try {
    const value = attributes[key];
    if (value === undefined) return undefined;
    encoder.text(key);
    encoder.value(value);
  } catch (error) {
    encoder.at = from;
    encoder.text(key);
    encoder.text(error === RECORD_TOO_LARGE ? "[Too large]" : "[Throws]");
  }
  return new Uint8Array(encoder.bytes.subarray(from, encoder.at));
}
