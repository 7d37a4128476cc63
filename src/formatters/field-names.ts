import { readText } from "../../processors/shape/value-reader.ts";
import { KeySet } from "./key-set.ts";
import { ReservedKeys } from "./reserved-keys.ts";
import { textAt, textLength, type ValueSource } from "./value-source.ts";

/** How a layout names attributes. */
export interface FieldNameRules {
  /** Fields of the layout's own: an attribute of such a name is written as "attributes.<key>". */
  readonly reserved: readonly string[];
  /** Keys of attributes that are written elsewhere. */
  readonly leftOut?: readonly string[];
  /** What a key may be made of, one character. Others become "_". Default: everything. */
  readonly allowed?: RegExp;
}

/** What becomes of the key of an attribute. */
export type KeyTreatment = "as it is" | "reserved" | "rewritten" | "left out";

/** The names under which attributes are written, told by strings for shapes and by bytes for what has no shape. */
export class FieldNames {
  readonly #reserved: ReservedKeys;
  readonly #leftOut: KeySet;
  readonly #allowed: RegExp | undefined;
  /** 1 for each byte that may stand in a key. */
  readonly #allowedBytes: Uint8Array | undefined;

  constructor({ reserved, leftOut = [], allowed }: FieldNameRules) {
    this.#reserved = new ReservedKeys(reserved);
    this.#leftOut = new KeySet(leftOut);
    this.#allowed = allowed;
    if (allowed === undefined) return;
    this.#allowedBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
      Number(byte < 128 && allowed.test(String.fromCharCode(byte))),
    );
  }

  /** The name under which an attribute is written; undefined where it is written elsewhere. */
  nameOf(key: string): string | undefined {
    if (this.#leftOut.has(key)) return undefined;
    return this.#clean(this.#reserved.rename(key));
  }

  /** What becomes of the key that is the text value at `at`. */
  treatmentOf(source: ValueSource, at: number): KeyTreatment {
    if (this.#leftOut.includesText(source, at)) return "left out";
    if (this.#allowedBytes !== undefined && !this.#isAllowed(this.#allowedBytes, source, at))
      return "rewritten";
    return this.#reserved.includesText(source, at) ? "reserved" : "as it is";
  }

  /** `nameOf` for the key that is the text value at `at`. */
  readName(source: ValueSource, at: number): string {
    return this.#clean(this.#reserved.rename(readText(source.bytes, source.view, at)));
  }

  #clean(key: string): string {
    const allowed = this.#allowed;
    if (allowed === undefined) return key;
    const cleaned = Array.from(key, (character) => (allowed.test(character) ? character : "_")).join("");
    return cleaned === "" ? "_" : cleaned;
  }

  #isAllowed(allowedBytes: Uint8Array, source: ValueSource, at: number): boolean {
    const from = textAt(source, at);
    const end = from + textLength(source, at);
    for (let i = from; i < end; i++) if (allowedBytes[source.bytes[i] as number] !== 1) return false;
    return end > from;
  }
}
