/** `FemtoLoggerProvider`: which loggers it gives, what they say of themselves, its options. */
import { ROOT_CONTEXT, type LoggerOptions } from "@opentelemetry/api";
import { expect, test } from "vitest";

import { FemtoLoggerProvider } from "../../src/index.ts";
import { collectTrouble, keeper, untyped } from "../logger/collect.ts";
import { endWithTest, processor, provide } from "./provide.ts";

test("getLogger() gives the same object for the same name, version and options, and another for others", () => {
  const { provider } = provide();
  const options: LoggerOptions = { schemaUrl: "https://a", attributes: { a: [1], b: 2n } };
  const logger = provider.getLogger("a", "1", options);
  expect(provider.getLogger("a", "1", { schemaUrl: "https://a", attributes: { a: [1], b: 2n } })).toBe(
    logger,
  );
  const others = [
    provider.getLogger("b", "1", options),
    provider.getLogger("a", "2", options),
    provider.getLogger("a", "1", { ...options, schemaUrl: "https://b" }),
    provider.getLogger("a", "1", { ...options, attributes: { a: [2], b: 2n } }),
    provider.getLogger("a"),
  ];
  expect(new Set([logger, ...others]).size).toBe(6);
});

test("records carry the scope of their logger, as it was when the logger was made", async () => {
  const { provider, take } = provide();
  const attributes = { tags: ["a"], big: 2n };
  const log = provider.getLogger("shop", "1.2.3", { schemaUrl: "https://schema", attributes });
  attributes.tags.push("b");
  log.info("x");
  log.emit({ body: "y" });
  const scopes = (await take()).map(({ instrumentationScope }) => instrumentationScope);
  expect(scopes[0]).toEqual({
    name: "shop",
    version: "1.2.3",
    schemaUrl: "https://schema",
    attributes: { tags: ["a"], big: 2n },
  });
  expect(scopes[1]).toBe(scopes[0]);
});

test("getLogger() without a name gives a logger that works, with an empty one, and says so once", async () => {
  const trouble = collectTrouble();
  const { provider, take } = provide();
  for (const name of ["", undefined, null, 7, {}]) provider.getLogger(name as string).info("x");
  expect((await take()).map(({ loggerName }) => loggerName)).toEqual(["", "", "", "", ""]);
  expect(trouble.map(({ message }) => message)).toEqual([
    "A logger was asked for without a name: its records have none",
  ]);
});

test("getLogger() takes options that are none, and attributes that cannot be compared", async () => {
  const { provider, take } = provide();
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const loggers = [
    provider.getLogger("a", null as never, null as never),
    provider.getLogger("a", 5 as never, { schemaUrl: 7, attributes: "x" } as never),
    provider.getLogger("a", undefined, { attributes: cycle }),
    provider.getLogger("a", undefined, { attributes: { f: () => 1 } }),
  ];
  for (const logger of loggers) logger.info("x");
  const scopes = (await take()).map(({ instrumentationScope }) => instrumentationScope);
  expect(scopes).toEqual([
    { name: "a" },
    { name: "a" },
    { name: "a", attributes: { self: "[Circular]" } },
    { name: "a", attributes: { f: "[Function: f]" } },
  ]);
});

test("loggers have levels by name, of the provider's own system", async () => {
  const { provider, take } = provide({ level: "WARN" });
  const log = provider.getLogger("a.b", "1");
  log.info("no");
  provider.getLogger("a").setLevel("INFO");
  log.info("yes");
  expect([log.name, log.effectiveLevel, provider.getLogger("root").level]).toEqual(["a.b", 9, 13]);
  expect((await take()).map(({ body }) => body)).toEqual(["yes"]);
});

test("a provider lets everything through unless told otherwise", async () => {
  const { log, take } = provide();
  log.trace("x");
  log.emit({ severityNumber: 1 });
  expect(await take()).toHaveLength(2);
});

test("logRecordLimits bound the attributes of calls and of emit()", async () => {
  const { log, take } = provide({
    logRecordLimits: { attributeCountLimit: 2, attributeValueLengthLimit: 5 },
  });
  const attributes = { a: "x".repeat(10), b: ["y".repeat(10), { c: "z".repeat(10) }], c: 1, d: 2 };
  for (let round = 0; round < 3; round++) log.info("a template that is longer {a}", attributes);
  log.emit({ attributes, severityText: "severely", eventName: "eventful" });
  const records = await take();
  expect(records).toHaveLength(4);
  for (const record of records) {
    expect(record.attributes).toEqual({ a: "xxxxx", b: ["yyyyy", { c: "zzzzz" }] });
    expect(record.droppedAttributesCount).toBe(2);
  }
  expect(records.slice(0, 3).map(({ body }) => body)).toEqual(
    Array.from({ length: 3 }, () => "a template that is longer xxxxx"),
  );
  expect(records[3]).toMatchObject({ severityText: "severely", eventName: "eventful" });
});

