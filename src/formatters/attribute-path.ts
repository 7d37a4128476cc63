import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { CONTAINER_HEAD_BYTES, MAP } from "../../processors/shape/value-tag.ts";
import { textAt, textLength, type ValueSource } from "./value-source.ts";

const NOT_FOUND = -1;
const DOT = 46;

/** A key of the shape that may hold the map in which the rest of the name is found: "a" for "a.b". */
interface OwnerKey {
  readonly position: number;
  /** Where in the name the rest begins. */
  readonly restAt: number;
}

/** Pairs of text value and value, one after the other. */
interface Pairs {
  readonly at: number;
  readonly count: number;
}

/**
 * The way to an attribute by the name in a hole, such as `user` or `user.name`: first an attribute whose key is the whole
 * name, dots and all, then the inside of a map. Of several keys that the name begins with, the longest wins.
 * Decodes no text.
 */
export class AttributePath {
  /** Position of the key among the values of the record; -1 where the shape has no such key. */
  readonly #position: number;
  readonly #name: Buffer;
  readonly #owners: readonly OwnerKey[];

  constructor(name: string, shape: Shape) {
    const ownIndex = shape.keys.indexOf(name);
    this.#position = ownIndex < 0 ? NOT_FOUND : shape.argumentCount + ownIndex;
    this.#name = Buffer.from(name, "utf8");
    this.#owners = shape.keys
      .map((key, index) => ({ key, position: shape.argumentCount + index }))
      .filter(({ key }) => name.startsWith(`${key}.`))
      .toSorted((left, right) => right.key.length - left.key.length)
      .map(({ key, position }) => ({ position, restAt: Buffer.byteLength(key) + 1 }));
  }

  /** Where the value of the attribute stands in the record, or -1. */
  find(record: RecordCursor): number {
    const ownAt = this.findOwn(record);
    if (ownAt !== NOT_FOUND) return ownAt;
    for (const { position, restAt } of this.#owners) {
      const foundAt = this.#findInside(record, record.valueAt(position), restAt);
      if (foundAt !== NOT_FOUND) return foundAt;
    }
    const extras = readExtras(record);
    return extras === undefined ? NOT_FOUND : this.#findNested(record, extras, 0);
  }

  /** The same, but not inside of maps. */
  findOwn(record: RecordCursor): number {
    if (this.#position >= 0) return record.valueAt(this.#position);
    const extras = readExtras(record);
    return extras === undefined ? NOT_FOUND : this.#findExact(record, extras, 0);
  }

  #findExact(source: ValueSource, pairs: Pairs, restAt: number): number {
    let at = pairs.at;
    for (let i = 0; i < pairs.count; i++) {
      const valueAt = skipValue(source.view, at);
      if (textLength(source, at) === this.#name.length - restAt && this.#beginsWith(source, at, restAt))
        return valueAt;
      at = skipValue(source.view, valueAt);
    }
    return NOT_FOUND;
  }

  #findNested(source: ValueSource, pairs: Pairs, restAt: number): number {
    let at = pairs.at;
    let foundAt = NOT_FOUND;
    let longest = -1;
    for (let i = 0; i < pairs.count; i++) {
      const valueAt = skipValue(source.view, at);
      const length = textLength(source, at);
      const isOwner =
        length > longest && this.#name[restAt + length] === DOT && this.#beginsWith(source, at, restAt);
      const insideAt = isOwner ? this.#findInside(source, valueAt, restAt + length + 1) : NOT_FOUND;
      if (insideAt !== NOT_FOUND) {
        foundAt = insideAt;
        longest = length;
      }
      at = skipValue(source.view, valueAt);
    }
    return foundAt;
  }

  #findInside(source: ValueSource, mapAt: number, restAt: number): number {
    if (source.view.getUint8(mapAt) !== MAP) return NOT_FOUND;
    const pairs = { at: mapAt + CONTAINER_HEAD_BYTES, count: source.view.getUint32(mapAt + 5, true) };
    const exactAt = this.#findExact(source, pairs, restAt);
    return exactAt === NOT_FOUND ? this.#findNested(source, pairs, restAt) : exactAt;
  }

  /** Whether the name, from `restAt` on, begins with the text at `at`. */
  #beginsWith(source: ValueSource, at: number, restAt: number): boolean {
    const from = textAt(source, at);
    const length = textLength(source, at);
    for (let i = 0; i < length; i++) {
      if (source.bytes[from + i] !== this.#name[restAt + i]) return false;
    }
    return true;
  }
}

function readExtras(record: RecordCursor): Pairs | undefined {
  const at = record.extrasAt();
  return at < 0 ? undefined : { at: at + 4, count: record.view.getUint32(at, true) };
}
