import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { describeException, exceptionAttributes, isErrorLike } from "../../src/record/exception.ts";

class PaymentError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** An error whose stack is known. */
function errorWith(message: string, stack: string, options?: ErrorOptions): Error {
  return Object.assign(new Error(message, options), { stack });
}

function throwing(): never {
  throw new Error("no entry");
}

/** A proxy that throws whatever is done to it. */
function hostileProxy(): object {
  return new Proxy(
    {},
    {
      get: throwing,
      has: throwing,
      ownKeys: throwing,
      getPrototypeOf: throwing,
      getOwnPropertyDescriptor: throwing,
    },
  );
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test("describeException() tells type, message and stack of an error", () => {
  expect(describeException(errorWith("no funds", "Error: no funds\n    at pay"))).toEqual({
    type: "Error",
    message: "no funds",
    stacktrace: "Error: no funds\n    at pay",
    causes: [],
    errors: [],
  });
});

test("describeException() prefers the class name to the name of its base class", () => {
  expect(describeException(new PaymentError("x", "E1")).type).toBe("PaymentError");
  expect(describeException(new TypeError("x")).type).toBe("TypeError");
});

test("describeException() keeps a name that was given to the error or to its class", () => {
  class Refused extends Error {
    override get name(): string {
      return "RefusedError";
    }
  }
  expect(describeException(Object.assign(new Error("x"), { name: "QuotaError" })).type).toBe("QuotaError");
  expect(describeException(new Refused()).type).toBe("RefusedError");
  expect(describeException(new DOMException("x", "AbortError")).type).toBe("AbortError");
});

test("describeException() falls back to the base class's name when the class has none", () => {
  const Anonymous = (() => class extends RangeError {})();
  expect(describeException(new Anonymous()).type).toBe("RangeError");
});

test("describeException() keeps code and other own properties, and not those told elsewhere", () => {
  const error = Object.assign(new PaymentError("no funds", "E_FUNDS"), { orderId: 7, cause: "card" });
  expect(describeException(error).properties).toEqual({ code: "E_FUNDS", orderId: 7 });
});

test("describeException() has no properties when there are none", () => {
  expect(describeException(new Error("x"))).not.toHaveProperty("properties");
});

test("describeException() keeps a message that is no text as a property", () => {
  const error = Object.assign(new Error(), { message: { en: "no funds" } });
  expect(describeException(error)).toMatchObject({
    message: "",
    properties: { message: { en: "no funds" } },
  });
});

test("describeException() keeps a property named __proto__ and stays unharmed", () => {
  const error = Object.defineProperty(new Error("x"), "__proto__", {
    value: { evil: true },
    enumerable: true,
  });
  const { properties } = describeException(error);
  expect(Object.keys(properties ?? {})).toEqual(["__proto__"]);
  expect(properties).not.toHaveProperty("evil");
});

test("describeException() tells the chain of causes, nearest first", () => {
  const root = errorWith("refused", "Error: refused\n    at connect");
  const middle = errorWith("no database", "Error: no database\n    at open", { cause: root });
  const error = errorWith("no order", "Error: no order\n    at load", { cause: middle });
  expect(describeException(error)).toEqual({
    type: "Error",
    message: "no order",
    stacktrace:
      "Error: no order\n    at load\n[cause]: Error: no database\n    at open\n[cause]: Error: refused\n    at connect",
    causes: [
      { type: "Error", message: "no database", stacktrace: "Error: no database\n    at open" },
      { type: "Error", message: "refused", stacktrace: "Error: refused\n    at connect" },
    ],
    errors: [],
  });
});

test("describeException() takes causes that are no errors", () => {
  const { causes, stacktrace } = describeException(errorWith("x", "Error: x", { cause: "disk full" }));
  expect(causes).toEqual([{ type: "string", message: "disk full" }]);
  expect(stacktrace).toBe("Error: x\n[cause]: string: disk full");
});

test("describeException() stops where causes form a circle", () => {
  const first = new Error("first");
  const second = new Error("second", { cause: first });
  first.cause = second;
  expect(describeException(first).causes.map(({ message }) => message)).toEqual(["second"]);
});

test("describeException() follows 16 causes and no more", () => {
  let error = new Error("0");
  for (let i = 1; i < 1_000; i++) error = new Error(String(i), { cause: error });
  const { causes, errors } = describeException(error);
  expect(causes.map(({ message }) => message)).toEqual(
    Array.from({ length: 16 }, (_, index) => String(998 - index)),
  );
  expect(errors).toEqual([]);
});

test("describeException() tells the members of an AggregateError", () => {
  const error = new AggregateError([new TypeError("a"), "b", "b"], "all failed");
  expect(describeException(error)).toMatchObject({
    type: "AggregateError",
    message: "all failed",
    errors: [
      { type: "TypeError", message: "a" },
      { type: "string", message: "b" },
      { type: "string", message: "b" },
    ],
  });
});

test("describeException() keeps the code of each address when a connection fails as fetch reports it", () => {
  const refusals = ["::1", "127.0.0.1"].map((address) =>
    Object.assign(errorWith(`connect ${address}`, `Error: connect ${address}`), { code: "ECONNREFUSED" }),
  );
  const cause = Object.assign(new AggregateError(refusals), {
    code: "ECONNREFUSED",
    stack: "AggregateError",
  });
  const description = describeException(errorWith("fetch failed", "TypeError: fetch failed", { cause }));
  expect(description.causes).toEqual([
    {
      type: "AggregateError",
      message: "",
      stacktrace: "AggregateError",
      properties: { code: "ECONNREFUSED" },
    },
  ]);
  expect(description.errors.map(({ message, properties }) => [message, properties?.["code"]])).toEqual([
    ["connect ::1", "ECONNREFUSED"],
    ["connect 127.0.0.1", "ECONNREFUSED"],
  ]);
  expect(description.stacktrace).toBe(
    "TypeError: fetch failed\n[cause]: AggregateError\n[errors]: Error: connect ::1\n[errors]: Error: connect 127.0.0.1",
  );
});

test("describeException() tells what caused the members", () => {
  const error = new AggregateError([new Error("a", { cause: new Error("root of a") })]);
  expect(describeException(error).errors.map(({ message }) => message)).toEqual(["a", "root of a"]);
});

test("describeException() names each error of a diamond once", () => {
  const shared = new Error("shared");
  const error = new AggregateError([new Error("a", { cause: shared }), new Error("b", { cause: shared })]);
  expect(describeException(error).errors.map(({ message }) => message)).toEqual(["a", "b", "shared"]);
});

test("describeException() stops at 16 members", () => {
  const error = new AggregateError(Array.from({ length: 100 }, (_, index) => new Error(String(index))));
  expect(describeException(error).errors).toHaveLength(16);
});

test("describeException() tells both errors of a SuppressedError", () => {
  const error = Object.defineProperties(new Error("suppressed"), {
    error: { value: new Error("while closing"), enumerable: false },
    suppressed: { value: new Error("at work"), enumerable: false },
  });
  expect(describeException(error).errors.map(({ message }) => message)).toEqual(["while closing", "at work"]);
});

test("describeException() keeps an `errors` that is no list of errors as a property", () => {
  const byField = Object.assign(new Error("invalid"), { errors: { name: "is missing" } });
  const asList = Object.assign(new Error("invalid"), { errors: [{ field: "name" }] });
  expect(describeException(byField)).toMatchObject({
    errors: [],
    properties: { errors: { name: "is missing" } },
  });
  expect(describeException(asList)).toMatchObject({
    errors: [],
    properties: { errors: [{ field: "name" }] },
  });
});

test.each([
  ["text", { type: "string", message: "text" }],
  [42, { type: "number", message: "42" }],
  [-0, { type: "number", message: "0" }],
  [false, { type: "boolean", message: "false" }],
  [null, { type: "null", message: "null" }],
  [undefined, { type: "undefined", message: "undefined" }],
  [Symbol("s"), { type: "symbol", message: "Symbol(s)" }],
])("describeException() describes a thrown primitive: %s", (thrown, summary) => {
  expect(describeException(thrown)).toEqual({ ...summary, causes: [], errors: [] });
});

test("describeException() describes a thrown bigint and a thrown function", () => {
  expect(describeException(7n)).toMatchObject({ type: "bigint", message: "7" });
  expect(describeException(throwing)).toMatchObject({ type: "function", message: "[Function: throwing]" });
});

test("describeException() keeps all properties of a thrown object that is no error", () => {
  expect(describeException({ name: "Bob", status: 404, cause: "x" })).toEqual({
    type: "Object",
    message: "",
    properties: { name: "Bob", status: 404, cause: "x" },
    causes: [],
    errors: [],
  });
});

test("describeException() takes a thrown object with a message for an error", () => {
  const thrown = { name: "HttpError", message: "not found", stack: "HttpError: not found", status: 404 };
  expect(describeException(thrown)).toEqual({
    type: "HttpError",
    message: "not found",
    stacktrace: "HttpError: not found",
    properties: { status: 404 },
    causes: [],
    errors: [],
  });
});

test("describeException() describes objects without prototype", () => {
  expect(describeException(Object.create(null))).toMatchObject({ type: "Object", message: "" });
});

test("describeException() describes errors of another realm", () => {
  const error: unknown = runInNewContext("Object.assign(new RangeError('far'), { code: 'E1' })");
  expect(error instanceof Error).toBe(false);
  expect(describeException(error)).toMatchObject({
    type: "RangeError",
    message: "far",
    stacktrace: expect.stringContaining("RangeError: far"),
    properties: { code: "E1" },
  });
});

test("exceptionAttributes() has the names of the semantic conventions", () => {
  expect(exceptionAttributes(errorWith("no funds", "Error: no funds\n    at pay"))).toEqual({
    "exception.type": "Error",
    "exception.message": "no funds",
    "exception.stacktrace": "Error: no funds\n    at pay",
  });
});

test("exceptionAttributes() has causes, errors and properties where there are some", () => {
  const cause = new AggregateError([new Error("member")]);
  const attributes = exceptionAttributes(Object.assign(new Error("x", { cause }), { code: "E1" }));
  expect(attributes).toMatchObject({
    "exception.causes": [{ type: "AggregateError" }],
    "exception.errors": [{ type: "Error", message: "member" }],
    "exception.properties": { code: "E1" },
  });
});

test("exceptionAttributes() has no stack for a thrown text", () => {
  expect(exceptionAttributes("oops")).toEqual({ "exception.type": "string", "exception.message": "oops" });
});

test("isErrorLike() knows errors of any class, realm and age", () => {
  const errors = [
    new Error(),
    new PaymentError("x", "E1"),
    new DOMException(),
    new Proxy(new Error(), {}),
    Object.create(Error.prototype) as Error,
    runInNewContext("new TypeError()"),
  ];
  expect(errors.map(isErrorLike)).toEqual(errors.map(() => true));
});

test("isErrorLike() takes nothing else for an error", () => {
  const others = [
    null,
    undefined,
    "Error",
    {},
    { name: "Error", message: "x", stack: "y" },
    [],
    new Date(),
    Object.create(null),
    throwing,
    hostileProxy(),
    revokedProxy(),
  ];
  expect(others.map(isErrorLike)).toEqual(others.map(() => false));
});
