import * as fc from "fast-check";

const unit: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '"',
    "\\",
    "\n",
    "\r",
    "\t",
    "\u0000",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u2028",
    "\u2029",
    " ",
    "=",
    "{",
  ),
  fc.constantFrom("\ud800", "\udc00", "\u{1f600}", "é", "\ufeff", "\u00a0", "\u2027"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 }),
);

/** Text with everything that may go wrong: quotes, control characters, lone surrogates, characters beyond U+FFFF. */
export const anyText: fc.Arbitrary<string> = fc.array(unit, { maxLength: 24 }).map((units) => units.join(""));

/**
 * Text for keys, without what JSON escapes: `JSON.parse` of Node 24 and 26 gives the key "x\\" for "x\0" once it has seen
 * the former in an object of the same keys, so that reading back would fail for a line that is right.
 */
const keyText: fc.Arbitrary<string> = anyText.map((text) => text.replaceAll(/[\0-\x1f"\\]/g, "/"));

const anyKey: fc.Arbitrary<string> = fc.oneof(
  keyText,
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "time",
    "msg",
    "attributes.time",
    "attributes.attributes.msg",
    "0",
  ),
);

/** A value of those that records have. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | Value[]
  | { [key: string]: Value };

export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    anyText,
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.constantFrom(null, undefined, -0),
    fc.uint8Array({ maxLength: 7 }),
    fc.array(tie("value"), { maxLength: 4 }),
    entriesOf(tie("value")).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** Keys and values; no key twice, and none that is another's once lone surrogates have become U+FFFD. */
export const anyEntries: fc.Arbitrary<[string, Value][]> = entriesOf(anyValue);

function entriesOf(value: fc.Arbitrary<Value>): fc.Arbitrary<[string, Value][]> {
  return fc.uniqueArray(fc.tuple(anyKey, value), { maxLength: 6, selector: ([key]) => key.toWellFormed() });
}

/** What `JSON.parse` makes of a value that has been written as JSON. */
export function asParsed(value: Value): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((element) => asParsed(element) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, property]) => property !== undefined)
      .map(([key, property]) => [key.toWellFormed(), asParsed(property)]),
  );
}
