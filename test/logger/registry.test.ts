/** Loggers by name: which are the same, and who stands above whom. */
import { expect, test } from "vitest";

import { createLogging, getLogger } from "../../src/index.ts";
import { collect } from "./collect.ts";

test("getLogger() gives the same object for the same name, whatever was asked for in between", () => {
  const first = getLogger("registry.a");
  getLogger("registry.b");
  expect(getLogger("registry.a")).toBe(first);
  expect(first.name).toBe("registry.a");
});

test('getLogger() gives the root without a name, for "" and for "root"', () => {
  const logging = createLogging();
  expect(logging.getLogger()).toBe(logging.root);
  expect(logging.getLogger("")).toBe(logging.root);
  expect(logging.getLogger("root")).toBe(logging.root);
  expect(logging.root.name).toBe("root");
  expect(getLogger("")).toBe(getLogger());
});

test("getLogger() refuses a name that is no text, saying what it must be", () => {
  const logging = createLogging() as unknown as { getLogger(name: unknown): unknown };
  expect(() => logging.getLogger(7)).toThrow(
    new TypeError('Cannot get a logger: its name is 7, must be a text such as "shop.checkout"'),
  );
  expect(() => logging.getLogger({})).toThrow(TypeError);
});

test("getLogger() takes names with empty parts, spaces and any script", () => {
  const { logging } = collect();
  for (const name of [".", "a..b", ".a", "a.", "größe.日志", " ", "__proto__", "constructor", "root.a"]) {
    const logger = logging.getLogger(name);
    expect(logger.name).toBe(name);
    expect(logging.getLogger(name)).toBe(logger);
    expect(logger.effectiveLevel).toBe(1);
  }
});

test("getChild() is the logger of the longer name", () => {
  const logging = createLogging();
  expect(logging.getLogger("shop").getChild("checkout.card")).toBe(logging.getLogger("shop.checkout.card"));
  expect(logging.root.getChild("shop")).toBe(logging.getLogger("shop"));
});

test("a record names its logger as scope", async () => {
  const { logging, take } = collect();
  logging.getLogger("shop.checkout").info("x");
  logging.root.info("y");
  const records = await take();
  expect(records.map(({ loggerName, instrumentationScope }) => [loggerName, instrumentationScope])).toEqual([
    ["shop.checkout", { name: "shop.checkout" }],
    ["root", { name: "root" }],
  ]);
});

test("createLogging() shares neither loggers, nor levels, nor handlers with others", async () => {
  const one = collect();
  const other = collect();
  one.logging.getLogger("shop").setLevel("ERROR");
  one.logging.disable("ERROR");
  expect(other.logging.getLogger("shop")).not.toBe(one.logging.getLogger("shop"));
  expect(other.logging.getLogger("shop").effectiveLevel).toBe(1);
  expect(getLogger("shop").effectiveLevel).toBe(9);
  other.logging.getLogger("shop").info("x");
  expect(await one.take()).toEqual([]);
  expect(await other.take()).toHaveLength(1);
});

test("createLogging() refuses a level that is none", () => {
  expect(() => createLogging({ level: "LOUD" as "INFO" })).toThrow(RangeError);
});

test("getLogger() still gives loggers that log when the table of loggers is full", async () => {
  const { logging, take } = collect();
  const names = Array.from({ length: 1100 }, (_, index) => `many.n${index}`);
  for (const name of names) logging.getLogger(name).info("x");
  const records = await take();
  expect(records.map(({ loggerName }) => loggerName)).toEqual(names);
});
