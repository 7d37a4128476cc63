/** Where our provider differs from the stock one on purpose: what each does with the same call. */
import { context, ROOT_CONTEXT, trace, type LogRecord, type SeverityNumber } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { FemtoLogRecord } from "../../src/index.ts";
import { collectTrouble } from "../logger/collect.ts";
import { endWithTest, processor, provide } from "./provide.ts";

const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

interface Both {
  /** What the stock exporter got, or what `emit()` threw. */
  readonly stock: ReadableLogRecord | Error;
  readonly ours: FemtoLogRecord;
}

/** The same call of both. */
async function both(emit: (logger: { emit(record: LogRecord): void }) => void): Promise<Both> {
  const exporter = new InMemoryLogRecordExporter();
  const provider = endWithTest(
    new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
  const { log, takeOne } = provide();
  emit(log);
  const ours = await takeOne();
  try {
    emit(provider.getLogger("shop"));
  } catch (error) {
    return { stock: error as Error, ours };
  }
  return { stock: exporter.getFinishedLogRecords()[0]!, ours };
}

test("what is no time: the stock SDK throws, ours takes the time of the call", async () => {
  const { stock, ours } = await both((logger) => logger.emit({ timestamp: "yesterday" as never }));
  expect(stock).toBeInstanceOf(TypeError);
  expect(Date.now() / 1000 - ours.hrTime[0]).toBeLessThan(5);
});

test("epoch nanoseconds as a number: the stock SDK is millions of years ahead, ours takes the time of the call", async () => {
  const { stock, ours } = await both((logger) => logger.emit({ timestamp: 1.7e18 }));
  expect((stock as ReadableLogRecord).hrTime[0]).toBe(1.7e15);
  expect(Date.now() / 1000 - ours.hrTime[0]).toBeLessThan(5);
});

test("attributes of null: the stock SDK throws, ours has none", async () => {
  const { stock, ours } = await both((logger) => logger.emit({ attributes: null as never }));
  expect(stock).toBeInstanceOf(TypeError);
  expect(ours.attributes).toEqual({});
});

test("a context of undefined: the stock SDK loses the active span, ours takes it", async () => {
  const { stock, ours } = await both((logger) =>
    context.with(trace.setSpanContext(ROOT_CONTEXT, span), () =>
      logger.emit({ context: undefined } as never),
    ),
  );
  expect((stock as ReadableLogRecord).spanContext).toBeUndefined();
  expect(ours.spanContext).toEqual(span);
});

test("a span: the stock SDK keeps its object, ours the ids in lower case and the flags", async () => {
  const given = { ...span, traceId: span.traceId.toUpperCase(), isRemote: true };
  const { stock, ours } = await both((logger) =>
    logger.emit({ context: trace.setSpanContext(ROOT_CONTEXT, given) }),
  );
  expect((stock as ReadableLogRecord).spanContext).toBe(given);
  expect(ours.spanContext).toEqual(span);
});

test("a body that is changed after the call: the stock SDK exports the change, ours does not", async () => {
  const bodies: { a: number }[] = [];
  const { stock, ours } = await both((logger) => {
    const body = { a: 1 };
    bodies.push(body);
    logger.emit({ body });
    body.a = 2;
  });
  expect((stock as ReadableLogRecord).body).toEqual({ a: 2 });
  expect(ours.body).toEqual({ a: 1 });
});

test("values beyond JSON: the stock SDK drops the attribute, ours maps it", async () => {
  const { stock, ours } = await both((logger) =>
    logger.emit({
      attributes: {
        date: new Date(0),
        big: 5n,
        map: new Map([["a", 1]]),
        "": 1,
        error: new Error("e"),
        keep: 1,
      },
    }),
  );
  expect((stock as ReadableLogRecord).attributes).toEqual({ keep: 1 });
  expect(ours.attributes).toMatchObject({
    date: "1970-01-01T00:00:00.000Z",
    big: 5n,
    map: { a: 1 },
    "": 1,
    error: { type: "Error", message: "e" },
    keep: 1,
  });
});

test("undefined inside of a body: the stock SDK keeps it, ours leaves out a key and puts null into an array", async () => {
  const { stock, ours } = await both((logger) => logger.emit({ body: { a: undefined, b: [undefined, 1] } }));
  expect(Object.keys((stock as ReadableLogRecord).body as object)).toEqual(["a", "b"]);
  expect(Object.keys(ours.body as object)).toEqual(["b"]);
  expect(ours.body).toEqual({ b: [null, 1] });
});

test("an exception with a code: to the stock SDK that is its type, ours keeps the name, code and causes", async () => {
  const { stock, ours } = await both((logger) =>
    logger.emit({
      exception: Object.assign(new RangeError("r", { cause: new Error("why") }), { code: "E_CODE" }),
    }),
  );
  expect((stock as ReadableLogRecord).attributes).toMatchObject({
    "exception.type": "E_CODE",
    "exception.message": "r",
  });
  expect(ours.attributes).toMatchObject({
    "exception.type": "RangeError",
    "exception.message": "r",
    "exception.properties": { code: "E_CODE" },
    "exception.causes": [{ type: "Error", message: "why" }],
  });
});

test("the number of attributes is limited: the stock SDK drops those of the exception first, ours last", async () => {
  const logRecordLimits = { attributeCountLimit: 3 };
  const exporter = new InMemoryLogRecordExporter();
  const stock = endWithTest(
    new LoggerProvider({ logRecordLimits, processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
  const { log, takeOne } = provide({ logRecordLimits });
  const record = { exception: new Error("e"), attributes: { a: 1, b: 2, c: 3 } };
  stock.getLogger("shop").emit(record);
  log.emit(record);
  expect(Object.keys(exporter.getFinishedLogRecords()[0]!.attributes)).toEqual(["a", "b", "c"]);
  const ours = await takeOne();
  expect(Object.keys(ours.attributes)).toEqual([
    "exception.type",
    "exception.message",
    "exception.stacktrace",
  ]);
  expect(ours.droppedAttributesCount).toBe(3);
});

test("an observed time alone: to the stock SDK the time is that of the call, ours takes the observed one", async () => {
  const { stock, ours } = await both((logger) => logger.emit({ observedTimestamp: [5, 0] }));
  expect(Date.now() / 1000 - (stock as ReadableLogRecord).hrTime[0]).toBeLessThan(5);
  expect(ours.hrTime).toEqual([5, 0]);
});

test("a severity that is none: the stock SDK passes it on, ours is unspecified", async () => {
  const { stock, ours } = await both((logger) => logger.emit({ severityNumber: 99 as SeverityNumber }));
  expect((stock as ReadableLogRecord).severityNumber).toBe(99);
  expect(ours.severityNumber).toBeUndefined();
});

test('a logger without name: to the stock SDK it is "unknown", ours keeps the empty name', async () => {
  collectTrouble();
  const exporter = new InMemoryLogRecordExporter();
  const stock = endWithTest(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
  stock.getLogger("").emit({});
  const { provider, takeOne } = provide();
  provider.getLogger("").emit({});
  expect(exporter.getFinishedLogRecords()[0]!.instrumentationScope.name).toBe("unknown");
  expect((await takeOne()).instrumentationScope.name).toBe("");
});

test("a processor that throws: the stock SDK throws into the application, ours goes on", () => {
  collectTrouble();
  const throwing = processor({
    onEmit: () => {
      throw new Error("broken");
    },
  });
  expect(() =>
    endWithTest(new LoggerProvider({ processors: [throwing] }))
      .getLogger("a")
      .emit({}),
  ).toThrow("broken");
  expect(() => provide({ processors: [throwing] }).log.emit({})).not.toThrow();
});

test("attributes of a scope: the stock SDK cuts them to the limits of records, ours keeps them", async () => {
  const logRecordLimits = { attributeCountLimit: 1, attributeValueLengthLimit: 2 };
  const exporter = new InMemoryLogRecordExporter();
  const stock = endWithTest(
    new LoggerProvider({ logRecordLimits, processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
  const { provider, takeOne } = provide({ logRecordLimits });
  const attributes = { a: "abc", b: 2 };
  stock.getLogger("x", "1", { attributes }).emit({});
  provider.getLogger("x", "1", { attributes }).emit({});
  expect(exporter.getFinishedLogRecords()[0]!.instrumentationScope.attributes).toEqual({ a: "ab" });
  expect((await takeOne()).instrumentationScope.attributes).toEqual(attributes);
});

test("a length limit of 0: to the stock SDK that is none, ours keeps no text", async () => {
  const logRecordLimits = { attributeValueLengthLimit: 0 };
  const exporter = new InMemoryLogRecordExporter();
  const stock = endWithTest(
    new LoggerProvider({ logRecordLimits, processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
  const { log, takeOne } = provide({ logRecordLimits });
  stock.getLogger("x").emit({ attributes: { a: "abc" } });
  log.emit({ attributes: { a: "abc" } });
  expect(exporter.getFinishedLogRecords()[0]!.attributes).toEqual({ a: "abc" });
  expect((await takeOne()).attributes).toEqual({ a: "" });
});

test("a length limit within a character: the stock SDK keeps half of it, ours what text can hold", async () => {
  const logRecordLimits = { attributeValueLengthLimit: 1 };
  const exporter = new InMemoryLogRecordExporter();
  const stock = endWithTest(
    new LoggerProvider({ logRecordLimits, processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
  const { log, takeOne } = provide({ logRecordLimits });
  stock.getLogger("x").emit({ attributes: { a: "😀" } });
  log.emit({ attributes: { a: "😀" } });
  expect(exporter.getFinishedLogRecords()[0]!.attributes).toEqual({ a: "\ud83d" });
  expect((await takeOne()).attributes).toEqual({ a: "\ufffd" });
});
