import { context, trace, TraceFlags } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import log4js from "log4js";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";

import {
  configure,
  type Log4jsAppenderOptions,
  type Log4jsEvent,
} from "../../../src/bridges/log4js/index.ts";
import { ConfigError, type FemtoLogRecord } from "../../../src/index.ts";
import { collect, collectTrouble, revoked, type Collected } from "../../logger/collect.ts";
import { essenceOf } from "../captured.ts";

afterEach(async () => {
  await new Promise<void>((resolve) => log4js.shutdown(() => resolve()));
});

function start(
  options: Log4jsAppenderOptions = {},
  categories: Partial<log4js.Configuration["categories"][string]> = {},
): Collected {
  const collected = collect();
  const module = {
    configure: (given: object) =>
      configure({ ...given, type: undefined, logging: collected.logging, ...options }),
  };
  log4js.configure({
    levels: { NOTICE: { value: 25_000, colour: "green" } },
    appenders: { femto: { type: module } },
    categories: { default: { appenders: ["femto"], level: "all", ...categories } },
  });
  return collected;
}

describe("the appender of log4js", () => {
  test("each level has its severity and its word; MARK is no error; a custom level lies between its neighbours", async () => {
    const { take } = start();
    const log = log4js.getLogger("shop.checkout");
    for (const level of ["trace", "debug", "info", "warn", "error", "fatal", "mark"] as const)
      log[level]("x");
    log.log("NOTICE", "x");
    expect((await take()).map(({ severityText, severityNumber }) => [severityText, severityNumber])).toEqual([
      ["TRACE", 1],
      ["DEBUG", 5],
      ["INFO", 9],
      ["WARN", 13],
      ["ERROR", 17],
      ["FATAL", 21],
      ["MARK", 9],
      ["NOTICE", 11],
    ]);
  });

  test("category, context, text, errors and time are those of log4js", async () => {
    const { takeOne } = start();
    const log = log4js.getLogger("shop.checkout");
    log.addContext("tenant", "north");
    const before = Date.now();
    log.error("Order %d", 7, { paid: false }, new TypeError("no stock", { cause: new Error("disk") }));
    const record = await takeOne();
    expect(essenceOf(record)).toMatchObject({
      logger: "shop.checkout",
      word: "ERROR",
      attributes: {
        tenant: "north",
        "exception.type": "TypeError",
        "exception.causes": [{ message: "disk" }],
      },
    });
    expect(record.body).toMatch(/^Order 7 \{ paid: false \} TypeError: no stock/);
    const millis = record.hrTime[0] * 1000 + record.hrTime[1] / 1e6;
    expect(millis).toBeGreaterThanOrEqual(before);
    expect(millis).toBeLessThanOrEqual(Date.now());
    expect(Number.isInteger(millis)).toBe(true);
  });

  test("the place of the call is code.*, where log4js was told to find it", async () => {
    const { takeOne } = start({}, { enableCallStack: true });
    log4js.getLogger("shop").info("here");
    expect((await takeOne()).attributes).toMatchObject({
      "code.file.path": expect.stringContaining("appender.test.ts"),
      "code.line.number": expect.any(Number),
    });
  });

  test("records have the span of the caller", async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    onTestFinished(() => context.disable());
    const { takeOne } = start();
    const span = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      traceFlags: TraceFlags.SAMPLED,
    };
    const active = trace.setSpanContext(context.active(), span);
    context.with(active, () => log4js.getLogger("shop").info("inside"));
    expect((await takeOne()).spanContext).toMatchObject(span);
  });

  test("shutdown() calls back when all is delivered, and the handlers go on", async () => {
    let deliveredCount = 0;
    const { logging, handler, take } = start();
    log4js.getLogger("shop").info("x");
    await new Promise<void>((resolve) =>
      log4js.shutdown(() => {
        deliveredCount = handler.stats().delivered;
        resolve();
      }),
    );
    expect(deliveredCount).toBe(1);
    logging.getLogger("shop").info("after");
    expect((await take()).map(({ body }: FemtoLogRecord) => body)).toEqual(["x", "after"]);
  });

  test("what cannot be read is told of, and harms nobody", async () => {
    const trouble = collectTrouble();
    const { logging, take } = collect();
    const append = configure({ logging });
    append(revoked() as Log4jsEvent);
    expect(await take()).toEqual([]);
    expect(trouble[0]?.message).toContain("Cannot make a record of what log4js has given");
  });

  test("an option that is wrong is a ConfigError that log4js hands on", () => {
    expect(() => configure({ type: "femtologging/log4js", colour: "red" } as never)).toThrow(ConfigError);
  });
});
