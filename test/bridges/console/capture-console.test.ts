import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { format } from "node:util";
import { context, trace, TraceFlags } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";

import { captureConsole, type ConsoleCaptureOptions } from "../../../src/bridges/index.ts";
import { ConfigError } from "../../../src/index.ts";
import { collect, collectTrouble, type Collected } from "../../logger/collect.ts";
import { essenceOf, untilTestEnd } from "../captured.ts";

/** The global console writes here while a test runs: what is forwarded can be read. */
let printed: { readonly out: PassThrough; readonly error: PassThrough };
let before: typeof globalThis.console;

beforeEach(() => {
  printed = { out: new PassThrough(), error: new PassThrough() };
  before = globalThis.console;
  globalThis.console = new Console({ stdout: printed.out, stderr: printed.error, colorMode: false });
});

afterEach(() => {
  globalThis.console = before;
});

function textOf(stream: PassThrough): string {
  return String((stream.read() as Buffer | null) ?? "");
}

function capture(options: ConsoleCaptureOptions = {}): Collected {
  const collected = collect();
  untilTestEnd(captureConsole({ logging: collected.logging, ...options }));
  return collected;
}

describe("captureConsole() makes a record of a call of", () => {
  test.each([
    ["log", 9],
    ["info", 9],
    ["debug", 5],
    ["warn", 13],
    ["error", 17],
    ["dirxml", 9],
  ] as const)("console.%s at severity %i, with the word of the method", async (name, severity) => {
    const { takeOne } = capture();
    console[name]("Order %d of %s", 7, "kite", { paid: true });
    expect(essenceOf(await takeOne())).toEqual({
      logger: "console",
      severity,
      word: name,
      body: "Order 7 of kite { paid: true }",
      attributes: {},
    });
  });

  test("console.assert only when it fails, as an error", async () => {
    const { takeOne } = capture();
    console.assert(true, "all is well");
    console.assert(false, "stock is %d", -1);
    expect(essenceOf(await takeOne())).toMatchObject({
      severity: 17,
      word: "assert",
      body: "Assertion failed: stock is -1",
    });
  });

  test("console.table with the text, and the data as an attribute", async () => {
    const { takeOne } = capture();
    console.table([{ sku: "kite", left: 2 }]);
    const record = await takeOne();
    expect(record.body).toContain("│ 'kite' │ 2    │");
    expect(record.attributes).toEqual({ "console.table": [{ sku: "kite", left: 2 }] });
  });

  test("console.table of a text as the text, without data", async () => {
    const { takeOne } = capture();
    console.table("kite");
    expect(essenceOf(await takeOne())).toMatchObject({ word: "table", body: "kite", attributes: {} });
  });

  test("console.dir with the options that were given, and without colours", async () => {
    const { takeOne } = capture();
    console.dir({ a: { b: { c: 1 } } }, { depth: 0, colors: true });
    expect((await takeOne()).body).toBe("{ a: [Object] }");
  });

  test("console.count with label and count; countReset makes none", async () => {
    const { take } = capture();
    console.count("orders");
    console.count("orders");
    console.countReset("orders");
    console.count("orders");
    console.count();
    expect((await take()).map(({ body, attributes }) => [body, attributes["console.count"]])).toEqual([
      ["orders: 1", 1],
      ["orders: 2", 2],
      ["orders: 1", 1],
      ["default: 1", 1],
    ]);
  });

  test("console.timeLog and timeEnd with label and milliseconds", async () => {
    const { take } = capture();
    console.time("charge");
    console.timeLog("charge", "half way", { order: 7 });
    console.timeEnd("charge");
    const [half, end] = await take();
    expect(half?.body).toMatch(/^charge: .+ half way { order: 7 }$/);
    expect(half?.attributes["console.label"]).toBe("charge");
    expect(end?.attributes["console.duration_ms"]).toBeGreaterThan(
      half?.attributes["console.duration_ms"] as number,
    );
  });

  test("console.timeEnd without milliseconds, when the timer is older than the capture", async () => {
    console.time("old");
    const { takeOne } = capture();
    console.timeEnd("old");
    expect((await takeOne()).attributes).toEqual({ "console.label": "old" });
  });

  test("console.trace at TRACE with the stack of the caller, ours left out", async () => {
    const { takeOne } = capture();
    console.trace("how did we get to %s", "here");
    const record = await takeOne();
    expect(essenceOf(record)).toMatchObject({ severity: 1, word: "trace", body: "how did we get to here" });
    const [first] = (record.attributes["code.stacktrace"] as string).split("\n");
    expect(first).toContain("capture-console.test.ts");
  });

  test("console.group: its label is a record, and an attribute of those inside", async () => {
    const { take } = capture();
    console.group("order %d", 7);
    console.groupCollapsed("payment");
    console.log("inside");
    console.groupEnd();
    console.log("between");
    console.groupEnd();
    console.log("outside");
    expect((await take()).map(({ body, attributes }) => [body, attributes["console.group"]])).toEqual([
      ["order 7", undefined],
      ["payment", ["order 7"]],
      ["inside", ["order 7", "payment"]],
      ["between", ["order 7"]],
      ["outside", undefined],
    ]);
  });
});

