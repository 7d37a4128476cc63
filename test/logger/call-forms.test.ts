/** Every form of call of `LogMethod`, at run time: what becomes body, what attributes, and that nothing is lost. */
import { describe, expect, test } from "vitest";

import type { FemtoLogRecord } from "../../src/index.ts";
import { collect, collectTrouble, revoked } from "./collect.ts";

type Call = readonly unknown[];
type Expected = Pick<FemtoLogRecord, "body" | "attributes">;

const error = new TypeError("no {money} %s");
const told = {
  "exception.type": "TypeError",
  "exception.message": "no {money} %s",
  "exception.stacktrace": error.stack!,
};

/** What the one record of `log.info(...values)` says. */
async function logged(values: Call): Promise<Expected> {
  const trouble = collectTrouble();
  const { log, takeOne } = collect();
  log.info(...values);
  const { body, attributes } = await takeOne();
  expect(trouble).toEqual([]);
  return { ...(body === undefined ? {} : { body }), attributes };
}

function table(
  title: string,
  rows: readonly (readonly [what: string, call: Call, expected: Expected])[],
): void {
  describe(title, () => {
    test.each(rows)("info() with %s", async (_what, call, expected) => {
      expect(await logged(call)).toEqual(expected);
    });
  });
}

table("a template", [
  ["a text", ["plain"], { body: "plain", attributes: {} }],
  ["an empty text", [""], { body: "", attributes: {} }],
  [
    "holes that attributes fill",
    ["{a} of {b.c}", { a: 1, b: { c: true } }],
    { body: "1 of true", attributes: { a: 1, b: { c: true } } },
  ],
  ["a key with a dot", ["{b.c}", { "b.c": 2 }], { body: "2", attributes: { "b.c": 2 } }],
  ["a hole that nothing fills", ["{a} {b}", { a: 1 }], { body: "1 {b}", attributes: { a: 1 } }],
  ["escapes", ["{{a}} {a} 100%", { a: 1 }], { body: "{a} 1 100%", attributes: { a: 1 } }],
  [
    "a value that looks like a template",
    ["{a}", { a: "{b} %s", b: 1 }],
    { body: "{b} %s", attributes: { a: "{b} %s", b: 1 } },
  ],
  ["attributes without holes", ["cart", { size: 3 }], { body: "cart", attributes: { size: 3 } }],
  ["null in a hole", ["{a}", { a: null }], { body: "null", attributes: { a: null } }],
  ["undefined attributes", ["x", undefined], { body: "x", attributes: {} }],
  [
    "an attribute that is undefined",
    ["x {a}", { a: undefined, b: 1 }],
    { body: "x {a}", attributes: { b: 1 } },
  ],
]);

table("% holes", [
  [
    "as many values as holes",
    ["retry %d of %i, %f, %s, %j", 1, 2.7, 1.5, "x", { a: 1 }],
    { body: 'retry 1 of 2, 1.5, x, {"a":1}', attributes: {} },
  ],
  ["fewer values than holes", ["retry %d of %d", 1], { body: "retry 1 of %d", attributes: {} }],
  ["more values than holes", ["retry %d", 1, 2, "x"], { body: "retry 1 2 x", attributes: {} }],
  [
    "attributes behind the values",
    ["retry %d", 1, { host: "h" }],
    { body: "retry 1", attributes: { host: "h" } },
  ],
  [
    "values behind the attributes",
    ["retry %d", 1, { host: "h" }, 5],
    { body: "retry 1 5", attributes: { host: "h" } },
  ],
  ["an object in a hole", ["cart %j", { a: 1 }], { body: 'cart {"a":1}', attributes: {} }],
  ["undefined in a hole, with others", ["%s %s", undefined, 1], { body: "undefined 1", attributes: {} }],
  ["an error behind the values", ["retry %d", 1, error], { body: "retry 1", attributes: told }],
  ["both kinds of holes", ["%d {a}", 1, { a: 2 }], { body: "1 2", attributes: { a: 2 } }],
  ["%% beside a hole", ["%d%%", 5], { body: "5%", attributes: {} }],
  ["a value that looks like a hole", ["%s %s", "%s", 2], { body: "%s 2", attributes: {} }],
]);

