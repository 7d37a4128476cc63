// What describeException() does with errors that are too large, or out to do harm.

import { expect, test } from "vitest";

import { describeException } from "../../src/record/exception.ts";

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

test("describeException() marks what a getter throws", () => {
  const error = Object.defineProperties(new Error("x"), {
    message: { get: throwing },
    secret: { get: throwing, enumerable: true },
    cause: { get: throwing },
    name: { get: throwing },
    stack: { get: throwing },
  });
  expect(describeException(error)).toEqual({
    type: "Error",
    message: "[Throws: no entry]",
    properties: { secret: "[Throws: no entry]" },
    causes: [],
    errors: [],
  });
});

test("describeException() survives proxies that throw at everything", () => {
  for (const thrown of [hostileProxy(), revokedProxy(), new Error("x", { cause: hostileProxy() })]) {
    expect(() => describeException(thrown)).not.toThrow();
  }
});

test("describeException() has no stack when Error.prepareStackTrace throws or gives no text", () => {
  const before: unknown = Reflect.get(Error, "prepareStackTrace");
  try {
    Error.prepareStackTrace = throwing;
    expect(describeException(new Error("x"))).not.toHaveProperty("stacktrace");
    Error.prepareStackTrace = (_error, sites): unknown => sites;
    expect(describeException(new Error("x"))).not.toHaveProperty("stacktrace");
  } finally {
    Reflect.set(Error, "prepareStackTrace", before);
  }
});

test("describeException() keeps both ends of a stack of more than 65536 units", () => {
  const stack = describeException(errorWith("x", `Error: ${"m".repeat(100_000)}\n    at last`)).stacktrace;
  expect(stack).toHaveLength(65_536);
  expect(stack).toMatch(/^Error: m+\[… 34483 more …\]m+\n {4}at last$/);
});

test("describeException() bounds the stacks of all causes together", () => {
  let error = errorWith("0", "s".repeat(60_000));
  for (let i = 1; i < 10; i++) error = errorWith(String(i), "s".repeat(60_000), { cause: error });
  const { causes, stacktrace } = describeException(error);
  const units = causes.reduce((sum, cause) => sum + (cause.stacktrace?.length ?? 0), 0);
  expect(units).toBeLessThanOrEqual(65_536);
  expect(units).toBeGreaterThan(65_000);
  expect(stacktrace).toHaveLength(65_536);
});

test("describeException() bounds messages, names and properties", () => {
  const error = Object.assign(new Error("m".repeat(1e6)), { name: "n".repeat(1e6) });
  for (let i = 0; i < 1_000; i++) Object.assign(error, { [`key${i}`]: i });
  const { type, message, properties } = describeException(error);
  expect([type.length, message.length, Object.keys(properties ?? {}).length]).toEqual([256, 16_384, 128]);
});

test("describeException() cuts no character in two", () => {
  for (const message of ["🙂".repeat(40), `a${"🙂".repeat(40)}`, `ab${"🙂".repeat(40)}c`]) {
    const { message: cut } = describeException(new Error(message), { messageUnitsMax: 50 });
    expect(cut.isWellFormed()).toBe(true);
    expect(cut.length).toBeLessThanOrEqual(50);
  }
});

test("describeException() keeps within bounds too small for its own mark", () => {
  const limits = { messageUnitsMax: 3, stackUnitsMax: 0, relativesMax: 0, propertiesMax: 0 };
  const error = Object.assign(new Error("message", { cause: new Error("cause") }), { code: 1 });
  expect(describeException(error, limits)).toEqual({
    type: "Error",
    message: "[… ",
    stacktrace: "",
    properties: {},
    causes: [],
    errors: [],
  });
});
