import type { ShapeDictionary, ShapeInput } from "./dictionary.ts";

/** Key sets of one call that get a shape of their own; further ones send their keys along. */
const KEY_SETS_MAX = 8;

/** A shape as the writing side uses it: values in the order of the keys, nothing else. */
export interface KnownShape {
  /** 0 where the definition must travel inside the record. */
  readonly id: number;
  readonly input: ShapeInput;
  readonly keys: readonly string[];
}

/** The shapes of one call that differ in their keys only. One thread's own. */
export class ShapeFamily {
  readonly #dictionary: ShapeDictionary;
  readonly #fixed: Omit<ShapeInput, "keys">;
  readonly #isRegistered: boolean;
  readonly #shapes: KnownShape[] = [];
  #keyless: KnownShape | undefined;
  /** The shape used last: most calls have one key set. */
  last: KnownShape;

  /** @param isRegistered False for a call that is not (yet) worth a definition: its shapes travel inside the records. */
  constructor(dictionary: ShapeDictionary, fixed: Omit<ShapeInput, "keys">, isRegistered = true) {
    this.#dictionary = dictionary;
    this.#fixed = fixed;
    this.#isRegistered = isRegistered;
    this.last = NO_SHAPE;
  }

  get argumentCount(): number {
    return this.#fixed.argumentCount;
  }

  /** The shape with exactly these keys; undefined where there are too many key sets: send the keys along. */
  find(keys: readonly string[]): KnownShape | undefined {
    if (keys.length === 0) return this.keyless();
    for (const shape of this.#shapes) {
      if (isSame(shape.keys, keys)) {
        this.last = shape;
        return shape;
      }
    }
    if (this.#shapes.length === KEY_SETS_MAX) return undefined;
    const shape = this.#define([...keys]);
    this.#shapes.push(shape);
    this.last = shape;
    return shape;
  }

  /** The shape without keys. */
  keyless(): KnownShape {
    this.#keyless ??= this.#define([]);
    return this.#keyless;
  }

  #define(keys: readonly string[]): KnownShape {
    const input: ShapeInput = { ...this.#fixed, keys };
    return { id: this.#isRegistered ? this.#dictionary.defineShape(input) : 0, input, keys };
  }
}

/** Stands for "none yet": a key that no object has. */
const NO_SHAPE: KnownShape = {
  id: 0,
  input: {
    scope: { name: "", id: 0, resourceId: 0 },
    severityNumber: 0,
    severityText: "",
    body: "none",
    template: "",
    argumentCount: 0,
    keys: ["\u0000no shape"],
  },
  keys: ["\u0000no shape"],
};

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
