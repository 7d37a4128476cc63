/** Processors of a provider: ours and others', their order, and what they may do to records and to each other. */
import { context, createContextKey, diag, ROOT_CONTEXT, type Context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BatchLogRecordProcessor,
  InMemoryLogRecordExporter,
  SimpleLogRecordProcessor,
  type LogRecordProcessor,
  type ReadWriteLogRecord,
} from "@opentelemetry/sdk-logs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { FemtoLoggerProvider, setTroubleListener } from "../../src/index.ts";
import { collectTrouble, keeper, untyped } from "../logger/collect.ts";
import { endWithTest, processor, provide } from "./provide.ts";

const KEY = createContextKey("test");

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

test("all processors get each record, in their order, before the call returns", () => {
  const order: string[] = [];
  const noting = (name: string): LogRecordProcessor =>
    processor({ onEmit: ({ body }) => void order.push(`${name} ${String(body)}`) });
  const provider = endWithTest(
    new FemtoLoggerProvider({ processors: [noting("a"), noting("b"), noting("c")] }),
  );
  const log = provider.getLogger("x");
  log.info("one {n}", { n: 1 });
  log.emit({ body: "two" });
  expect(order).toEqual(["a one 1", "b one 1", "c one 1", "a two", "b two", "c two"]);
});

test("stock processors beside ours get the same records", async () => {
  const [simple, batch] = [new InMemoryLogRecordExporter(), new InMemoryLogRecordExporter()];
  const { provider, log, take } = provide({
    processors: [
      new SimpleLogRecordProcessor({ exporter: simple }),
      new BatchLogRecordProcessor({ exporter: batch }),
    ],
  });
  log.info("x {a}", { a: 1 });
  log.emit({ body: { b: 2 }, severityNumber: 13 });
  await provider.forceFlush();
  const ours = await take();
  expect(ours.map(({ body, attributes, severityNumber }) => [body, attributes, severityNumber])).toEqual([
    ["x 1", { a: 1 }, 9],
    [{ b: 2 }, {}, 13],
  ]);
  for (const exporter of [simple, batch]) {
    const theirs = exporter.getFinishedLogRecords();
    expect(theirs.map(({ body, attributes, hrTime }) => ({ body, attributes, hrTime }))).toEqual(
      ours.map(({ body, attributes, hrTime }) => ({ body, attributes, hrTime })),
    );
    expect(theirs[0]!.instrumentationScope).toBe(theirs[1]!.instrumentationScope);
  }
  await provider.shutdown();
});

test("what a processor changes is seen by those after it", async () => {
  const changing = processor({
    onEmit: (record) => {
      record
        .setAttribute("added", [1, { b: true }])
        .setAttributes({ a: "changed" })
        .setAttribute("ignored", undefined)
        .setBody({ was: record.body })
        .setEventName("event")
        .setSeverityNumber(17)
        .setSeverityText("changed");
      record.setAttribute("__proto__", "own");
    },
  });
  const { provider, log, takeOne } = provide({ processors: [changing] });
  log.info("x {a}", { a: 1 });
  expect(await takeOne()).toMatchObject({
    attributes: Object.assign(JSON.parse('{"__proto__":"own"}'), { a: "changed", added: [1, { b: true }] }),
    body: { was: "x 1" },
    eventName: "event",
    severityNumber: 17,
    severityText: "changed",
  });
  await provider.shutdown();
});

test("what a processor writes into the fields themselves is seen too, and not by those before it", async () => {
  const first = keeper();
  const changing = processor({
    onEmit: (record) => {
      record.body = "assigned";
      record.severityNumber = 21;
      record.attributes["a"] = 2;
      delete record.attributes["b"];
      record.hrTime = [1, 2];
      record.spanContext = {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        traceFlags: 1,
      };
    },
  });
  const { provider, log, takeOne } = provide({ processors: [first.handler, changing] });
  log.info("x", { a: 1, b: 1 });
  const changed = await takeOne();
  expect(changed).toMatchObject({ body: "assigned", severityNumber: 21, hrTime: [1, 2] });
  expect([changed.attributes, changed.spanContext?.spanId]).toEqual([{ a: 2 }, "b7ad6b7169203331"]);
  expect(await first.take()).toMatchObject([{ body: "x", severityNumber: 9, attributes: { a: 1, b: 1 } }]);
  await provider.shutdown();
});

test("attributes that a processor adds beyond the limit are counted as dropped", async () => {
  const adding = processor({ onEmit: (record) => void record.setAttributes({ a: "new", b: 1, c: 2, d: 3 }) });
  const { log, takeOne, provider } = provide({
    processors: [adding],
    logRecordLimits: { attributeCountLimit: 2 },
  });
  log.info("x", { a: 1 });
  expect(await takeOne()).toMatchObject({ attributes: { a: "new", b: 1 }, droppedAttributesCount: 2 });
  await provider.shutdown();
});

test("a processor that throws harms neither the others nor the caller, and is said", async () => {
  const trouble = collectTrouble();
  const throwing = processor({
    onEmit: () => {
      throw new Error("broken");
    },
  });
  const { log, take, provider } = provide({ processors: [throwing] });
  for (let id = 0; id < 3; id++) log.info("{id}", { id });
  expect(await take()).toHaveLength(3);
  expect(trouble).toEqual([
    { kind: "processor", message: "A log record processor threw: broken", heldBackCount: 0 },
  ]);
  await provider.shutdown();
});

test("a processor that logs what it is given comes to an end", async () => {
  const trouble = collectTrouble();
  let count = 0;
  const logging = processor({
    onEmit: () => {
      count++;
      provided.log.warn("again");
    },
  });
  const provided = provide({ processors: [logging, logging] });
  provided.log.info("x");
  expect(count).toBeGreaterThan(1);
  expect(count).toBeLessThan(1000);
  expect((await provided.take()).length).toBeGreaterThan(1);
  expect(trouble[0]).toMatchObject({ kind: "processor" });
  await provided.provider.shutdown();
});

