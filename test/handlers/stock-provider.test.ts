import { resourceFromAttributes, defaultResource } from "@opentelemetry/resources";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { ROOT_CONTEXT, SeverityNumber, trace, TraceFlags } from "@opentelemetry/api";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type FemtoHandler,
  FemtoInMemoryExporter,
  FemtoOtlpHttpHandler,
} from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { endWithTest, makeFolder } from "./fixture.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";

async function receive(): Promise<{
  readonly receiver: OtlpReceiver;
  readonly handler: FemtoOtlpHttpHandler;
}> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  return { receiver, handler: endWithTest(new FemtoOtlpHttpHandler({ url: receiver.url })) };
}

function providerOf(...processors: readonly FemtoHandler[]): LoggerProvider {
  return new LoggerProvider({
    processors: [...processors],
    resource: resourceFromAttributes({ "service.name": "stock" }),
  });
}

/** An attribute that is found out later. */
function later<T>(): {
  readonly value: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { value: promise, resolve, reject };
}

describe("a handler as a processor of the stock LoggerProvider", () => {
  test("an OTLP receiver gets every field of the record, its scope and its resource", async () => {
    const { receiver, handler } = await receive();
    const provider = providerOf(handler);
    const logger = provider.getLogger("shop.checkout", "1.2.3", {
      schemaUrl: "https://example.com/schema",
      attributes: { team: "blue" },
    });
    const spanContext = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: TraceFlags.SAMPLED };
    logger.emit({
      severityNumber: SeverityNumber.WARN2,
      severityText: "careful",
      body: { text: "structured", parts: [1, 2.5, true, null] },
      eventName: "order.paid",
      attributes: {
        text: "é",
        whole: 42,
        broken: 0.5,
        yes: true,
        list: ["a", "b"],
        bytes: new Uint8Array([1, 2]),
        map: { deep: 1 },
      },
      timestamp: 1_700_000_000_123,
      context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
    });
    await provider.forceFlush();
    expect(receiver.records).toHaveLength(1);
    expect(receiver.records[0]).toMatchObject({
      timeUnixNano: 1_700_000_000_123_000_000n,
      severityNumber: 14,
      severityText: "careful",
      eventName: "order.paid",
      body: new Map<string, unknown>([
        ["text", "structured"],
        ["parts", [1n, 2.5, true, null]],
      ]),
      attributes: new Map<string, unknown>([
        ["text", "é"],
        ["whole", 42n],
        ["broken", 0.5],
        ["yes", true],
        ["list", ["a", "b"]],
        ["bytes", new Uint8Array([1, 2])],
        ["map", new Map([["deep", 1n]])],
      ]),
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      scope: {
        name: "shop.checkout",
        version: "1.2.3",
        schemaUrl: "https://example.com/schema",
        attributes: new Map([["team", "blue"]]),
      },
      resource: { attributes: new Map([["service.name", "stock"]]) },
    });
    await provider.shutdown();
  });

  test("an exporter object gets the record as the stock processors would have given it", async () => {
    const exporter = new FemtoInMemoryExporter();
    const provider = providerOf(endWithTest(new FemtoBatchLogRecordProcessor({ exporter })));
    provider.getLogger("shop", "1").emit({
      severityNumber: SeverityNumber.INFO,
      body: "plain",
      attributes: { a: 1 },
      timestamp: [1_700_000_000, 5],
    });
    await provider.forceFlush();
    const [record] = exporter.getFinishedLogRecords() as [ReadableLogRecord];
    expect(record).toMatchObject({
      hrTime: [1_700_000_000, 5],
      severityNumber: 9,
      body: "plain",
      attributes: { a: 1 },
      droppedAttributesCount: 0,
      instrumentationScope: { name: "shop", version: "1" },
    });
    expect(record.resource.attributes).toEqual({ "service.name": "stock" });
  });

  test("onEmit() copies: what is changed afterwards is not seen", async () => {
    const exporter = new FemtoInMemoryExporter();
    const provider = providerOf(endWithTest(new FemtoBatchLogRecordProcessor({ exporter })));
    const attributes = { list: [1, 2] };
    provider.getLogger("shop").emit({ body: "plain", attributes });
    attributes.list.push(3);
    await provider.forceFlush();
    expect(exporter.getFinishedLogRecords()[0]?.attributes).toEqual({ list: [1, 2] });
  });

  test("several handlers each get everything; shutdown() of the provider ends them", async () => {
    const path = join(makeFolder(), "app.log");
    const exporter = new FemtoInMemoryExporter();
    const file = endWithTest(new FemtoFileHandler({ path }));
    const { receiver, handler } = await receive();
    const batch = endWithTest(new FemtoBatchLogRecordProcessor({ exporter }));
    const provider = providerOf(file, handler, batch);
    const logger = provider.getLogger("shop");
    for (let i = 0; i < 2000; i++) logger.emit({ severityNumber: 9, body: "record", attributes: { i } });
    await provider.shutdown();
    logger.emit({ body: "late" });
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(2001);
    expect(receiver.counts.records).toBe(2000);
    expect(exporter.getFinishedLogRecords()).toHaveLength(2000);
    for (const ended of [file, handler, batch])
      expect(ended.stats()).toMatchObject({ delivered: 2000, queued: 0 });
  });

  test("the handler's level decides over enabled() and what is taken", async () => {
    const exporter = new FemtoInMemoryExporter();
    const provider = providerOf(endWithTest(new FemtoBatchLogRecordProcessor({ exporter, level: "WARN" })));
    const logger = provider.getLogger("shop");
    expect([9, 13].map((severityNumber) => logger.enabled({ severityNumber }))).toEqual([false, true]);
    for (const severityNumber of [9, 13, 17]) logger.emit({ severityNumber, body: "record" });
    await provider.forceFlush();
    expect(exporter.getFinishedLogRecords().map((record) => record.severityNumber)).toEqual([13, 17]);
  });

  test("a record without a severity is taken by every level", async () => {
    const exporter = new FemtoInMemoryExporter();
    const provider = providerOf(endWithTest(new FemtoBatchLogRecordProcessor({ exporter, level: "ERROR" })));
    provider.getLogger("shop").emit({ body: "none" });
    await provider.forceFlush();
    expect(exporter.getFinishedLogRecords()).toHaveLength(1);
  });
});

