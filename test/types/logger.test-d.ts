import type { Logger, LoggerProvider, LogRecord } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider as StockProvider,
  SimpleLogRecordProcessor,
  type LogRecordExporter,
  type LogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { expectTypeOf, test } from "vitest";

import {
  basicConfig,
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  FemtoInMemoryExporter,
  FemtoLoggerProvider,
  getLogger,
  info,
  stats,
  withContext,
  type FemtoHandler,
  type FemtoLogger,
  type HandlerStats,
  type LogMethod,
  type Registration,
} from "../../src/index.ts";

declare const log: FemtoLogger;
declare const provider: FemtoLoggerProvider;
declare const handler: FemtoHandler;
declare const caught: unknown;

test("a logger is an OpenTelemetry logger, and a provider a provider", () => {
  expectTypeOf(log).toExtend<Logger>();
  expectTypeOf(provider).toExtend<LoggerProvider>();
  expectTypeOf(provider).toExtend<AsyncDisposable>();
  expectTypeOf(provider.getLogger("a", "1", { attributes: { a: 1 } })).toEqualTypeOf<FemtoLogger>();
  expectTypeOf(provider.register()).toEqualTypeOf<Registration>();
  expectTypeOf<Parameters<FemtoLogger["emit"]>>().toEqualTypeOf<[logRecord: LogRecord]>();
  expectTypeOf(log.enabled()).toEqualTypeOf<boolean>();
});

test("handlers are processors of the stock SDK, exporters its exporters, and the other way round", () => {
  expectTypeOf(handler).toExtend<LogRecordProcessor>();
  expectTypeOf<FemtoInMemoryExporter>().toExtend<LogRecordExporter>();
  void new StockProvider({ processors: [handler, new FemtoFileHandler({ path: "a" })] });
  void new SimpleLogRecordProcessor({ exporter: new FemtoInMemoryExporter() });
  void new FemtoBatchLogRecordProcessor({ exporter: new InMemoryLogRecordExporter() });
  void new FemtoLoggerProvider({
    processors: [handler, new SimpleLogRecordProcessor({ exporter: new InMemoryLogRecordExporter() })],
    resource: resourceFromAttributes({ "service.name": "shop" }),
    logRecordLimits: { attributeCountLimit: 10, attributeValueLengthLimit: null },
    level: "warn",
  });
});

test("the methods of a logger and the functions of the module check their calls in the same way", () => {
  expectTypeOf(log.info).toEqualTypeOf<LogMethod>();
  expectTypeOf(info).toEqualTypeOf<LogMethod>();
  log.info("Order {orderId}", { orderId: 7 });
  info("Order {orderId}", { orderId: 7 });
  log.exception(caught, "Order {orderId}", { orderId: 7 });
  log.log("WARN", "Order {orderId}", { orderId: 7 });
  // @ts-expect-error The hole is not filled.
  log.info("Order {orderId}", { order: 7 });
  // @ts-expect-error The hole is not filled.
  info("Order {orderId}");
  // @ts-expect-error The hole is not filled.
  log.exception(caught, "Order {orderId}", {});
  // @ts-expect-error No such level.
  log.log("LOUD", "x");
});

test("loggers by name, with attributes, and below", () => {
  expectTypeOf(getLogger).toEqualTypeOf<(name?: string) => FemtoLogger>();
  expectTypeOf(getLogger("a")).toEqualTypeOf<FemtoLogger>();
  expectTypeOf(log.with({ a: 1, b: { c: [new Date()] } })).toEqualTypeOf<FemtoLogger>();
  expectTypeOf(log.getChild("a")).toEqualTypeOf<FemtoLogger>();
  expectTypeOf(log.level).toEqualTypeOf<number | undefined>();
  expectTypeOf(log.effectiveLevel).toEqualTypeOf<number>();
  log.setLevel("debug");
  log.setLevel("OFF");
  log.setLevel(13);
  // @ts-expect-error No such level.
  log.setLevel("LOUD");
  // @ts-expect-error Severity numbers end at 24.
  log.setLevel(30);
  // @ts-expect-error Only `setLevel` changes it.
  log.level = 5;
});

test("loggers take handlers of ours, and no other processors", () => {
  log.addHandler(handler);
  log.removeHandler(handler);
  // @ts-expect-error Other processors go to a provider.
  log.addHandler(new SimpleLogRecordProcessor({ exporter: new InMemoryLogRecordExporter() }));
  basicConfig({
    handlers: [handler, new SimpleLogRecordProcessor({ exporter: new InMemoryLogRecordExporter() })],
  });
});

test("event() takes a name, attributes, a level and a body", () => {
  log.event("order.paid");
  log.event("order.paid", { orderId: 7 }, { level: "WARN", body: { any: ["thing"] } });
  // @ts-expect-error An event has a name.
  log.event();
  // @ts-expect-error No such level.
  log.event("order.paid", {}, { level: "LOUD" });
});

test("withContext() gives what the work gives", () => {
  expectTypeOf(withContext({ a: 1 }, () => 42)).toEqualTypeOf<number>();
  expectTypeOf(withContext({ a: 1 }, async () => "x")).toEqualTypeOf<Promise<string>>();
});

test("a system of its own has the functions of the module", () => {
  const logging = createLogging({ level: "DEBUG", handlers: [handler], resource: { attributes: { a: 1 } } });
  expectTypeOf(logging).toExtend<AsyncDisposable>();
  expectTypeOf(logging.root).toEqualTypeOf<FemtoLogger>();
  expectTypeOf(logging.flush({ timeoutMillis: 5 })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(logging.flushSync(5)).toEqualTypeOf<boolean>();
  expectTypeOf(logging.stats()).toEqualTypeOf<Readonly<Record<string, HandlerStats>>>();
  expectTypeOf(stats()).toEqualTypeOf<Readonly<Record<string, HandlerStats>>>();
});
