/** A test for each MUST of the Logs SDK specification v1.60.0 that concerns providers, loggers, and what processors see. */
import { context, createContextKey, ROOT_CONTEXT, trace, type Context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { FemtoBatchLogRecordProcessor, FemtoInMemoryExporter, FemtoLoggerProvider } from "../../src/index.ts";
import { collectTrouble, keeper } from "../logger/collect.ts";
import { endWithTest, processor, provide } from "../provider/provide.ts";

const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

test("Logs SDK > LoggerProvider: a resource can be given, and is that of all records", async () => {
  const { provider, take } = provide({ resource: { attributes: { "service.name": "shop" } } });
  provider.getLogger("a").emit({});
  provider.getLogger("b").info("x");
  for (const { resource } of await take()) expect(resource.attributes).toEqual({ "service.name": "shop" });
});

test("Logs SDK > LoggerProvider Creation: several providers do not know of each other", async () => {
  const [one, other] = [provide(), provide({ level: "ERROR" })];
  one.log.info("one");
  other.log.info("other");
  expect([(await one.take()).length, (await other.take()).length]).toEqual([1, 0]);
});

test("Logs SDK > Logger Creation: what the user gives becomes the scope of the logger", async () => {
  const { provider, takeOne } = provide();
  provider.getLogger("a", "1", { schemaUrl: "https://s", attributes: { a: 1 } }).emit({});
  expect((await takeOne()).instrumentationScope).toEqual({
    name: "a",
    version: "1",
    schemaUrl: "https://s",
    attributes: { a: 1 },
  });
});

test("Logs SDK > Logger Creation: an invalid name gives a working logger, and a message", async () => {
  const trouble = collectTrouble();
  const { provider, take } = provide();
  provider.getLogger("").info("x");
  provider.getLogger(null as unknown as string).info("y");
  expect((await take()).map(({ body }) => body)).toEqual(["x", "y"]);
  expect(trouble).toHaveLength(1);
});

test("Logs SDK > Configuration: a change applies to loggers that were given out before", async () => {
  const { provider, log, take } = provide();
  log.info("before");
  provider.getLogger("root").setLevel("WARN");
  log.info("after");
  const more = keeper();
  provider.getLogger("root").addHandler(more.handler);
  log.warn("both");
  expect((await take()).map(({ body }) => body)).toEqual(["before", "both"]);
  expect((await more.take()).map(({ body }) => body)).toEqual(["both"]);
});

test("Logs SDK > Shutdown: it is done once, by Shutdown of all processors", async () => {
  const counts = [0, 0];
  const provider = new FemtoLoggerProvider({
    processors: counts.map((_, index) => processor({ shutdown: async () => void counts[index]!++ })),
  });
  await Promise.all([provider.shutdown(), provider.shutdown()]);
  await provider.shutdown();
  expect(counts).toEqual([1, 1]);
});

test("Logs SDK > Shutdown: a logger that is asked for afterwards does nothing", async () => {
  collectTrouble();
  const seen: unknown[] = [];
  const provider = new FemtoLoggerProvider({
    processors: [processor({ onEmit: (record) => void seen.push(record) })],
  });
  await provider.shutdown();
  const log = provider.getLogger("late");
  log.emit({});
  log.error("x");
  expect([seen, log.enabled()]).toEqual([[], false]);
});

test("Logs SDK > ForceFlush: ForceFlush of all processors is invoked", async () => {
  const counts = [0, 0];
  const processors = counts.map((_, index) => processor({ forceFlush: async () => void counts[index]!++ }));
  await endWithTest(new FemtoLoggerProvider({ processors })).forceFlush();
  expect(counts).toEqual([1, 1]);
});

test("Logs SDK > ForceFlush: the caller learns whether it succeeded, failed, or timed out", async () => {
  const outcomes = [Promise.resolve(), Promise.reject(new Error("failed")), new Promise<void>(() => {})];
  const flush = (end: Promise<void>): Promise<void> =>
    endWithTest(new FemtoLoggerProvider({ processors: [processor({ forceFlush: () => end })] })).forceFlush({
      timeoutMillis: 10,
    });
  const results = await Promise.allSettled(outcomes.map(flush));
  expect(
    results.map((result) => (result.status === "rejected" ? (result.reason as Error).message : "done")),
  ).toEqual(["done", "failed", 'processors[0] did not flush within 10 ms ("timeoutMillis")']);
});

test("Logs SDK > Emit a LogRecord: an unspecified observed time is the current time", async () => {
  const { log, takeOne } = provide();
  const before = Date.now();
  log.emit({ timestamp: [1, 0] });
  const [seconds, nanos] = (await takeOne()).hrTimeObserved;
  const observed = seconds * 1000 + nanos / 1e6;
  expect(observed).toBeGreaterThan(before - 50);
  expect(observed).toBeLessThan(Date.now() + 50);
});

test("Logs SDK > Emit a LogRecord: attributes are set from an exception, by the conventions", async () => {
  const { log, takeOne } = provide();
  const exception = new RangeError("too much");
  log.emit({ exception });
  expect((await takeOne()).attributes).toEqual({
    "exception.type": "RangeError",
    "exception.message": "too much",
    "exception.stacktrace": exception.stack,
  });
});

test("Logs SDK > Emit a LogRecord: attributes of the user take precedence over those of the exception", async () => {
  const { log, takeOne } = provide();
  const mine = { "exception.type": "mine", "exception.message": "", "exception.stacktrace": null };
  log.emit({ exception: new Error("e"), attributes: mine });
  expect((await takeOne()).attributes).toEqual(mine);
});

test("Logs SDK > LoggerConfig: a severity below the minimum is dropped, an unspecified one bypasses it", async () => {
  const { log, take } = provide({ level: "WARN" });
  for (const severityNumber of [0, 12, 13, 24]) log.emit({ severityNumber, body: severityNumber });
  log.emit({ body: "unspecified" });
  expect((await take()).map(({ body }) => body)).toEqual([0, 13, 24, "unspecified"]);
});

test("Logs SDK > LoggerConfig: a disabled logger behaves as one that does nothing", async () => {
  const { provider, take } = provide();
  const logger = provider.getLogger("a");
  logger.disabled = true;
  logger.emit({ severityNumber: 24 });
  logger.critical("x");
  expect([logger.enabled(), await take()]).toEqual([false, []]);
});

test("Logs SDK > Enabled: false without processors", () => {
  expect(endWithTest(new FemtoLoggerProvider()).getLogger("a").enabled()).toBe(false);
});

test("Logs SDK > Enabled: false where all processors implement Enabled and say false, else true", () => {
  const enabledWith = (...answers: (boolean | undefined)[]): boolean => {
    const processors = answers.map((answer) =>
      processor(answer === undefined ? {} : { enabled: () => answer }),
    );
    return endWithTest(new FemtoLoggerProvider({ processors })).getLogger("a").enabled();
  };
  expect([enabledWith(false, false), enabledWith(false, true), enabledWith(false, undefined)]).toEqual([
    false,
    true,
    true,
  ]);
});

test("Logs SDK > ReadableLogRecord: an exporter can access all that was added, scope, resource and counts of what was dropped", async () => {
  const exporter = new FemtoInMemoryExporter();
  const provider = new FemtoLoggerProvider({
    processors: [new FemtoBatchLogRecordProcessor({ exporter })],
    resource: { attributes: { "service.name": "shop" } },
    logRecordLimits: { attributeCountLimit: 1 },
  });
  const emitted = {
    timestamp: [1, 2] as [number, number],
    observedTimestamp: [3, 0] as [number, number],
    severityNumber: 9,
    severityText: "info",
    body: { a: [1] },
    eventName: "event",
    attributes: { a: 1, b: 2, c: 3 },
    context: trace.setSpanContext(ROOT_CONTEXT, span),
  };
  provider.getLogger("shop", "1").emit(emitted);
  await provider.forceFlush();
  expect(exporter.getFinishedLogRecords()).toMatchObject([
    {
      hrTime: [1, 2],
      hrTimeObserved: [3, 0],
      severityNumber: 9,
      severityText: "info",
      body: { a: [1] },
      eventName: "event",
      attributes: { a: 1 },
      droppedAttributesCount: 2,
      spanContext: span,
      instrumentationScope: { name: "shop", version: "1" },
      resource: { attributes: { "service.name": "shop" } },
    },
  ]);
  await provider.shutdown();
});

test("Logs SDK > ReadableLogRecord: the trace context is that of the resolved context", async () => {
  const { log, take } = provide();
  const other = { ...span, spanId: "00f067aa0ba902b7" };
  context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => {
    log.emit({});
    log.emit({ context: trace.setSpanContext(ROOT_CONTEXT, other) });
  });
  log.emit({});
  expect((await take()).map(({ spanContext }) => spanContext)).toEqual([span, other, undefined]);
});

