import type { MeterProvider } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import {
  createLogging,
  type FemtoFileHandler,
  FemtoHttpHandler,
  FemtoLevelFilter,
  FemtoMemoryHandler,
  FemtoNullHandler,
  FemtoOtlpHttpHandler,
  FemtoSocketHandler,
  FemtoSysLogHandler,
} from "../../src/index.ts";
import { logNumbers } from "../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../handlers/fixture.ts";
import { meter } from "../support/metric-reader.ts";
import {
  DURATION,
  expectBalance,
  EXPORTED,
  fileHandler,
  FILTERED,
  gatedHandler,
  IN_FLIGHT,
  metered,
  PROCESSED,
  QUEUE_SIZE,
  WAIT,
} from "./fixture.ts";

describe("the metrics of a handler", () => {
  test("are those that its stats have: all delivered", async () => {
    const { handler, log, collect } = metered(fileHandler);
    logNumbers(log, { to: 1000 });
    await handler.forceFlush();
    const collected = await collect();
    expect(collected.byError(PROCESSED)).toEqual({ "": 1000 });
    expect(collected.byError(EXPORTED)).toEqual({ "": 1000 });
    expect(collected.sum(DURATION)).toBe(handler.stats().batches);
    expectBalance(collected, handler.stats());
  });

  test("have names and units of the semantic conventions, and counters that only grow", async () => {
    const { handler, log, collect } = metered((own) => fileHandler({ ...own, maxQueueSize: 5000 }));
    log.info("one");
    await handler.forceFlush();
    const { metrics } = await collect();
    const described = metrics.map(({ descriptor, ...data }) => {
      const isMonotonic = "isMonotonic" in data ? data.isMonotonic : undefined;
      return [descriptor.name, descriptor.unit, isMonotonic];
    });
    expect(Object.fromEntries(described.map(([name, ...rest]) => [name, rest]))).toEqual({
      [QUEUE_SIZE]: ["{log_record}", false],
      "otel.sdk.processor.log.queue.capacity": ["{log_record}", false],
      [PROCESSED]: ["{log_record}", true],
      [FILTERED]: ["{log_record}", true],
      [IN_FLIGHT]: ["{log_record}", false],
      [EXPORTED]: ["{log_record}", true],
      [DURATION]: ["s", undefined],
    });
  });

  test("count a record as processed when the exporter is given it, and as exported when that has ended", async () => {
    const { meterProvider, collect } = meter();
    const { handler, open } = gatedHandler({
      meterProvider,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 0,
    });
    const log = createLogging({ handlers: [endWithTest(handler)] }).getLogger("metrics");
    logNumbers(log, { to: 25 });
    await vi.waitFor(async () => expect((await collect()).sum(IN_FLIGHT)).toBe(10), WAIT);
    const before = await collect();
    expect(before.byError(PROCESSED)).toEqual({ "": 10 });
    expect(before.byError(EXPORTED)).toEqual({ "": 0 });
    expect(before.sum(QUEUE_SIZE)).toBe(15);
    expectBalance(before, handler.stats());
    open();
    await handler.forceFlush();
    const afterwards = await collect();
    expect(afterwards.byError(EXPORTED)).toEqual({ "": 25 });
    expect([afterwards.sum(IN_FLIGHT), afterwards.sum(QUEUE_SIZE)]).toEqual([0, 0]);
  });

  test("say why records were dropped before the exporter: queue_full, too_large, already_shutdown", async () => {
    troublesOfTest();
    const { meterProvider, collect } = meter();
    const options = {
      maxQueueSize: 20,
      maxExportBatchSize: 10,
      recordBytesMax: 1024,
      scheduledDelayMillis: 0,
    };
    const { handler, open } = gatedHandler({ ...options, meterProvider });
    const logging = createLogging({ handlers: [endWithTest(handler)], meterProvider });
    const log = logging.getLogger("metrics");
    logNumbers(log, { to: 50 });
    log.info("x".repeat(5000));
    const full = await collect();
    expect(full.byError(PROCESSED)).toMatchObject({ queue_full: 30, too_large: 1 });
    expect(full.sum("otel.sdk.processor.log.queue.capacity")).toBe(20);
    expectBalance(full, handler.stats());
    open();
    await handler.shutdown();
    log.info("late");
    const last = await collect();
    expect(last.byError(PROCESSED)).toMatchObject({ queue_full: 30, too_large: 1, already_shutdown: 1 });
    expectBalance(last, handler.stats());
  });

  test("count what filters of the handler leave out apart", async () => {
    const { handler, log, collect } = metered((own) =>
      fileHandler({ ...own, filters: [new FemtoLevelFilter({ minimum: "WARN" })] }),
    );
    for (let i = 0; i < 5; i++) log.info("{i}", { i });
    log.warn("kept");
    await handler.forceFlush();
    const collected = await collect();
    expect([collected.sum(FILTERED), collected.sum(PROCESSED)]).toEqual([5, 1]);
    expectBalance(collected, handler.stats());
  });

  test("tell what was left at the end: what the exporter had from what it was never given", async () => {
    troublesOfTest();
    const { meterProvider, collect } = meter();
    const { handler } = gatedHandler({ meterProvider, maxExportBatchSize: 10, scheduledDelayMillis: 0 });
    const log = createLogging({ handlers: [handler] }).getLogger("metrics");
    logNumbers(log, { to: 25 });
    await vi.waitFor(async () => expect((await collect()).sum(IN_FLIGHT)).toBe(10), WAIT);
    await handler.shutdown({ timeoutMillis: 50 }).catch(() => {});
    const collected = await collect();
    expect(collected.byError(PROCESSED)).toEqual({ "": 10, exit_deadline: 15 });
    expect(collected.byError(EXPORTED)).toEqual({ "": 0, exit_deadline: 10 });
    expectBalance(collected, handler.stats());
  });

  test("of one that has ended are collected once more, and then its callback is taken away", async () => {
    const { meterProvider, collect } = meter();
    const added = vi.spyOn(
      Object.getPrototypeOf(meterProvider.getMeter("any")),
      "addBatchObservableCallback",
    );
    const removed = vi.spyOn(
      Object.getPrototypeOf(meterProvider.getMeter("any")),
      "removeBatchObservableCallback",
    );
    onTestFinished(() => void vi.restoreAllMocks());
    const handler = fileHandler({ meterProvider });
    createLogging({ handlers: [handler] })
      .getLogger("metrics")
      .info("one");
    await handler.shutdown();
    expect([added, removed].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    expect((await collect()).byError(EXPORTED)).toEqual({ "": 1 });
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });

  test("are collected although the meter's histogram throws, and that ends nothing", async () => {
    const { meterProvider, collect } = meter();
    const record = vi.fn((): never => {
      throw new Error("no");
    });
    const own: MeterProvider = {
      getMeter: (name) => {
        const real = meterProvider.getMeter(name);
        vi.spyOn(real, "createHistogram").mockReturnValue({ record });
        return real;
      },
    };
    const handler = endWithTest(fileHandler({ meterProvider: own }));
    createLogging({ handlers: [handler] })
      .getLogger("metrics")
      .info("one");
    await handler.forceFlush();
    // By the timer: an error that it let through would end the process.
    await vi.waitFor(() => expect(record).toHaveBeenCalled(), WAIT);
    expect((await collect()).byError(EXPORTED)).toEqual({ "": 1 });
  });

  test("stay what they were when the queue of one that has ended is another handler's", async () => {
    const { meterProvider, collect } = meter();
    const first = fileHandler({ name: "first" });
    const log = createLogging({ handlers: [first], meterProvider }).getLogger("metrics");
    logNumbers(log, { to: 3 });
    await first.shutdown();
    // A slot is given away when eight handlers have ended after its own.
    const later: FemtoFileHandler[] = [];
    for (let count = 0; count < 20; count++) {
      const handler = endWithTest(fileHandler({}));
      later.push(handler);
      createLogging({ handlers: [handler] })
        .getLogger("metrics")
        .info("other");
      await handler.shutdown();
    }
    expect(later.map(({ slot }) => slot)).toContain(first.slot);
    const collected = await collect();
    expect(collected.byError(EXPORTED)).toEqual({ "": 3 });
    expect(collected.sum(DURATION)).toBe(first.stats().batches);
    expectBalance(collected, first.stats());
  });

  test("go to the provider of a handler in the stock LoggerProvider", async () => {
    const { meterProvider, collect } = meter();
    const handler = fileHandler({ meterProvider });
    const provider = new LoggerProvider({ processors: [handler] });
    provider.getLogger("stock").emit({ body: "one" });
    await provider.shutdown();
    const collected = await collect();
    expect(collected.byError(EXPORTED)).toEqual({ "": 1 });
    // The stock provider has metrics of its own for what it creates.
    expect(collected.points("otel.sdk.log.created")).toEqual([]);
  });
});

test("each kind of handler says what it is and where it sends", async () => {
  const { meterProvider, collect } = meter();
  const file = fileHandler({});
  const handlers = [
    file,
    new FemtoOtlpHttpHandler({ url: "https://[::1]/v1/logs", protocol: "http/json" }),
    new FemtoHttpHandler({ url: "http://example.com:8080/logs?key=secret" }),
    new FemtoSocketHandler({ host: "127.0.0.1", port: 9020 }),
    new FemtoSysLogHandler({ host: "127.0.0.1", port: 5514 }),
    new FemtoNullHandler(),
  ].map(endWithTest);
  const memory = new FemtoMemoryHandler({ target: endWithTest(fileHandler({ name: "kept" })) });
  createLogging({ handlers: [...handlers, memory], meterProvider });
  const points = (await collect()).points(EXPORTED);
  expect(
    points.map(({ attributes }) => [
      attributes["otel.component.type"],
      attributes["server.address"],
      attributes["server.port"],
    ]),
  ).toEqual([
    ["femtologging.file_log_exporter", undefined, undefined],
    ["otlp_http_json_log_exporter", "::1", 443],
    ["femtologging.http_log_exporter", "example.com", 8080],
    ["femtologging.socket_log_exporter", "127.0.0.1", 9020],
    ["femtologging.syslog_log_exporter", "127.0.0.1", 5514],
    ["femtologging.file_log_exporter", undefined, undefined],
  ]);
  const names = points.map(({ attributes }) => attributes["otel.component.name"]);
  expect(new Set(names).size).toBe(6);
});
