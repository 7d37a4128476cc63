/** A test for each MUST of the Logs API specification v1.60.0 that concerns an implementation. */
import { context, logs, ROOT_CONTEXT, trace, type Logger, type LoggerProvider } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, expect, test } from "vitest";

import { provide } from "../provider/provide.ts";

const active = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const explicit = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags: 0 };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

function withSpan(ids: typeof active): typeof ROOT_CONTEXT {
  return trace.setSpanContext(ROOT_CONTEXT, ids);
}

test("Logs API > LoggerProvider: there is a global one to register and to access", async () => {
  const { provider, takeOne } = provide();
  const { unregister } = provider.register();
  expect(logs.getLoggerProvider()).toBe(provider);
  logs.getLogger("global").emit({ body: "x" });
  expect((await takeOne()).instrumentationScope.name).toBe("global");
  unregister();
});

test("Logs API > LoggerProvider operations: a provider gives loggers", () => {
  const { provider } = provide();
  const asProvider: LoggerProvider = provider;
  const logger: Logger = asProvider.getLogger("a");
  logger.emit({});
  expect(logger.enabled()).toBe(true);
});

test("Logs API > Get a Logger: name, version, schema URL and any number of attributes are accepted, all but the name optional", async () => {
  const { provider, take } = provide();
  provider.getLogger("a").emit({});
  provider.getLogger("a", "1").emit({});
  provider.getLogger("a", "1", {}).emit({});
  provider.getLogger("a", "1", { schemaUrl: "https://s", attributes: {} }).emit({});
  provider.getLogger("a", "1", { schemaUrl: "https://s", attributes: { a: 1, b: ["c"] } }).emit({});
  expect((await take()).map(({ instrumentationScope }) => instrumentationScope)).toEqual([
    { name: "a" },
    { name: "a", version: "1" },
    { name: "a", version: "1" },
    { name: "a", version: "1", schemaUrl: "https://s" },
    { name: "a", version: "1", schemaUrl: "https://s", attributes: { a: 1, b: ["c"] } },
  ]);
});

test("Logs API > Emit a LogRecord: all parameters are accepted, and all are optional", async () => {
  const { log, take } = provide();
  log.emit({
    timestamp: [1, 2],
    observedTimestamp: [3, 0],
    context: withSpan(explicit),
    severityNumber: 9,
    severityText: "info",
    body: "body",
    attributes: { a: 1 },
    eventName: "event",
    exception: new Error("e"),
  });
  log.emit({});
  const [full, empty] = await take();
  expect(full).toMatchObject({
    hrTime: [1, 2],
    hrTimeObserved: [3, 0],
    spanContext: explicit,
    severityNumber: 9,
    severityText: "info",
    body: "body",
    attributes: { a: 1, "exception.message": "e" },
    eventName: "event",
  });
  expect(empty!.attributes).toEqual({});
});

test("Logs API > Emit a LogRecord: without a context the current one is used", async () => {
  const { log, take } = provide();
  context.with(withSpan(active), () => {
    log.emit({});
    log.emit({ context: withSpan(explicit) });
  });
  expect((await take()).map(({ spanContext }) => spanContext)).toEqual([active, explicit]);
});

test("Logs API > Enabled: context, severity and event name are optional, and the answer is a boolean", () => {
  const { provider } = provide({ level: "WARN" });
  const log = provider.getLogger("a");
  const answers = [
    log.enabled(),
    log.enabled({}),
    log.enabled({ severityNumber: 9 }),
    log.enabled({ severityNumber: 13, eventName: "e", context: ROOT_CONTEXT }),
  ];
  expect(answers).toEqual([true, true, false, true]);
});

test("Logs API > Enabled: without a context the current one is used", () => {
  const seen: unknown[] = [];
  const asking = {
    onEmit: () => {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    enabled: (question: { readonly context: typeof ROOT_CONTEXT }) => {
      seen.push(trace.getSpanContext(question.context));
      return false;
    },
  };
  const log = provide({ processors: [asking] }).provider.getLogger("a");
  context.with(withSpan(active), () => {
    log.enabled();
    log.enabled({ context: withSpan(explicit) });
  });
  expect(seen).toEqual([active, explicit]);
});

test("Logs API > Ergonomic API: a call makes the record that emit() makes", async () => {
  const { log, take } = provide();
  context.with(withSpan(active), () => {
    log.warn("disk {used} full", { used: 0.9 });
    log.emit({ severityNumber: 13, severityText: "WARN", body: "disk 0.9 full", attributes: { used: 0.9 } });
    log.event("disk.full", { used: 0.9 });
    log.emit({ severityNumber: 9, severityText: "INFO", eventName: "disk.full", attributes: { used: 0.9 } });
  });
  const records = await take();
  const plain = records.map(
    ({ hrTime: _time, hrTimeObserved: _observed, template: _template, ...rest }) => rest,
  );
  expect(plain[0]).toEqual(plain[1]);
  expect(plain[2]).toEqual(plain[3]);
});