test("Logs SDK > ReadWriteLogRecord: a processor can change every field, and add, change and remove attributes", async () => {
  const changing = processor({
    onEmit: (record: ReadWriteLogRecord) => {
      record.hrTime = [1, 2];
      record.hrTimeObserved = [3, 0];
      record.severityText = "changed";
      record.severityNumber = 17;
      record.body = "changed";
      record.eventName = "changed";
      record.spanContext = span;
      record.setAttribute("added", 1).setAttribute("kept", "changed");
      delete record.attributes["removed"];
    },
  });
  const { provider, log, takeOne } = provide({ processors: [changing] });
  log.emit({ body: "x", attributes: { kept: 1, removed: 1 } });
  const record = await takeOne();
  expect(record).toMatchObject({
    hrTime: [1, 2],
    hrTimeObserved: [3, 0],
    severityText: "changed",
    severityNumber: 17,
    body: "changed",
    eventName: "changed",
    spanContext: span,
  });
  expect(record.attributes).toEqual({ kept: "changed", added: 1 });
  await provider.shutdown();
});

test("Logs SDK > LogRecordProcessor: each pipeline ends with an exporter of its own", async () => {
  const [one, other] = [keeper(), keeper({ level: "ERROR" })];
  const provider = new FemtoLoggerProvider({ processors: [one.handler, other.handler] });
  provider.getLogger("a").info("x");
  provider.getLogger("a").error("y");
  expect([(await one.take()).length, (await other.take()).length]).toEqual([2, 1]);
});

