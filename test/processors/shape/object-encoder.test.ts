import { Readable } from "node:stream";
import vm from "node:vm";

import { expect, test } from "vitest";

import { RecordEncoder } from "../../../processors/shape/encoder.ts";
import { messageOf, VALUE_METHOD } from "../../../processors/shape/object-encoder.ts";
import { DEFAULT_ENCODER_LIMITS, RECORD_TOO_LARGE } from "../../../processors/shape/value-writer.ts";
import { readBack } from "./round-trip.ts";

const BROKEN = new Error("broken");

function thrower(): never {
  throw BROKEN;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

class Point {
  readonly x = 1;
  readonly y: number | undefined = undefined;
  get sum(): number {
    return this.x;
  }
}

const SHARED = new Uint8Array(new SharedArrayBuffer(3)).fill(7);

test.each<{ what: string; value: unknown; read: unknown }>([
  { what: "a Date", value: new Date(1_700_000_000_123), read: "2023-11-14T22:13:20.123Z" },
  { what: "a Date far off", value: new Date(-62_198_755_200_000), read: "-000001-01-01T00:00:00.000Z" },
  { what: "an invalid Date", value: new Date(Number.NaN), read: "Invalid Date" },
  {
    what: "a Map",
    value: new Map<unknown, unknown>([
      ["a", 1],
      [2, "b"],
      [Symbol("s"), undefined],
    ]),
    read: { a: 1, 2: "b", "Symbol(s)": null },
  },
  {
    what: "a Map with keys of one text",
    value: new Map<unknown, unknown>([
      [1, "number"],
      ["1", "text"],
    ]),
    read: { 1: "text" },
  },
  { what: "a Set", value: new Set([1, "a", undefined]), read: [1, "a", null] },
  { what: "a URL", value: new URL("http://user@host:81/p?q#f"), read: "http://user@host:81/p?q#f" },
  { what: "URLSearchParams", value: new URLSearchParams({ a: "1 2" }), read: "a=1+2" },
  { what: "a RegExp", value: /a"b/giu, read: '/a"b/giu' },
  { what: "a Buffer", value: Buffer.from("abc"), read: new Uint8Array([97, 98, 99]) },
  {
    what: "a Uint8Array in the middle of its memory",
    value: new Uint8Array([0, 1, 2, 3]).subarray(1, 3),
    read: new Uint8Array([1, 2]),
  },
  { what: "a Uint8Array in shared memory", value: SHARED, read: new Uint8Array([7, 7, 7]) },
  {
    what: "a DataView",
    value: new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 2),
    read: new Uint8Array([2, 3]),
  },
  { what: "an ArrayBuffer", value: new Uint8Array([1, 2]).buffer, read: new Uint8Array([1, 2]) },
  { what: "a SharedArrayBuffer", value: SHARED.buffer, read: new Uint8Array([7, 7, 7]) },
  { what: "a Float64Array", value: new Float64Array([1.5, Number.NaN, -0]), read: [1.5, Number.NaN, -0] },
  { what: "a BigInt64Array", value: new BigInt64Array([-1n, 2n ** 62n]), read: [-1n, 2n ** 62n] },
  { what: "a BigUint64Array", value: new BigUint64Array([2n ** 64n - 1n]), read: ["18446744073709551615"] },
  { what: "a Uint8ClampedArray", value: new Uint8ClampedArray([1, 255]), read: [1, 255] },
  { what: "a boxed number", value: Object(-0), read: -0 },
  { what: "a boxed string", value: Object("a\ud800"), read: "a\ufffd" },
  { what: "a boxed boolean", value: Object(false), read: false },
  { what: "a boxed bigint", value: Object(7n), read: 7n },
  { what: "a boxed symbol", value: Object(Symbol("s")), read: "[Symbol(s)]" },
  { what: "a symbol", value: Symbol("s"), read: "[Symbol(s)]" },
  { what: "a function", value: thrower, read: "[Function: thrower]" },
  {
    what: "a function without name",
    value: (
      () => () =>
        1
    )(),
    read: "[Function]",
  },
  { what: "a class", value: Point, read: "[Function: Point]" },
  { what: "a promise", value: Promise.resolve(1), read: "[Promise]" },
  { what: "a WeakMap", value: new WeakMap(), read: "[WeakMap]" },
  { what: "a WeakRef", value: new WeakRef({}), read: "[WeakRef]" },
  { what: "a stream", value: Readable.from([]), read: "[Readable]" },
  { what: "a web stream", value: new ReadableStream(), read: "[ReadableStream]" },
  { what: "an instance: its own properties", value: new Point(), read: { x: 1 } },
  {
    what: "an object without prototype",
    value: Object.assign(Object.create(null) as object, { a: 1 }),
    read: { a: 1 },
  },
  {
    what: "an object of another realm",
    value: vm.runInNewContext("({ a: [1, { b: null }] })") as unknown,
    read: { a: [1, { b: null }] },
  },
  {
    what: "a date of another realm",
    value: vm.runInNewContext("new Date(0)") as unknown,
    read: "1970-01-01T00:00:00.000Z",
  },
  { what: "properties that are undefined", value: { a: undefined, b: 1 }, read: { b: 1 } },
  {
    what: "symbols and hidden ones as keys",
    value: Object.defineProperty({ [Symbol("s")]: 1 }, "h", { value: 1 }),
    read: {},
  },
  {
    what: "holes and undefined in an array",
    value: Object.assign([undefined, undefined, 1], { length: 4 }),
    read: [null, null, 1, null],
  },
  { what: "an array with properties of its own", value: Object.assign([1], { extra: 2 }), read: [1] },
  {
    what: "arguments",
    value: (function make(..._: number[]): unknown {
      return arguments;
    })(1, 2),
    read: { 0: 1, 1: 2 },
  },
  { what: "empty containers", value: [[], {}, new Map(), new Set()], read: [[], {}, {}, []] },
  { what: "an own toJSON", value: { secret: 1, toJSON: () => ({ a: 1 }) }, read: { a: 1 } },
  {
    what: "a toJSON that gives undefined, like undefined itself",
    value: [[{ toJSON: () => undefined }], { a: { toJSON: () => undefined } }],
    read: [[null], {}],
  },
  { what: "a toJSON that is no function", value: { toJSON: 1 }, read: { toJSON: 1 } },
  {
    what: "the value method, before toJSON",
    value: { [VALUE_METHOD]: () => "said", toJSON: () => "no" },
    read: "said",
  },
  {
    what: "the value method of a Date",
    value: Object.assign(new Date(0), { [VALUE_METHOD]: () => 7 }),
    read: 7,
  },
])("$what", ({ value, read }) => {
  expect(readBack(value)).toStrictEqual(read);
});

test("the value method is the registered symbol, so that no import is needed", () => {
  expect(VALUE_METHOD).toBe(Symbol.for("femtologging.value"));
});

test("own keys of the name __proto__ and of methods of objects are keys like others", () => {
  const value = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "hasOwnProperty": 3}') as object;
  const read = readBack(value) as object;
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(Object.entries(read)).toStrictEqual([
    ["__proto__", { a: 1 }],
    ["constructor", 2],
    ["hasOwnProperty", 3],
  ]);
});

