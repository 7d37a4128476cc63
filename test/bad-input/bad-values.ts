/** Values that break careless loggers, and what each becomes in a record (docs/design.md, "Values"). */
import { Readable } from "node:stream";

import type { FemtoValue } from "../../src/index.ts";

/** A value, made anew for each use, and its mapping. */
export interface BadValue {
  readonly name: string;
  readonly make: () => unknown;
  /** Undefined where the attribute is left out. */
  readonly expected: FemtoValue | undefined;
}

const REVOKED = "[Unserializable: Cannot perform 'IsArray' on a proxy that has been revoked]";

function cycle(): object {
  const object: Record<string, unknown> = { a: 1 };
  object["self"] = object;
  object["list"] = [object, { object }];
  return object;
}

function cyclicMap(): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>([["a", 1]]);
  map.set("self", map);
  map.set(map, 2);
  return map;
}

function revokedProxy(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A proxy whose every trap throws. */
function hostileProxy(): object {
  const refuse = (): never => {
    throw new Error("hostile");
  };
  const traps = new Proxy({}, { get: () => refuse });
  return new Proxy({}, traps);
}

function deep(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = "end";
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

/** What is left of a value that is nested too deeply: so many levels, and a mark. */
function cut(levels: number, wrap: (inner: FemtoValue) => FemtoValue): FemtoValue {
  let value: FemtoValue = "[Depth over 64]";
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

/** Says a new object each time it is asked: there is no end to it. */
class Endless {
  toJSON(): object {
    return { next: new Endless() };
  }
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function throwing(name: string): () => never {
  return () => {
    throw new Error(`no ${name}`);
  };
}

const parsed = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":"x"}') as FemtoValue;

function bad(name: string, make: () => unknown, expected: FemtoValue | undefined): BadValue {
  return { name, make, expected };
}

/** All of them. */
export const BAD_VALUES: readonly BadValue[] = [
  bad("an object that contains itself", cycle, {
    a: 1,
    self: "[Circular]",
    list: ["[Circular]", { object: "[Circular]" }],
  }),
  bad("a map that contains itself", cyclicMap, { a: 1, self: "[Circular]", "[object Map]": 2 }),
  bad(
    "an array that contains itself",
    () => {
      const list: unknown[] = [1];
      list.push(list);
      return list;
    },
    [1, "[Circular]"],
  ),
  bad(
    "one object twice, which is no cycle",
    () => {
      const shared = { a: 1 };
      return [shared, { shared }];
    },
    [{ a: 1 }, { shared: { a: 1 } }],
  ),
  bad(
    "a getter that throws",
    () => ({
      get a() {
        return throwing("a")();
      },
      b: 1,
    }),
    { a: "[Throws: no a]", b: 1 },
  ),
  bad(
    "a getter that throws null",
    () => ({
      get a() {
        throw null as unknown as Error;
      },
    }),
    { a: "[Throws: null]" },
  ),
  bad(
    "a getter that throws what has no text",
    () => ({
      get a() {
        throw Object.create(null) as Error;
      },
    }),
    { a: "[Throws: undefined]" },
  ),
  bad(
    "an element getter that throws",
    () => Object.defineProperty([1, 2], 0, { get: throwing("0"), enumerable: true }),
    ["[Throws: no 0]", 2],
  ),
  bad("toJSON() that throws", () => ({ toJSON: throwing("json") }), "[Unserializable: no json]"),
  bad(
    "toJSON() that gives itself",
    () => {
      const value = { toJSON: (): unknown => value };
      return value;
    },
    "[Circular]",
  ),
  bad("toJSON() that gives nothing", () => ({ toJSON: () => undefined }), undefined),
  bad(
    "toJSON() that has no end",
    () => new Endless(),
    cut(32, (next) => ({ next })),
  ),
  bad(
    "an iterator that throws",
    () => Object.assign(new Set([1]), { [Symbol.iterator]: throwing("iterator") }),
    "[Unserializable: no iterator]",
  ),
  bad(
    "a value method that throws",
    () => ({ [Symbol.for("femtologging.value")]: throwing("value") }),
    "[Unserializable: no value]",
  ),
  bad("a revoked proxy", () => revokedProxy({}), REVOKED),
  bad("a revoked proxy of an array", () => [revokedProxy([])], [REVOKED]),
  bad("a revoked proxy of a function", () => revokedProxy(() => 1), "[Function]"),
  bad("a proxy of which every question fails", hostileProxy, "[Unserializable: hostile]"),
  bad("a proxy that works", () => new Proxy({ a: 1 }, {}), { a: 1 }),
  bad("a function", () => function pay() {}, "[Function: pay]"),
  bad(
    "a function without name",
    () =>
      (
        () => () =>
          1
      )(),
    "[Function]",
  ),
  bad(
    "a class",
    () =>
      class Cart {
        readonly size = 1;
      },
    "[Function: Cart]",
  ),
  bad("a symbol", () => Symbol("s"), "[Symbol(s)]"),
  bad("symbols and functions inside", () => ({ s: Symbol("t"), f: [throwing] }), {
    s: "[Symbol(t)]",
    f: ["[Function: throwing]"],
  }),
  bad("a promise", () => Promise.resolve(1), "[Promise]"),
  bad("a stream", () => Readable.from([]), "[Readable]"),
  bad("a weak map", () => new WeakMap(), "[WeakMap]"),
  bad("the largest 64-bit integer", () => 2n ** 63n - 1n, 2n ** 63n - 1n),
  bad("the smallest 64-bit integer", () => -(2n ** 63n), -(2n ** 63n)),
  bad("a bigint above 64 bits", () => 2n ** 63n, "9223372036854775808"),
  bad("a bigint below 64 bits", () => -(2n ** 200n), `-${2n ** 200n}`),
  bad("NaN", () => NaN, NaN),
  bad("infinities", () => [Infinity, -Infinity], [Infinity, -Infinity]),
  bad(
    "the edges of numbers",
    () => [5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 53) - 2, 2 ** 31, -(2 ** 31) - 1],
    [5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 53) - 2, 2 ** 31, -(2 ** 31) - 1],
  ),
  bad("lone surrogates", () => ["\ud800", "a\udc00b", "\udc00\ud800"], [
    "\ufffd",
    "a\ufffdb",
    "\ufffd\ufffd",
  ]),
  bad("a key of a lone surrogate", () => ({ "k\ud800": 1 }), { "k\ufffd": 1 }),
  bad(
    "control characters, quotes and line ends",
    () => '\u0000\u001b[31m"\\\r\n\u2028\u007f',
    '\u0000\u001b[31m"\\\r\n\u2028\u007f',
  ),
  bad("keys of that kind", () => ({ 'a"\n': 1, "": 2, "\u0000": 3 }), { 'a"\n': 1, "": 2, "\u0000": 3 }),
  bad("an own property __proto__", () => parsed, parsed),
  bad("an object without prototype", () => Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }),
  bad("null and undefined inside", () => ({ a: null, b: undefined, c: [null, undefined] }), {
    a: null,
    c: [null, null],
  }),
  bad("undefined", () => undefined, undefined),
  bad("a sparse array", () => Object.assign([], { 3: "x" }), [null, null, null, "x"]),
  bad("an invalid date", () => new Date(NaN), "Invalid Date"),
  bad(
    "a date that lies",
    () => Object.assign(new Date(0), { getTime: () => 1e300 }),
    "[Unserializable: Invalid time value]",
  ),
  bad("a detached buffer", detached, "[Unserializable: Cannot perform Construct on a detached ArrayBuffer]"),
  bad("shared memory", () => new SharedArrayBuffer(2), new Uint8Array(2)),
  bad(
    "objects 10,000 deep",
    () => deep(10_000, (inner) => ({ inner })),
    cut(64, (inner) => ({ inner })),
  ),
  bad(
    "arrays 10,000 deep",
    () => deep(10_000, (inner) => [inner]),
    cut(64, (inner) => [inner]),
  ),
  bad(
    "maps 10,000 deep",
    () => deep(10_000, (inner) => new Map([["inner", inner]])),
    cut(64, (inner) => ({ inner })),
  ),
];
