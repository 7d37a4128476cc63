import { beginsWith, KeySet } from "./key-set.ts";
import { textAt, textLength, type ValueSource } from "./value-source.ts";

/** What goes before the key of an attribute that has the name of a fixed key. */
export const ATTRIBUTES_PREFIX = "attributes.";

const PREFIX: Buffer = Buffer.from(ATTRIBUTES_PREFIX);

/**
 * The names that a line keeps for itself. An attribute of such a name is written as "attributes.<key>", and so is one
 * that would be taken for that: "attributes.time" as "attributes.attributes.time". So no two keys become one.
 */
export class ReservedKeys {
  readonly #names: KeySet;

  constructor(names: readonly string[]) {
    this.#names = new KeySet(names);
  }

  /** The key under which an attribute is written. */
  rename(key: string): string {
    let rest = key;
    while (rest.startsWith(ATTRIBUTES_PREFIX)) rest = rest.slice(ATTRIBUTES_PREFIX.length);
    return this.#names.has(rest) ? ATTRIBUTES_PREFIX + key : key;
  }

  /** Whether `rename` would change the key that is the text value at `at`. */
  includesText(source: ValueSource, at: number): boolean {
    let from = textAt(source, at);
    const end = from + textLength(source, at);
    while (end - from > PREFIX.length && beginsWith(source, from, PREFIX)) from += PREFIX.length;
    return this.#names.includes(source, from, end);
  }
}
