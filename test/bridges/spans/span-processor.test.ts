import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { FemtoSpanProcessor, type LoggedSpan } from "../../../src/bridges/index.ts";
import {
  ConfigError,
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoInMemoryExporter,
  type FemtoLogRecord,
} from "../../../src/index.ts";
import { collectTrouble } from "../../logger/collect.ts";

const exporter = new FemtoInMemoryExporter();
const handler = new FemtoBatchLogRecordProcessor({ exporter });
const logging = createLogging({ level: "TRACE", handlers: [handler] });
/** One for each test would not do: a process has one tracer provider. */
const processor = new FemtoSpanProcessor({ logging });
const quiet = new FemtoSpanProcessor({
  logging,
  logger: "quiet",
  startLevel: "OFF",
  endLevel: "OFF",
  eventLevel: "OFF",
});
let sdk: NodeSDK;

beforeAll(() => {
  sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: [],
    spanProcessors: [processor, quiet],
    logRecordProcessors: [],
    metricReaders: [],
  });
  sdk.start();
});

afterAll(async () => {
  await sdk.shutdown();
  await handler.shutdown();
});

beforeEach(async () => {
  await handler.forceFlush();
  exporter.reset();
});

async function take(loggerName = "spans"): Promise<readonly FemtoLogRecord[]> {
  await processor.forceFlush();
  const records = exporter.getFinishedLogRecords() as unknown as readonly FemtoLogRecord[];
  return records.filter(({ instrumentationScope }) => instrumentationScope.name === loggerName);
}

const tracer = (): ReturnType<typeof trace.getTracer> => trace.getTracer("shop-tracer");

describe("FemtoSpanProcessor", () => {
  test("a span is a record of its start and one of its end, with its ids, times and attributes", async () => {
    const span = tracer().startSpan("charge", {
      kind: SpanKind.CLIENT,
      startTime: [1_700_000_000, 5],
      attributes: { order: 7 },
    });
    span.setAttribute("paid", true);
    span.end([1_700_000_001, 500_000_005]);
    const records = await take();
    expect(
      records.map(({ eventName, body, severityNumber, hrTime }) => [eventName, body, severityNumber, hrTime]),
    ).toEqual([
      ["span.start", "Span started: charge", 5, [1_700_000_000, 5]],
      ["span.end", "Span ended: charge", 5, [1_700_000_001, 500_000_005]],
    ]);
    const { traceId, spanId, traceFlags } = span.spanContext();
    const ids = { traceId, spanId, traceFlags };
    for (const record of records) expect(record.spanContext).toMatchObject(ids);
    const facts = {
      order: 7,
      "span.name": "charge",
      "span.kind": "client",
      "otel.scope.name": "shop-tracer",
    };
    expect(records[0]?.attributes).toEqual(facts);
    expect(records[1]?.attributes).toEqual({
      ...facts,
      paid: true,
      "span.duration_ms": 1500,
      "otel.status_code": "unset",
    });
  });

  test("a child names its parent", async () => {
    tracer().startActiveSpan("parent", (parent) => {
      tracer().startSpan("child").end();
      parent.end();
    });
    const records = await take();
    const parentId = records.find(({ attributes }) => attributes["span.name"] === "parent")?.spanContext
      ?.spanId;
    const child = records.find(({ attributes }) => attributes["span.name"] === "child");
    expect(child?.attributes["span.parent_id"]).toBe(parentId);
  });

  test("events are records with their own times, exceptions at ERROR, before that of the end", async () => {
    const span = tracer().startSpan("charge");
    span.addEvent("card.read", { brand: "north" }, [1_700_000_000, 7]);
    span.recordException(new TypeError("declined"));
    span.end();
    const [, event, exception, end] = await take();
    expect(event).toMatchObject({
      eventName: "card.read",
      body: "card.read",
      severityNumber: 9,
      hrTime: [1_700_000_000, 7],
      attributes: { brand: "north", "span.name": "charge" },
    });
    expect(exception).toMatchObject({
      eventName: "exception",
      body: "declined",
      severityNumber: 17,
      attributes: { "exception.type": "TypeError", "exception.message": "declined" },
    });
    expect(end?.eventName).toBe("span.end");
  });

  test("a span that failed ends at ERROR with its description, also where levels are OFF", async () => {
    const span = tracer().startSpan("charge");
    span.addEvent("card.read");
    span.setStatus({ code: SpanStatusCode.ERROR, message: "declined" });
    span.end();
    for (const [name, count] of [
      ["spans", 3],
      ["quiet", 1],
    ] as const) {
      const records = await take(name);
      expect(records).toHaveLength(count);
      expect(records.at(-1)).toMatchObject({
        severityNumber: 17,
        body: "Span failed: charge",
        attributes: { "otel.status_code": "error", "otel.status_description": "declined" },
      });
    }
  });

  test("attributes of the span cannot hide what identifies it", async () => {
    tracer()
      .startSpan("charge", { attributes: { "span.name": "refund" } })
      .end();
    expect((await take())[0]?.attributes["span.name"]).toBe("charge");
  });

  test("shutdown() delivers, and leaves the handlers to others", async () => {
    tracer().startSpan("last").end();
    await new FemtoSpanProcessor({ logging }).shutdown();
    expect(exporter.getFinishedLogRecords()).toHaveLength(2);
    logging.getLogger("shop").info("after");
    await handler.forceFlush();
    expect(exporter.getFinishedLogRecords()).toHaveLength(3);
  });

  test("a span that cannot be read is told of, and harms nobody", () => {
    const trouble = collectTrouble();
    processor.onStart({ name: "charge" } as LoggedSpan);
    processor.onEnd({} as LoggedSpan);
    expect(trouble.map(({ kind }) => kind)).toEqual(["bridge a span"]);
  });

  test("an option that is wrong is a ConfigError", () => {
    expect(() => new FemtoSpanProcessor({ startLevel: "loud" } as never)).toThrow(ConfigError);
  });
});