test("Logs SDK > LogRecordProcessor: users can decorate our processors, such as by attributes", async () => {
  const kept = keeper();
  const enriching = processor({
    onEmit: (record, active) => kept.handler.onEmit(record.setAttribute("host", "h1"), active),
    forceFlush: () => kept.handler.forceFlush(),
  });
  const provider = new FemtoLoggerProvider({ processors: [enriching] });
  provider.getLogger("a").info("x", { a: 1 });
  await provider.forceFlush();
  expect((await kept.take()).map(({ attributes }) => attributes)).toEqual([{ a: 1, host: "h1" }]);
});

test("Logs SDK > OnEmit: called synchronously, in the order of registration, with the resolved context", () => {
  const key = createContextKey("key");
  const seen: unknown[] = [];
  const noting = (name: string): ReturnType<typeof processor> =>
    processor({ onEmit: (_record, active) => void seen.push([name, (active as Context).getValue(key)]) });
  const provider = endWithTest(new FemtoLoggerProvider({ processors: [noting("a"), noting("b")] }));
  context.with(ROOT_CONTEXT.setValue(key, "current"), () => {
    provider.getLogger("x").emit({});
    provider.getLogger("x").emit({ context: ROOT_CONTEXT.setValue(key, "explicit") });
  });
  expect(seen).toEqual([
    ["a", "current"],
    ["b", "current"],
    ["a", "explicit"],
    ["b", "explicit"],
  ]);
});

test("Logs SDK > OnEmit: mutations are visible to the next processors", async () => {
  const { log, takeOne, provider } = provide({
    processors: [processor({ onEmit: (record) => void record.setBody("changed") })],
  });
  log.emit({ body: "x" });
  expect((await takeOne()).body).toBe("changed");
  await provider.shutdown();
});

test("Logs SDK > LogRecordProcessor Enabled: what a processor does to its parameters is not seen by the caller, nor by others", () => {
  const seen: unknown[] = [];
  const options = { severityNumber: 9, eventName: "e" };
  const changing = processor({
    enabled: (question) => {
      seen.push(question.severityNumber, question.instrumentationScope.name);
      Object.assign(question, { severityNumber: 1, eventName: "changed" });
      Object.assign(question.instrumentationScope, { name: "changed" });
      return false;
    },
  });
  endWithTest(new FemtoLoggerProvider({ processors: [changing, changing] }))
    .getLogger("a")
    .enabled(options);
  expect([seen, options]).toEqual([[9, "a", 9, "a"], { severityNumber: 9, eventName: "e" }]);
});

test("Logs SDK > LogRecordProcessor ShutDown: it includes the effects of ForceFlush", async () => {
  const exporter = new FemtoInMemoryExporter();
  const provider = new FemtoLoggerProvider({
    processors: [new FemtoBatchLogRecordProcessor({ exporter, scheduledDelayMillis: 60_000 })],
  });
  for (let id = 0; id < 100; id++) provider.getLogger("a").info("{id}", { id });
  await provider.shutdown();
  expect(exporter.getFinishedLogRecords()).toHaveLength(100);
});

test("Logs SDK > Concurrency requirements: loggers, flushes and shutdown at the same time lose nothing", async () => {
  const exporter = new FemtoInMemoryExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter });
  const provider = new FemtoLoggerProvider({ processors: [handler] });
  const work = Array.from({ length: 20 }, async (_, index) => {
    provider.getLogger(`l${index % 3}`).info("{index}", { index });
    await provider.forceFlush();
    expect(exporter.getFinishedLogRecords().some(({ attributes }) => attributes["index"] === index)).toBe(
      true,
    );
  });
  await Promise.all([...work, provider.forceFlush(), provider.shutdown(), provider.shutdown()]);
  expect(handler.stats()).toMatchObject({ emitted: 20, delivered: 20 });
});
