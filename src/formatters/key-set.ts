import { textAt, textLength, type ValueSource } from "./value-source.ts";

/** A few known keys, to be told from the key of an attribute as it stands in a record: without decoding it. */
export class KeySet {
  readonly #names: ReadonlySet<string>;
  readonly #encoded: readonly Buffer[];
  /** For each length in bytes whether a name has it: what most keys are told by. */
  readonly #hasLength: Uint8Array;

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
    this.#encoded = [...this.#names].map((name) => Buffer.from(name, "utf8"));
    this.#hasLength = new Uint8Array(Math.max(0, ...this.#encoded.map((name) => name.length)) + 1);
    for (const name of this.#encoded) this.#hasLength[name.length] = 1;
  }

  has(key: string): boolean {
    return this.#names.has(key);
  }

  /** Whether the bytes from `from` to `end` are one of the names. */
  includes(source: ValueSource, from: number, end: number): boolean {
    const length = end - from;
    if (this.#hasLength[length] !== 1) return false;
    return this.#encoded.some((name) => name.length === length && beginsWith(source, from, name));
  }

  /** Whether the text value at `at` is one of the names. */
  includesText(source: ValueSource, at: number): boolean {
    const from = textAt(source, at);
    return this.includes(source, from, from + textLength(source, at));
  }
}

/** Whether the bytes of a source begin with others at `at`. */
export function beginsWith(source: ValueSource, at: number, prefix: Uint8Array): boolean {
  const { bytes } = source;
  for (let i = 0; i < prefix.length; i++) {
    if (bytes[at + i] !== prefix[i]) return false;
  }
  return true;
}