test.each<{ what: string; value: unknown; read: unknown }>([
  {
    what: "a getter",
    value: {
      before: 1,
      get a() {
        return thrower();
      },
      after: 2,
    },
    read: { before: 1, a: "[Throws: broken]", after: 2 },
  },
  {
    what: "an element",
    value: new Proxy([1, 2], { get: (target, key) => (key === "1" ? thrower() : Reflect.get(target, key)) }),
    read: [1, "[Throws: broken]"],
  },
  { what: "toJSON()", value: [1, { toJSON: thrower }, 2], read: [1, "[Unserializable: broken]", 2] },
  { what: "the value method", value: { [VALUE_METHOD]: thrower }, read: "[Unserializable: broken]" },
  {
    what: "toString() of a key of a map",
    value: new Map([[{ toString: thrower }, 1]]),
    read: { "[Throws: broken]": 1 },
  },
  {
    what: "the keys of a proxy",
    value: [new Proxy({}, { ownKeys: thrower })],
    read: ["[Unserializable: broken]"],
  },
  {
    what: "the prototype of a proxy",
    value: { a: new Proxy({}, { getPrototypeOf: thrower }) },
    read: { a: "[Unserializable: broken]" },
  },
  {
    what: "the name of a function",
    value: Object.defineProperty(() => 1, "name", { get: thrower }),
    read: "[Function]",
  },
])("what $what throws becomes a marked text in its place", ({ value, read }) => {
  expect(readBack(value)).toStrictEqual(read);
});

test("a revoked proxy is a marked text, alone and inside of others", () => {
  expect(readBack(revoked())).toMatch(/^\[Unserializable: .*revoked.*\]$/);
  expect(readBack({ a: [revoked()], b: 1 })).toMatchObject({ a: [expect.stringContaining("revoked")], b: 1 });
});

test("a detached buffer, and a view of it, do not throw", () => {
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  for (const value of [buffer, view, new Float64Array(2)]) expect(() => readBack(value)).not.toThrow();
});

test("messageOf() tells of anything that was thrown, and never throws", () => {
  expect(messageOf(new Error("said"))).toBe("said");
  expect(messageOf("text")).toBe("text");
  expect(messageOf(undefined)).toBe("undefined");
  expect(messageOf(null)).toBe("null");
  expect(messageOf(revoked())).toBe("unknown");
  expect(
    messageOf({
      get message() {
        return thrower();
      },
    }),
  ).toBe("unknown");
  expect(messageOf(new Error("x".repeat(10_000)))).toHaveLength(256);
});

