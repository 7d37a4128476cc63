import { deepStrictEqual } from "node:assert/strict";

import * as fc from "fast-check";
import { test } from "vitest";

import type { ReadValue } from "../../../processors/shape/value-reader.ts";
import { readBack } from "./round-trip.ts";

/** A value, and what a reader makes of it by the mapping of docs/design.md, "Values". */
interface Mapped {
  readonly value: unknown;
  readonly read: ReadValue;
}

const INT64_MAX = 2n ** 63n - 1n;

function map<T>(arbitrary: fc.Arbitrary<T>, readOf: (value: T) => ReadValue): fc.Arbitrary<Mapped> {
  return arbitrary.map((value) => ({ value, read: readOf(value) }));
}

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  // Around the length from which on the native writer is used.
  fc.string({ unit: "grapheme-ascii", minLength: 15, maxLength: 18 }),
);

const anyKey: fc.Arbitrary<string> = fc.oneof(
  anyText,
  fc.constantFrom("__proto__", "constructor", "toString", "0"),
);

const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, -(2 ** 53), 2 ** 64, Number.MIN_VALUE),
);

const anyBigint: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
  fc.constantFrom(INT64_MAX, INT64_MAX + 1n, -INT64_MAX - 1n, -INT64_MAX - 2n),
);

function readOfBigint(value: bigint): ReadValue {
  return value > INT64_MAX || value < -INT64_MAX - 1n ? String(value) : value;
}

const anyLeaf: fc.Arbitrary<Mapped> = fc.oneof(
  map(anyText, (text) => text.toWellFormed()),
  map(anyNumber, (value) => value),
  map(anyBigint, readOfBigint),
  map(fc.boolean(), (value) => value),
  map(fc.constantFrom(null, undefined), (value) => value),
  map(fc.date({ noInvalidDate: false }), (date) =>
    Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString(),
  ),
  map(fc.uint8Array({ maxLength: 30 }), (bytes) => new Uint8Array(bytes)),
  map(fc.int16Array({ maxLength: 9 }), (numbers) => [...numbers]),
  map(fc.bigInt64Array({ maxLength: 9 }), (numbers) => [...numbers]),
  map(fc.webUrl(), (text) => text).map(({ value }) => ({
    value: new URL(value as string),
    read: new URL(value as string).href,
  })),
  map(anyText, (text) => `[${Symbol(text).toString()}]`.toWellFormed()).map(({ value, read }) => {
    return { value: Symbol(value as string), read };
  }),
  map(anyNumber, (value) => value).map(({ value, read }) => ({ value: Object(value) as unknown, read })),
);

/** What stays of an entry: later ones win where keys are one text, `undefined` leaves nothing. */
function readOfEntries(entries: readonly (readonly [string, ReadValue])[]): ReadValue {
  return Object.fromEntries(
    entries.filter(([, read]) => read !== undefined).map(([key, read]) => [key.toWellFormed(), read]),
  );
}

const { value: anyMapped } = fc.letrec<{ value: Mapped }>((tie) => {
  const anyEntries = fc.uniqueArray(fc.tuple(anyKey, tie("value")), {
    maxLength: 6,
    selector: ([key]) => key.toWellFormed(),
  });
  const anyElements = fc.array(tie("value"), { maxLength: 6 });
  return {
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      anyLeaf,
      anyElements.map((elements) => ({
        value: elements.map(({ value }) => value),
        read: elements.map(({ read }) => read ?? null),
      })),
      anyEntries.map((entries) => ({
        value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
        read: readOfEntries(entries.map(([key, { read }]) => [key, read])),
      })),
      anyEntries.map((entries) => ({
        value: new Map(entries.map(([key, { value }]) => [key, value])),
        read: readOfEntries(entries.map(([key, { read }]) => [key, read ?? null])),
      })),
      anyElements.map((elements) => {
        // A set makes 0 of -0.
        const distinct = new Map(
          elements.map(({ value, read }) => [value, value === 0 ? 0 : (read ?? null)]),
        );
        return { value: new Set(distinct.keys()), read: [...distinct.values()] };
      }),
      tie("value").map(({ value, read }) => ({ value: { toJSON: () => value, hidden: 1 }, read })),
      tie("value").map(({ value, read }) => ({
        value: { [Symbol.for("femtologging.value")]: () => value },
        read,
      })),
    ),
  };
});

test("reading what was encoded gives what the mapping says, for any nesting of values", () => {
  fc.assert(
    fc.property(anyMapped, ({ value, read }) => {
      // Not by expect(): to that, a key `constructor` is a class.
      deepStrictEqual(readBack(value), read);
    }),
    { numRuns: 1500 },
  );
});

test("anything at all is encoded without a throw, and reads back as the same twice", () => {
  const anything = fc.anything({
    maxDepth: 5,
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      const read = readBack(value);
      deepStrictEqual(readBack(value), read);
      // What came out of a record goes in again as it is.
      deepStrictEqual(readBack(read), read);
    }),
    { numRuns: 1000 },
  );
});