describe("captureConsole()", () => {
  test("errors among the arguments are exception.*, a second one an attribute, and all are in the text", async () => {
    const { takeOne } = capture();
    const error = new TypeError("no stock", { cause: new Error("disk") });
    const second = new RangeError("too late");
    console.error("Cannot sell %s", "kite", error, second);
    const { body, attributes } = await takeOne();
    expect(body).toBe(format("Cannot sell %s", "kite", error, second));
    expect(attributes).toMatchObject({
      "exception.type": "TypeError",
      "exception.message": "no stock",
      "exception.causes": [{ type: "Error", message: "disk" }],
    });
    expect(JSON.stringify(attributes["error"])).toContain("too late");
  });

  test("prints what was printed without it, to the same streams", () => {
    const plain = { out: new PassThrough(), error: new PassThrough() };
    const other = new Console({ stdout: plain.out, stderr: plain.error, colorMode: false });
    capture();
    for (const one of [console, other]) {
      one.log("a %s", "b", [1]);
      one.group("g");
      one.warn("two\nlines");
      one.table([{ a: 1 }]);
      one.count("c");
      one.assert(false, "never %s", "mind");
      one.groupEnd();
      one.dir({ a: { b: {} } }, { depth: 0 });
    }
    expect(textOf(printed.out)).toBe(textOf(plain.out));
    expect(textOf(printed.error)).toBe(textOf(plain.error));
  });

  test("prints the stack of console.trace as Node does", () => {
    capture();
    console.trace("here %d", 1);
    const [head, first] = textOf(printed.error).split("\n");
    expect(head).toBe("Trace: here 1");
    expect(first).toMatch(/^ {4}at .*capture-console\.test\.ts/);
  });

  test("with forward: false prints nothing, and counts, timers and groups go on", async () => {
    const { take } = capture({ forward: false });
    console.log("a");
    console.count("c");
    console.time("t");
    console.timeEnd("t");
    console.trace("t");
    console.dir({});
    console.table([[1]]);
    console.count("c");
    expect(textOf(printed.out) + textOf(printed.error)).toBe("");
    expect((await take()).map(({ severityText }) => severityText)).toEqual([
      "log",
      "count",
      "timeEnd",
      "trace",
      "dir",
      "table",
      "count",
    ]);
  });

  test("a level that is off makes no record and does not look at the values", async () => {
    const { logging, take } = capture();
    logging.getLogger("console").setLevel("ERROR");
    let readCount = 0;
    const value = {
      get total(): number {
        readCount++;
        return 1;
      },
    };
    console.info("%s", value.total);
    console.log("x", { toJSON: () => value.total });
    expect(await take()).toEqual([]);
    expect(readCount).toBe(1);
  });

  test("what the console prints while it shows a value is a record of its own", async () => {
    const { take } = capture({ forward: false });
    const noisy = {
      get sku(): string {
        console.info("somebody reads sku");
        return "kite";
      },
    };
    console.table([noisy]);
    const words = (await take()).map(({ severityText }) => severityText);
    expect(words).toContain("info");
    expect(words.filter((word) => word === "table")).toHaveLength(1);
  });

  test("a value that cannot be shown costs neither the record nor what the console itself does", async () => {
    const { takeOne } = capture();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const bad = {
      get [Symbol.toStringTag](): string {
        throw new Error("no tag");
      },
    };
    try {
      console.log("kept", bad, proxy);
    } catch {
      // Node's console throws it, and goes on doing so.
    }
    expect((await takeOne()).body).toContain("kept");
  });

  test("passes on what the method throws", () => {
    capture();
    expect(() => console.table([1], "no array" as unknown as string[])).toThrow(TypeError);
  });

  test("records have the span of the caller", async () => {
    const manager = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(manager);
    onTestFinished(() => context.disable());
    const { takeOne } = capture();
    const span = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      traceFlags: TraceFlags.SAMPLED,
    };
    context.with(trace.setSpanContext(context.active(), span), () => console.log("inside"));
    expect((await takeOne()).spanContext).toMatchObject(span);
  });

  test("leaves consoles of the application alone, and functions that were taken before", async () => {
    const { log } = console;
    const own = new Console({ stdout: new PassThrough(), colorMode: false });
    const { take } = capture();
    own.log("own");
    log("taken before");
    expect(await take()).toEqual([]);
  });

  test("keeps the names of the methods", () => {
    capture();
    expect([console.log.name, console.table.name]).toEqual(["log", "table"]);
  });

  test("twice gives the first capture, and says so once", () => {
    const trouble = collectTrouble();
    const collected = collect();
    const first = untilTestEnd(captureConsole({ logging: collected.logging }));
    expect(captureConsole()).toBe(first);
    expect(captureConsole()).toBe(first);
    expect(trouble.map(({ message }) => message)).toEqual([
      "Cannot capture the console a second time: the options of the first time hold; call release() of that capture to begin anew",
    ]);
  });

  test("an option that is wrong is a ConfigError, and nothing is captured", () => {
    const descriptors = Object.getOwnPropertyDescriptors(console);
    expect(() => captureConsole({ forward: "yes" } as unknown as ConsoleCaptureOptions)).toThrow(ConfigError);
    expect(Object.getOwnPropertyDescriptors(console)).toEqual(descriptors);
  });

  test("a console that is frozen is a TypeError that says what to do", () => {
    Object.freeze(console);
    expect(() => captureConsole()).toThrow(
      new TypeError(
        "Cannot capture console.log: it cannot be replaced, because its object is frozen or sealed; capture before that is done",
      ),
    );
  });
});