test("a diag logger that logs with the provider whose processor is in trouble comes to an end", async () => {
  const throwing = processor({
    onEmit: () => {
      throw new Error("broken");
    },
  });
  const { provider, log, take } = provide({ processors: [throwing] });
  const say = (message: string): void => log.warn("diag: {message}", { message });
  diag.setLogger(
    { error: say, warn: say, info: () => {}, debug: () => {}, verbose: () => {} },
    { suppressOverrideMessage: true },
  );
  // Forgets what the other tests have said already.
  setTroubleListener(undefined);
  log.info("x");
  log.info("y");
  diag.disable();
  const bodies = (await take()).map(({ body }) => body as string);
  expect(bodies.filter((body) => !body.startsWith("diag:"))).toEqual(["x", "y"]);
  expect(bodies.length).toBeLessThan(5);
  expect(bodies).toContain("diag: femtologging: A log record processor threw: broken");
  await provider.shutdown();
});

test("processors get the context that is given with the record, else the active one", async () => {
  const seen: unknown[] = [];
  const noting = processor({
    onEmit: (_record, active) => void seen.push((active as Context).getValue(KEY)),
  });
  const provider = endWithTest(new FemtoLoggerProvider({ processors: [noting] }));
  const log = untyped(provider.getLogger("x"));
  context.with(ROOT_CONTEXT.setValue(KEY, "active"), () => {
    log.emit({});
    log.info("x");
    log.emit({ context: ROOT_CONTEXT.setValue(KEY, "explicit") });
    log.emit({ context: undefined });
  });
  log.emit({});
  expect(seen).toEqual(["active", "active", "explicit", "active", undefined]);
});

test("a record is given to all processors, whatever they say of what they want: filtering is theirs", () => {
  const given: string[] = [];
  const choosy = (name: string, enabled: boolean): LogRecordProcessor =>
    processor({ enabled: () => enabled, onEmit: () => void given.push(name) });
  const processors = [choosy("a", false), choosy("b", true), choosy("c", false)];
  endWithTest(new FemtoLoggerProvider({ processors })).getLogger("x").emit({ severityNumber: 9 });
  expect(given).toEqual(["a", "b", "c"]);
});

test("handlers of loggers get records beside the processors, as they were made", async () => {
  const own = keeper();
  const changing = processor({ onEmit: (record) => void record.setBody("changed") });
  const { provider, log, take } = provide({ processors: [changing] });
  provider.getLogger("shop").addHandler(own.handler);
  log.info("x");
  provider.getLogger("other").info("y");
  expect((await take()).map(({ body }) => body)).toEqual(["changed", "changed"]);
  expect((await own.take()).map(({ body }) => body)).toEqual(["x"]);
  provider.getLogger("shop").removeHandler(own.handler);
  log.info("z");
  expect([(await take()).length, (await own.take()).length]).toEqual([1, 0]);
  await provider.shutdown();
});

test("forceFlush() and shutdown() reach all processors, also when some reject or throw", async () => {
  const called: string[] = [];
  const noting = (name: string, end: () => Promise<void>): LogRecordProcessor =>
    processor({
      forceFlush: () => (called.push(`${name} forceFlush`), end()),
      shutdown: () => (called.push(`${name} shutdown`), end()),
    });
  const provider = new FemtoLoggerProvider({
    processors: [
      noting("throws", () => {
        throw new Error("thrown");
      }),
      noting("rejects", () => Promise.reject(new Error("rejected"))),
      noting("resolves", () => Promise.resolve()),
    ],
  });
  const flushFailure = (await provider.forceFlush().catch((error: unknown) => error)) as AggregateError;
  expect(flushFailure.errors.map((error: Error) => error.message)).toEqual(["thrown", "rejected"]);
  const shutdownFailure = (await provider.shutdown().catch((error: unknown) => error)) as AggregateError;
  expect(shutdownFailure).toBeInstanceOf(AggregateError);
  expect(called).toEqual(
    ["forceFlush", "shutdown"].flatMap((method) =>
      ["throws", "rejects", "resolves"].map((name) => `${name} ${method}`),
    ),
  );
  await expect(provider.shutdown()).rejects.toBe(shutdownFailure);
  await expect(provider.forceFlush()).rejects.toBe(shutdownFailure);
});

test("forceFlush() gives up on a processor that never answers, naming it", async () => {
  const hanging = processor({
    forceFlush: () => new Promise(() => {}),
    shutdown: () => new Promise(() => {}),
  });
  const provider = new FemtoLoggerProvider({ processors: [processor(), hanging] });
  await expect(provider.forceFlush({ timeoutMillis: 20 })).rejects.toThrow(
    'processors[1] did not flush within 20 ms ("timeoutMillis")',
  );
  await expect(provider.shutdown({ timeoutMillis: 20 })).rejects.toThrow(
    "processors[1] did not shut down within 20 ms",
  );
});

test("shutdown() is done once, flushes, and ends await using", async () => {
  let count = 0;
  const exporter = new InMemoryLogRecordExporter();
  const batch = new BatchLogRecordProcessor({ exporter });
  const counting = processor({ shutdown: async () => void count++ });
  let body: unknown;
  const seeing = processor({ onEmit: (record: ReadWriteLogRecord) => void (body = record.body) });
  {
    await using provider = new FemtoLoggerProvider({ processors: [counting, batch, seeing] });
    provider.getLogger("x").info("last");
    await Promise.all([provider.shutdown(), provider.shutdown()]);
  }
  expect([count, body]).toEqual([1, "last"]);
});