describe("a resource whose attributes are found out asynchronously", () => {
  const open: (() => void)[] = [];

  afterEach(() => {
    for (const resolve of open.splice(0)) resolve();
  });

  test.each(["OTLP over HTTP", "an exporter object"])("%s: the export waits for them", async (kind) => {
    const host = later<string>();
    const resource = defaultResource().merge(
      resourceFromAttributes({ "service.name": "stock", "host.id": host.value }),
    );
    const { receiver, handler } = await receive();
    const exporter = new FemtoInMemoryExporter();
    const batch = endWithTest(new FemtoBatchLogRecordProcessor({ exporter }));
    const provider = new LoggerProvider({
      processors: [kind === "OTLP over HTTP" ? handler : batch],
      resource,
    });
    provider.getLogger("shop").emit({ body: "waits" });
    await expect(provider.forceFlush({ timeoutMillis: 200 })).rejects.toThrow();
    expect(receiver.counts.records + exporter.getFinishedLogRecords().length).toBe(0);
    host.resolve("abc");
    await provider.forceFlush();
    const attributes =
      kind === "OTLP over HTTP"
        ? Object.fromEntries(receiver.records[0]?.resource.attributes ?? [])
        : exporter.getFinishedLogRecords()[0]?.resource.attributes;
    expect(attributes).toMatchObject({ "service.name": "stock", "host.id": "abc" });
  });

  test("whose promise is rejected: the records go without it", async () => {
    const host = later<string>();
    const resource = resourceFromAttributes({ "service.name": "stock", "host.id": host.value });
    const { receiver, handler } = await receive();
    const provider = new LoggerProvider({ processors: [handler], resource });
    provider.getLogger("shop").emit({ body: "waits" });
    host.reject(new Error("nobody knows"));
    await provider.forceFlush();
    expect(Object.fromEntries(receiver.records[0]?.resource.attributes ?? [])).toEqual({
      "service.name": "stock",
    });
  });

  test("a file does not wait for them", async () => {
    const host = later<string>();
    open.push(() => host.resolve("abc"));
    const path = join(makeFolder(), "app.log");
    const handler = endWithTest(new FemtoFileHandler({ path }));
    const resource = resourceFromAttributes({ "host.id": host.value });
    const provider = new LoggerProvider({ processors: [handler], resource });
    provider.getLogger("shop").emit({ body: "at once" });
    await provider.forceFlush();
    expect(readFileSync(path, "utf8")).toContain("at once");
  });

  test("a shutdown does not wait for them", async () => {
    const host = later<string>();
    open.push(() => host.resolve("abc"));
    const { receiver, handler } = await receive();
    const provider = new LoggerProvider({
      processors: [handler],
      resource: resourceFromAttributes({ "host.id": host.value }),
    });
    provider.getLogger("shop").emit({ body: "waits" });
    const startMillis = performance.now();
    await handler.shutdown();
    expect(performance.now() - startMillis).toBeLessThan(3000);
    expect(receiver.counts.records).toBe(1);
  });
});