table("errors", [
  ["an error alone", [error], { body: "no {money} %s", attributes: told }],
  [
    "an error without message",
    [new RangeError()],
    { body: "RangeError", attributes: expect.objectContaining({ "exception.type": "RangeError" }) as never },
  ],
  [
    "an error first",
    [error, "payment {id}", { id: 7 }],
    { body: "payment 7", attributes: { ...told, id: 7 } },
  ],
  [
    "an error in the middle",
    ["payment {id}", error, { id: 7 }],
    { body: "payment 7", attributes: { ...told, id: 7 } },
  ],
  [
    "an error last",
    ["payment {id}", { id: 7 }, error],
    { body: "payment 7", attributes: { ...told, id: 7 } },
  ],
  ["an error and a value, no text", [error, 42], { body: ["no {money} %s", 42], attributes: told }],
  [
    "an attribute with the name of one of the error's",
    [error, { "exception.message": "mine" }],
    { body: "no {money} %s", attributes: { ...told, "exception.message": "mine" } },
  ],
]);

table("attributes first, as pino has them", [
  ["attributes and a template", [{ id: 7 }, "payment {id}"], { body: "payment 7", attributes: { id: 7 } }],
  [
    "attributes, a template and its values",
    [{ id: 7 }, "retry %d", 1],
    { body: "retry 1", attributes: { id: 7 } },
  ],
  ["attributes alone", [{ id: 7 }], { attributes: { id: 7 } }],
  [
    "attributes on both sides: the last of two with one name",
    [{ id: 7, a: 1 }, "x {id}", { id: 8 }],
    { body: "x 8", attributes: { id: 8, a: 1 } },
  ],
]);

table("lazy attributes", [
  [
    "a function that makes them",
    ["cart {size}", () => ({ size: 3 })],
    { body: "cart 3", attributes: { size: 3 } },
  ],
  ["a function alone", [() => ({ size: 3 })], { attributes: { size: 3 } }],
  [
    "a function that throws",
    [
      "cart",
      () => {
        throw new Error("broken");
      },
    ],
    { body: "cart", attributes: { "femtologging.lazy": "[Throws: broken]" } },
  ],
  [
    "a function that throws what has no text",
    [
      "cart",
      () => {
        throw Object.create(null) as Error;
      },
    ],
    { body: "cart", attributes: { "femtologging.lazy": "[Throws: undefined]" } },
  ],
  ["a function that makes a number", ["cart", () => 42], { body: "cart 42", attributes: {} }],
  ["a function that makes a text", [() => "made {a}"], { body: "made {a}", attributes: {} }],
  ["a function that makes nothing", ["cart", () => undefined], { body: "cart", attributes: {} }],
  ["a function that makes null", ["cart", () => null], { body: "cart null", attributes: {} }],
  ["a function that makes an error", ["cart", () => error], { body: "cart", attributes: told }],
  [
    "a function that makes a function",
    ["cart", () => function more() {}],
    { body: "cart [Function: more]", attributes: {} },
  ],
  [
    "a function that makes a promise",
    ["cart", () => Promise.resolve({ a: 1 })],
    { body: "cart [Promise]", attributes: {} },
  ],
  [
    "a class",
    [
      "cart",
      class Cart {
        readonly size = 1;
      },
    ],
    {
      body: "cart",
      attributes: { "femtologging.lazy": "[Throws: Class constructor Cart cannot be invoked without 'new']" },
    },
  ],
]);

class Money {
  readonly #cents = 250;

  toJSON(): string {
    return `${this.#cents / 100} EUR`;
  }
}

class Order {
  readonly #id = 7;

  toJSON(): object {
    return { id: this.#id };
  }
}

class Broken {
  readonly id = 1;

