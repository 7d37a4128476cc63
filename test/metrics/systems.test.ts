/** What loggers, systems and providers report. */
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { MeterProvider } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test } from "vitest";

import {
  basicConfig,
  createLogging,
  FemtoFileHandler,
  FemtoLevelFilter,
  FemtoLoggerProvider,
  getLogger,
  shutdown,
  type Logging,
  type LoggingOptions,
} from "../../src/index.ts";
import { logNumbers } from "../contract/destination.ts";
import { configErrorOf, endWithTest, makeFolder } from "../handlers/fixture.ts";
import { processor } from "../provider/provide.ts";
import { meter, type Collected } from "../support/metric-reader.ts";
import { CREATED, expectBalance, EXPORTED, fileHandler, PROCESSED } from "./fixture.ts";

function metered(options: LoggingOptions = {}): {
  readonly logging: Logging;
  readonly collect: () => Promise<Collected>;
} {
  const { meterProvider, collect } = meter();
  const logging = createLogging({ ...options, meterProvider });
  onTestFinished(() => logging.shutdown());
  return { logging, collect };
}

describe("otel.sdk.log.created", () => {
  test("counts the records that loggers were given, whatever becomes of them", async () => {
    const { logging, collect } = metered({ handlers: [fileHandler({ level: "ERROR" })] });
    const log = logging.getLogger("metrics");
    log.addFilter(new FemtoLevelFilter({ minimum: "WARN" }));
    log.info("a call with {count} attribute", { count: 1 });
    log.warn("a call without");
    log.error(new Error("a sorted call"));
    log.exception(new Error("an exception"), "caught");
    log.event("an.event", { count: 1 });
    log.emit({ body: "emitted" });
    log.with({ bound: 1 }).info("bound");
    expect((await collect()).sum(CREATED)).toBe(7);
  });

  test("counts no call of a level that is off, but what is emitted below the level", async () => {
    const { logging, collect } = metered({ level: "WARN" });
    const log = logging.getLogger("metrics");
    log.info("off");
    log.event("off");
    log.emit({ severityNumber: 9, body: "submitted to a logger that is enabled" });
    expect((await collect()).sum(CREATED)).toBe(1);
    log.disabled = true;
    log.emit({ severityNumber: 21, body: "submitted to one that is not" });
    expect((await collect()).sum(CREATED)).toBe(1);
  });

  test("is one sum of all systems with the same meter provider, and keeps those that have ended", async () => {
    const { meterProvider, collect } = meter();
    const first = createLogging({ meterProvider, handlers: [fileHandler({})] });
    const second = createLogging({ meterProvider, handlers: [fileHandler({})] });
    onTestFinished(() => second.shutdown());
    logNumbers(first.getLogger("metrics"), { to: 3 });
    logNumbers(second.getLogger("metrics"), { to: 4 });
    expect((await collect()).points(CREATED)).toMatchObject([{ attributes: {}, value: 7 }]);
    await first.shutdown();
    logNumbers(second.getLogger("metrics"), { to: 1 });
    expect((await collect()).sum(CREATED)).toBe(8);
    expect((await collect()).sum(CREATED)).toBe(8);
  });
});

test("createLogging() reports handlers that are added later, each once, and others no more than their own", async () => {
  const handler = endWithTest(fileHandler({ name: "late" }));
  const { logging, collect } = metered();
  logging.getLogger("a").addHandler(handler);
  logging.getLogger("b").addHandler(handler);
  endWithTest(fileHandler({ name: "stranger" }));
  const points = (await collect()).points(PROCESSED);
  expect(points.map(({ attributes }) => attributes["femtologging.handler.name"])).toEqual(["late"]);
});

test("a handler that is taken away and ended is collected until its last counts are known", async () => {
  const handler = fileHandler({});
  const { logging, collect } = metered({ handlers: [handler] });
  const log = logging.getLogger();
  logNumbers(log, { to: 3 });
  await collect();
  log.removeHandler(handler);
  await handler.shutdown();
  expect((await collect()).byError(EXPORTED)).toEqual({ "": 3 });
});