describe("release()", () => {
  test("puts back exactly what was there, and may be called again", async () => {
    const descriptors = Object.getOwnPropertyDescriptors(console);
    const { logging, take } = collect();
    const running = captureConsole({ logging });
    expect(Object.getOwnPropertyDescriptors(console)).not.toEqual(descriptors);
    running.release();
    running.release();
    expect(Object.getOwnPropertyDescriptors(console)).toEqual(descriptors);
    console.log("after");
    expect(await take()).toEqual([]);
    expect(textOf(printed.out)).toBe("after\n");
  });

  test("leaves what somebody has put on top, passes everything on, and says so", async () => {
    const trouble = collectTrouble();
    const { logging, take } = collect();
    const running = captureConsole({ logging, forward: false });
    const ours = console.log;
    const theirs = (...values: unknown[]): void => ours("theirs:", ...values);
    console.log = theirs;
    running.release();
    expect(console.log).toBe(theirs);
    console.log("after");
    expect(textOf(printed.out)).toBe("theirs: after\n");
    expect(await take()).toEqual([]);
    expect(trouble).toHaveLength(1);
    expect(trouble[0]?.message).toContain("Cannot put console.log back");
  });

  test("`using` releases", () => {
    const { log } = console;
    const { logging } = collect();
    {
      using running = captureConsole({ logging });
      expect(console.log).not.toBe(log);
      expect(running).toBeDefined();
    }
    expect(console.log).toBe(log);
  });
});