  toJSON(): never {
    throw new Error("broken");
  }
}

class Cart {
  readonly size = 3;
}

table("other objects", [
  ["an array", ["x", [1, "two", null]], { body: 'x [1,"two",null]', attributes: {} }],
  ["an array alone", [[1, 2]], { body: [1, 2], attributes: {} }],
  ["a date", ["x", new Date(0)], { body: "x 1970-01-01T00:00:00.000Z", attributes: {} }],
  ["a map", ["x", new Map([["a", 1]])], { body: 'x {"a":1}', attributes: {} }],
  ["a map alone", [new Map([["a", 1]])], { body: { a: 1 }, attributes: {} }],
  ["a set", ["x", new Set([1])], { body: "x [1]", attributes: {} }],
  ["bytes", ["x", Buffer.from("abc")], { body: "x YWJj", attributes: {} }],
  ["a URL", ["x", new URL("http://a/b")], { body: "x http://a/b", attributes: {} }],
  ["a regular expression", ["x", /a/g], { body: "x /a/g", attributes: {} }],
  ["a promise", ["x", Promise.resolve()], { body: "x [Promise]", attributes: {} }],
  ["a weak map", ["x", new WeakMap()], { body: "x [WeakMap]", attributes: {} }],
  ["a boxed text", ["x", new String("abc")], { body: "x abc", attributes: {} }],
  ["an instance of a class: its properties", ["x", new Cart()], { body: "x", attributes: { size: 3 } }],
  [
    "an object that says itself what it is, a text",
    ["paid", new Money()],
    { body: "paid 2.5 EUR", attributes: {} },
  ],
  [
    "an object that says itself what it is, an object",
    ["order {id}", new Order()],
    { body: "order 7", attributes: { id: 7 } },
  ],
  [
    "an object that fails to say what it is",
    ["x", new Broken()],
    { body: "x [Unserializable: broken]", attributes: {} },
  ],
  [
    "an object without prototype",
    ["x", Object.assign(Object.create(null) as object, { a: 1 })],
    { body: "x", attributes: { a: 1 } },
  ],
  [
    "a revoked proxy behind the text",
    ["x", revoked()],
    { body: "x [Unserializable: Cannot perform 'IsArray' on a proxy that has been revoked]", attributes: {} },
  ],
  [
    "a revoked proxy alone",
    [revoked()],
    { body: "[Unserializable: Cannot perform 'IsArray' on a proxy that has been revoked]", attributes: {} },
  ],
]);

table("primitives and nothing", [
  ["no argument", [], { attributes: {} }],
  ["undefined", [undefined], { attributes: {} }],
  ["null", [null], { body: null, attributes: {} }],
  ["a number", [42], { body: 42, attributes: {} }],
  ["false", [false], { body: false, attributes: {} }],
  ["a bigint", [2n ** 63n - 1n], { body: 2n ** 63n - 1n, attributes: {} }],
  ["a symbol", [Symbol("s")], { body: "[Symbol(s)]", attributes: {} }],
  ["a number behind a text", ["x", 42], { body: "x 42", attributes: {} }],
  ["null behind a text", ["x", null], { body: "x null", attributes: {} }],
  ["a text behind a number", [42, "text"], { body: [42, "text"], attributes: {} }],
  ["a text behind undefined", [undefined, "x {a}", { a: 1 }], { body: "x 1", attributes: { a: 1 } }],
  ["two texts", ["a", "{b} %s"], { body: "a {b} %s", attributes: {} }],
]);

test("info() keeps 20 arguments, in order", async () => {
  const values = Array.from({ length: 19 }, (_, index) => index);
  expect(await logged(["x", ...values])).toEqual({ body: `x ${values.join(" ")}`, attributes: {} });
});

test("info() keeps 20 arguments of all kinds", async () => {
  const values = Array.from({ length: 18 }, (_, index) =>
    index % 2 === 0 ? index : { [`k${index}`]: index },
  );
  const { body, attributes } = await logged(["%s", ...values, error]);
  expect(body).toBe("0 2 4 6 8 10 12 14 16");
  expect(attributes).toEqual({
    ...Object.fromEntries([1, 3, 5, 7, 9, 11, 13, 15, 17].map((k) => [`k${k}`, k])),
    ...told,
  });
});

test("error() keeps further errors as attributes, under names that the call does not use", async () => {
  const { log, takeOne } = collect();
  log.error(
    "x",
    { error: "mine" },
    new Error("first"),
    new TypeError("second"),
    "y",
    new RangeError("third"),
  );
  const { body, attributes } = await takeOne();
  expect(body).toBe("x y");
  expect(attributes).toMatchObject({
    "exception.message": "first",
    error: "mine",
    "error.2": { type: "TypeError", message: "second" },
    "error.3": { type: "RangeError", message: "third" },
  });
});

test("error() keeps the second error as `error`", async () => {
  const { log, takeOne } = collect();
  log.error("x", new Error("first"), new TypeError("second"));
  expect((await takeOne()).attributes).toMatchObject({
    "exception.message": "first",
    error: { message: "second" },
  });
});

test("info() renders the same whether the template is new, registered, or last used", async () => {
  const { log, take } = collect();
  for (let id = 0; id < 5; id++) {
    log.info("order {id}", { id });
    log.info("retry %d", id, { host: "h" });
  }
  const bodies = (await take()).map(({ body }) => body);
  expect(bodies).toEqual([0, 1, 2, 3, 4].flatMap((id) => [`order ${id}`, `retry ${id}`]));
});

test("info() does not call lazy attributes when the level is off", () => {
  const { log, logging } = collect();
  let callCount = 0;
  logging.root.setLevel("WARN");
  log.info("x", () => ({ callCount: callCount++ }));
  expect(callCount).toBe(0);
});