test("a cycle ends where it comes back; the same object twice is no cycle", () => {
  const cyclic: Record<string, unknown> = { twice: [] };
  cyclic["self"] = cyclic;
  const map = new Map<string, unknown>([["outer", cyclic]]);
  cyclic["map"] = map;
  expect(readBack([cyclic, cyclic])).toStrictEqual([
    { twice: [], self: "[Circular]", map: { outer: "[Circular]" } },
    { twice: [], self: "[Circular]", map: { outer: "[Circular]" } },
  ]);
  const set = new Set<unknown>();
  set.add(set);
  expect(readBack(set)).toStrictEqual(["[Circular]"]);
});

test("a conversion that gives the object itself, or goes on without end, ends in a mark", () => {
  expect(
    readBack({
      toJSON() {
        return this;
      },
    }),
  ).toBe("[Circular]");
  const endless = (): object => ({ toJSON: endless });
  expect(readBack(endless())).toBe("[Depth over 64]");
});

test("objects are kept to 64 levels, 10,000 of them neither throw nor take long", () => {
  let deep: unknown = "bottom";
  for (let i = 0; i < 10_000; i++) deep = i % 2 === 0 ? { deep } : [deep];
  let levels = 0;
  let read: unknown = readBack(deep);
  for (; typeof read === "object"; levels++) read = Object.values(read as object)[0];
  expect(levels).toBe(64);
  expect(read).toBe("[Depth over 64]");
  expect(readBack([[["x"]]], { ...DEFAULT_ENCODER_LIMITS, depthMax: 2 })).toStrictEqual([["[Depth over 2]"]]);
});

test("an error is a map of its parts; empty ones are left out", () => {
  const cause = new RangeError("inner");
  const error = Object.assign(new TypeError("outer", { cause }), {
    code: "E_X",
  });
  Object.assign(error, { itself: error });
  const read = readBack({ error }) as { error: Record<string, unknown> };
  expect(read.error).toMatchObject({
    type: "TypeError",
    message: "outer",
    stacktrace: expect.stringContaining("outer"),
    causes: [{ type: "RangeError", message: "inner" }],
    properties: { code: "E_X", itself: "[Circular]" },
  });
  expect(Object.keys(read.error)).not.toContain("errors");
  const plain = readBack(Object.assign(new Error(""), { stack: undefined }));
  expect(plain).toStrictEqual({ type: "Error" });
});

test("errors of errors, of other realms, and with toJSON are told as errors", () => {
  const aggregate = new AggregateError([new Error("one"), new Error("two")], "many");
  expect(readBack(aggregate)).toMatchObject({
    message: "many",
    errors: [{ message: "one" }, { message: "two" }],
  });
  expect(readBack(vm.runInNewContext("new RangeError('far')"))).toMatchObject({
    type: "RangeError",
    message: "far",
  });
  expect(readBack(Object.assign(new Error("axios"), { toJSON: () => ({}) }))).toMatchObject({
    message: "axios",
  });
});

/** Objects that hold the one before twice: 2^40 of them, were each written out. */
function explosive(wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = "leaf";
  for (let i = 0; i < 40; i++) value = wrap(value);
  return value;
}

test.each<{ what: string; wrap: (inner: unknown) => unknown }>([
  { what: "arrays", wrap: (inner) => [inner, inner] },
  { what: "objects", wrap: (inner) => ({ a: inner, b: inner }) },
  {
    what: "maps",
    wrap: (inner) =>
      new Map([
        ["a", inner],
        ["b", inner],
      ]),
  },
  {
    what: "sets with conversions",
    wrap: (inner) => new Set([{ toJSON: () => inner }, { toJSON: () => inner }]),
  },
  {
    what: "objects that throw at the end",
    wrap: (inner) => ({
      a: inner,
      b: inner,
      get c() {
        return thrower();
      },
    }),
  },
  { what: "errors", wrap: (inner) => Object.assign(new Error("e"), { a: inner, b: inner }) },
])("$what that share their insides 2^40 times are too large, and that is found out soon", ({ wrap }) => {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  expect(() => encoder.value(explosive(wrap))).toThrow(RECORD_TOO_LARGE);
  expect(encoder.ancestors).toStrictEqual([]);
});

test("an array that says to be 2^32 - 1 long is too large, and that is found out before it is walked", () => {
  let reads = 0;
  const values = new Proxy(Object.assign([] as unknown[], { length: 2 ** 32 - 1 }), {
    get: (target, key) => {
      reads++;
      return Reflect.get(target, key) as unknown;
    },
  });
  expect(() => readBack(values)).toThrow(RECORD_TOO_LARGE);
  expect(reads).toBeLessThan(10);
});

test("a value does not change when its object does", () => {
  const value = { a: [1] };
  const read = readBack(value);
  value.a.push(2);
  expect(read).toStrictEqual({ a: [1] });
});