test("logRecordLimits of null are none, and those out of bounds are refused", async () => {
  const { log, takeOne } = provide({
    logRecordLimits: { attributeCountLimit: null, attributeValueLengthLimit: null },
  });
  log.info("x", Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])));
  expect(Object.keys((await takeOne()).attributes)).toHaveLength(300);
  for (const limit of [-1, 1.5, NaN, "5"]) {
    expect(
      () => new FemtoLoggerProvider({ logRecordLimits: { attributeCountLimit: limit as number } }),
    ).toThrow(RangeError);
  }
});

test("the constructor refuses processors, a resource and a level that are none", () => {
  const make =
    (options: object): (() => unknown) =>
    () =>
      new FemtoLoggerProvider(options);
  expect(make({ processors: [processor(), {}] })).toThrow(
    'Cannot create a logger provider: "processors[1]" is an object, must be a log record processor',
  );
  expect(make({ processors: [null] })).toThrow(TypeError);
  expect(make({ resource: "shop" })).toThrow('"resource" is "shop", must be a resource');
  expect(make({ resource: null })).toThrow(TypeError);
  expect(make({ level: "LOUD" })).toThrow(RangeError);
});

test("enabled() is false where no processor is, where the level is higher, and after shutdown", async () => {
  const none = endWithTest(new FemtoLoggerProvider()).getLogger("a");
  expect(none.enabled()).toBe(false);
  const { provider } = provide({ level: "INFO" });
  const log = provider.getLogger("a");
  expect([log.enabled(), log.enabled({ severityNumber: 8 }), log.enabled({ severityNumber: 9 })]).toEqual([
    true,
    false,
    true,
  ]);
  expect([log.enabled({ severityNumber: 0 }), log.enabled(null as never)]).toEqual([true, true]);
  await provider.shutdown();
  expect([log.enabled(), log.enabled({ severityNumber: 24 })]).toEqual([false, false]);
});

test("enabled() is false where all handlers want more, and follows their level", () => {
  const kept = keeper({ level: "ERROR" });
  const log = new FemtoLoggerProvider({ processors: [kept.handler] }).getLogger("a");
  expect([log.enabled({ severityNumber: 16 }), log.enabled({ severityNumber: 17 }), log.enabled()]).toEqual([
    false,
    true,
    true,
  ]);
  kept.handler.setLevel("INFO");
  expect(log.enabled({ severityNumber: 16 })).toBe(true);
});

test("enabled() asks processors with scope, context, severity and event name; one that says yes is enough", () => {
  const asked: unknown[] = [];
  const no = processor({
    enabled: (question) => {
      asked.push({ ...question });
      Object.assign(question, { severityNumber: 24 });
      return false;
    },
  });
  const maybe = processor({ enabled: ({ severityNumber = 0 }) => severityNumber >= 13 });
  const provider = endWithTest(new FemtoLoggerProvider({ processors: [no, maybe] }));
  const log = provider.getLogger("shop", "1", { schemaUrl: "https://s", attributes: { a: 1 } });
  expect(log.enabled({ severityNumber: 12, eventName: "e", context: ROOT_CONTEXT })).toBe(false);
  expect(asked).toEqual([
    {
      context: ROOT_CONTEXT,
      instrumentationScope: { name: "shop", version: "1", schemaUrl: "https://s", attributes: { a: 1 } },
      severityNumber: 12,
      eventName: "e",
    },
  ]);
  expect([log.enabled({ severityNumber: 13 }), log.enabled()]).toEqual([true, false]);
});

test("enabled() is true where a processor throws when it is asked, or cannot be asked", () => {
  collectTrouble();
  const throwing = processor({
    enabled: () => {
      throw new Error("broken");
    },
  });
  for (const one of [throwing, processor()]) {
    expect(
      endWithTest(new FemtoLoggerProvider({ processors: [one] }))
        .getLogger("a")
        .enabled(),
    ).toBe(true);
  }
});

test("getLogger() after shutdown gives loggers of all methods that do nothing", async () => {
  const trouble = collectTrouble();
  const { provider, take } = provide();
  await provider.shutdown();
  const log = untyped(provider.getLogger("late", "1"));
  log.info("x {a}", { a: 1 });
  log.emit({ severityNumber: 24 });
  log.with({ a: 1 }).exception(new Error("e"));
  log.event("e");
  expect([provider.getLogger("late").enabled(), provider.getLogger("late").isEnabledFor(24)]).toEqual([
    false,
    false,
  ]);
  expect(await take()).toEqual([]);
  expect(trouble.map(({ kind }) => kind)).toEqual(["logger after shutdown"]);
});

test("records of loggers that were made before a shutdown are counted by the handlers", async () => {
  const kept = keeper();
  const provider = new FemtoLoggerProvider({ processors: [kept.handler] });
  const log = provider.getLogger("a");
  log.info("before");
  await provider.shutdown();
  log.info("after");
  log.emit({ body: "after" });
  expect(kept.handler.stats()).toMatchObject({ delivered: 1, dropped: { already_shutdown: 2 } });
});