test("the records of all threads are in the metrics of basicConfig(), and in its handlers", async () => {
  const { meterProvider, collect } = meter();
  const before = await createdBefore(meterProvider, collect);
  const handler = getLogger().handlers[0] as FemtoFileHandler;
  const recordCount = 500;
  const workers = [1, 2].map(
    () => new Worker(new URL("log-worker.ts", import.meta.url), { workerData: { recordCount } }),
  );
  logNumbers(getLogger("metrics.main"), { to: 100 });
  const codes = await Promise.all(workers.map((worker) => once(worker, "exit")));
  expect(codes).toEqual([[0], [0]]);
  await handler.forceFlush();
  const collected = await collect();
  expect(collected.sum(CREATED) - before).toBe(1100);
  expect(collected.byError(EXPORTED)).toEqual({ "": 1100 });
  expectBalance(collected, handler.stats());
  await shutdown();
  const again = new FemtoFileHandler({ path: join(makeFolder(), "again.log") });
  basicConfig({ handlers: [again], meterProvider });
  getLogger().info("after a shutdown");
  await shutdown();
  expect((await collect()).sum(CREATED) - before).toBe(1101);
});

/** Configures the loggers of the process, and finds out what they were given before. */
async function createdBefore(
  meterProvider: MeterProvider,
  collect: () => Promise<Collected>,
): Promise<number> {
  basicConfig({ path: join(makeFolder(), "app.log"), meterProvider });
  onTestFinished(() => shutdown());
  return (await collect()).sum(CREATED);
}

test("FemtoLoggerProvider reports its loggers and handlers, and after shutdown() once more", async () => {
  const { meterProvider, collect } = meter();
  const handler = fileHandler({});
  const provider = new FemtoLoggerProvider({ processors: [handler], meterProvider });
  provider.getLogger("metrics").emit({ body: "one" });
  await provider.shutdown();
  const collected = await collect();
  expect(collected.sum(CREATED)).toBe(1);
  expect(collected.byError(EXPORTED)).toEqual({ "": 1 });
  expectBalance(collected, handler.stats());
});

test("FemtoLoggerProvider reports its handlers beside processors of others", async () => {
  const { meterProvider, collect } = meter();
  const handler = fileHandler({});
  const provider = new FemtoLoggerProvider({ processors: [processor(), handler], meterProvider });
  onTestFinished(() => provider.shutdown());
  provider.getLogger("metrics").info("one");
  await provider.forceFlush();
  const collected = await collect();
  expect([collected.sum(CREATED), collected.sum(EXPORTED)]).toEqual([1, 1]);
});

test("metrics of the stock provider and of a handler in it have one meter provider", async () => {
  const { meterProvider, collect } = meter();
  const handler = fileHandler({ meterProvider });
  const provider = new LoggerProvider({ processors: [handler], meterProvider });
  provider.getLogger("stock").emit({ body: "one" });
  await provider.shutdown();
  const collected = await collect();
  expect([collected.sum(CREATED), collected.sum(EXPORTED)]).toEqual([1, 1]);
});

describe("what is no meter provider is refused", () => {
  const wrong = { getMeters: () => undefined } as unknown as MeterProvider;

  test("by createLogging() and FemtoLoggerProvider", () => {
    for (const make of [createLogging, (options: LoggingOptions) => new FemtoLoggerProvider(options)])
      expect(() => make({ meterProvider: wrong })).toThrow(
        /^Cannot create a logg.*: "meterProvider" is .*, must be a meter provider: an object with getMeter\(\)/,
      );
  });

  test("by handlers and basicConfig()", () => {
    for (const make of [
      () => fileHandler({ meterProvider: wrong }),
      () => basicConfig({ meterProvider: wrong }),
    ])
      expect(configErrorOf(make)).toMatch(
        /"meterProvider" is .*must be a meter provider: an object with getMeter/,
      );
  });
});
