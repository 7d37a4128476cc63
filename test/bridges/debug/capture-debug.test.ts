import { createRequire } from "node:module";
import { format } from "node:util";
import createDebug from "debug";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { captureConsole, captureDebug, type DebugCaptureOptions } from "../../../src/bridges/index.ts";
import { ConfigError } from "../../../src/index.ts";
import { collect, type Collected } from "../../logger/collect.ts";
import { essenceOf, untilTestEnd } from "../captured.ts";

/** What the package prints where no instance says otherwise. */
const print = vi.fn<(...values: unknown[]) => void>();
const { log: printer } = createDebug;

beforeEach(() => {
  print.mockClear();
  createDebug.log = print;
  createDebug.enable("express:*,solo,-express:noise");
});

afterEach(() => {
  createDebug.disable();
  createDebug.log = printer;
});

function capture(options: DebugCaptureOptions = {}): Collected {
  const collected = collect();
  untilTestEnd(captureDebug({ logging: collected.logging, ...options }));
  return collected;
}

describe("captureDebug()", () => {
  test("makes records of instances made before and after: the namespace is the logger, at DEBUG", async () => {
    const before = createDebug("express:router");
    const { take } = capture();
    const after = createDebug("solo");
    before("use %s %o", "/orders", { id: 7 });
    after("ready");
    const [first, second] = await take();
    expect(essenceOf(first!)).toEqual({
      logger: "express.router",
      severity: 5,
      word: "DEBUG",
      body: "use /orders { id: 7 }",
      attributes: { "debug.namespace": "express:router", "debug.since_ms": 0 },
    });
    expect(second).toMatchObject({ body: "ready", attributes: { "debug.since_ms": 0 } });
    expect(second?.attributes).not.toHaveProperty("debug.namespace");
  });

  test("an error that is the first argument, or one of the others, is exception.*, and its text stays", async () => {
    const { take } = capture();
    const error = new TypeError("no route");
    createDebug("solo")(error);
    createDebug("solo")("failed", error);
    const [first, second] = await take();
    expect(first?.body).toBe(error.stack);
    expect(second?.body).toBe(format("failed", error));
    for (const record of [first, second]) {
      expect(record?.attributes).toMatchObject({
        "exception.type": "TypeError",
        "exception.message": "no route",
      });
    }
  });

  test("an error is not taken for that of the next call", async () => {
    const { take } = capture();
    createDebug("solo")(new Error("first"));
    createDebug("solo")("second");
    expect((await take())[1]?.attributes).not.toHaveProperty("exception.type");
  });

  test("the text has no colours, though what is printed has", async () => {
    const { takeOne } = capture();
    const debug = createDebug("solo") as createDebug.Debugger & { useColors: boolean };
    debug.useColors = true;
    debug("an object: %O", { a: "b" });
    expect((await takeOne()).body).toBe("an object: { a: 'b' }");
    expect(String(print.mock.calls[0]?.[0])).toContain("\u001B[");
  });

  test("prints what was printed without it, also where an instance has a function of its own", async () => {
    const own = vi.fn<(...values: unknown[]) => void>();
    const debug = createDebug("solo");
    debug.log = own;
    const { take } = capture();
    debug("a %d", 1, "b");
    const child = debug.extend("child");
    createDebug.enable("solo:child");
    child("c");
    expect(own.mock.calls.map((values) => format(...values).replace(/^\S+ /, ""))).toEqual([
      "solo a 1 b",
      "solo:child c",
    ]);
    expect(debug.log).toBe(own);
    expect(child.log).toBe(own);
    expect(await take()).toHaveLength(2);
  });

  test("one that prints to a captured console makes one record, not two", async () => {
    const { logging, take } = capture();
    untilTestEnd(captureConsole({ logging, forward: false }));
    const debug = createDebug("solo");
    debug.log = (...values) => console.log(...values);
    debug("once");
    expect((await take()).map(({ body }) => body)).toEqual(["once"]);
  });

  test("with forward: false prints nothing, and leaves the instance as it was", async () => {
    const { take } = capture({ forward: false });
    const debug = createDebug("solo");
    debug("quiet");
    expect(print).not.toHaveBeenCalled();
    expect(Object.hasOwn(debug, "log")).toBe(false);
    expect(await take()).toHaveLength(1);
  });

  test("namespaces that are not enabled make no records", async () => {
    const { take } = capture();
    createDebug("other")("x");
    createDebug("express:noise")("x");
    expect(await take()).toEqual([]);
  });

  test("level and a logger above are options", async () => {
    const { takeOne } = capture({ level: "INFO", logger: "lib" });
    createDebug("express:app")("up");
    expect(essenceOf(await takeOne())).toMatchObject({
      logger: "lib.express.app",
      severity: 9,
      word: "INFO",
    });
  });

  test("beyond 512 namespaces the records are those of the logger above, with their namespace", async () => {
    createDebug.enable("many:*");
    const { take } = capture({ logger: "lib", forward: false });
    for (let i = 0; i < 513; i++) createDebug(`many:${i}`)("x");
    const records = await take();
    expect(records[511]?.instrumentationScope.name).toBe("lib.many.511");
    expect(records[512]?.instrumentationScope.name).toBe("lib");
    expect(records[512]?.attributes["debug.namespace"]).toBe("many:512");
  });

  test("a copy of the package that is given is the one that is captured", async () => {
    const require = createRequire(import.meta.url);
    const path = require.resolve("debug");
    const kept = Object.entries(require.cache).filter(([name]) => name.includes("/debug/src/"));
    for (const [name] of kept) delete require.cache[name];
    const copy = require("debug") as typeof createDebug;
    delete require.cache[path];
    for (const [name, module] of kept) require.cache[name] = module;
    copy.log = print;
    copy.enable("solo");
    const { takeOne } = capture({ debug: copy });
    createDebug("solo")("of the first copy");
    copy("solo")("of the second");
    expect((await takeOne()).body).toBe("of the second");
  });

  test("release() puts the hooks back", async () => {
    const hooks = [createDebug.formatArgs, createDebug.coerce];
    const { logging, take } = collect();
    captureDebug({ logging }).release();
    expect([createDebug.formatArgs, createDebug.coerce]).toEqual(hooks);
    createDebug("solo")("after");
    expect(await take()).toEqual([]);
    expect(print).toHaveBeenCalledTimes(1);
  });

  test("something that is not the package is a ConfigError", () => {
    expect(() => captureDebug({ debug: () => {} })).toThrow(ConfigError);
  });
});
