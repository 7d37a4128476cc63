import { hostname } from "node:os";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { pino } from "pino";

import { pinoDestination } from "../../../src/bridges/pino/index.ts";
import {
  createLogging,
  FemtoCallbackFilter,
  FemtoLevelFilter,
  withContext,
  withFingersCrossed,
} from "../../../src/index.ts";
import { collect } from "../../logger/collect.ts";
import { bridge, essence } from "./bridged.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const SPAN = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 };

/** Runs `work` in a span. */
function inSpan(work: () => void): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => context.disable());
  context.with(trace.setSpanContext(context.active(), SPAN), work);
}

describe("levels", () => {
  test.for([
    ["trace", 1],
    ["debug", 5],
    ["info", 9],
    ["warn", 13],
    ["error", 17],
    ["fatal", 21],
  ] as const)("a record of pino's %s has severity %i and the word of pino", async ([level, severity]) => {
    const { pinoLog, takeOne } = bridge();
    pinoLog[level]("text");
    expect(essence(await takeOne())).toEqual({
      body: "text",
      attributes: {},
      severityNumber: severity,
      severityText: level,
    });
  });

  test.for([
    [5, 1],
    [15, 3],
    [35, 11],
    [39, 12],
    [45, 15],
    [65, 23],
    [500, 24],
  ] as const)("a level of the application of %i has severity %i", async ([number, severity]) => {
    const { pinoLog, takeOne } = bridge({ customLevels: { audit: number }, level: "audit" });
    (pinoLog as unknown as Record<string, (text: string) => void>)["audit"]?.("text");
    expect(essence(await takeOne())).toMatchObject({ severityNumber: severity, severityText: "audit" });
  });

  test("a level with a word of ours has its severity, whatever its number", async () => {
    const { pinoLog, takeOne } = bridge({
      customLevels: { error: 10, info: 30 },
      useOnlyCustomLevels: true,
      levelComparison: "DESC",
      level: "info",
    });
    pinoLog.error("text");
    expect(essence(await takeOne())).toMatchObject({ severityNumber: 17, severityText: "error" });
  });

  test("a child's levels are known by their words", async () => {
    const { pinoLog, takeOne } = bridge();
    const child = pinoLog.child({}, { customLevels: { notice: 35 } });
    (child.notice as (text: string) => void)("text");
    expect(essence(await takeOne())).toMatchObject({ severityNumber: 11, severityText: "notice" });
  });

  test("formatters.level changes what is an attribute, not the severity", async () => {
    const { pinoLog, takeOne } = bridge({
      formatters: { level: (label, number) => ({ severity: label.toUpperCase(), level: `L${number}` }) },
    });
    pinoLog.warn({ a: 1 }, "text");
    expect(essence(await takeOne())).toEqual({
      body: "text",
      attributes: { severity: "WARN", a: 1 },
      severityNumber: 13,
      severityText: "warn",
    });
  });

  test("fields called level and time are attributes, and change neither", async () => {
    const { pinoLog, takeOne } = bridge();
    const before = Date.now();
    pinoLog.info({ level: 99, time: 1 }, "text");
    const record = await takeOne();
    expect(essence(record)).toEqual({
      body: "text",
      attributes: { level: 99, time: 1 },
      severityNumber: 9,
      severityText: "info",
    });
    expect(record.hrTime[0]).toBeGreaterThanOrEqual(Math.floor(before / 1000));
  });

  test("what our logger's level or no handler's lets through is not copied", async () => {
    const { pinoLog, logging, take, handler } = bridge();
    logging.getLogger("pino").setLevel("WARN");
    pinoLog.info("below the logger's level");
    logging.getLogger("pino").setLevel("NOTSET");
    handler.setLevel("ERROR");
    pinoLog.info("below the handler's level");
    expect(await take()).toEqual([]);
    expect(handler.stats()).toMatchObject({ emitted: 0 });
  });
});

describe("what pino makes of a call", () => {
  test("messages with holes, and no argument lost", async () => {
    const { pinoLog, takeOne } = bridge();
    pinoLog.info({ id: 7 }, "paid %d by %s in %j", 12, "ada", { city: "Ulm" });
    expect(essence(await takeOne())).toMatchObject({
      body: 'paid 12 by ada in {"city":"Ulm"}',
      attributes: { id: 7 },
    });
  });

  test("no message is no body", async () => {
    const { pinoLog, takeOne } = bridge();
    pinoLog.info({ a: 1 });
    const record = await takeOne();
    expect(record.attributes).toEqual({ a: 1 });
    expect(record).not.toHaveProperty("body");
  });

  test("messageKey, errorKey and nestedKey", async () => {
    const { pinoLog, takeOne } = bridge({ messageKey: "message", errorKey: "error", nestedKey: "data" });
    pinoLog.error({ error: new TypeError("no"), msg: "a field" }, "text");
    const { body, attributes } = await takeOne();
    expect(body).toBe("text");
    expect(Object.entries(attributes["data"] as object)).toEqual([["msg", "a field"]]);
    expect(attributes).toMatchObject({
      "exception.type": "TypeError",
      "exception.message": "no",
    });
  });

  test("an error with causes, members and properties", async () => {
    const { pinoLog, takeOne } = bridge();
    const cause = new Error("why");
    const error = new AggregateError([new RangeError("one")], "all", { cause });
    pinoLog.error(Object.assign(error, { code: "E7" }));
    const { body, attributes } = await takeOne();
    expect(body).toBe("all");
    expect(attributes).toMatchObject({
      "exception.type": "AggregateError",
      "exception.message": "all: why",
      "exception.errors": [{ type: "RangeError", message: "one" }],
      "exception.properties": { code: "E7" },
    });
    expect(attributes["exception.stacktrace"]).toContain("caused by: Error: why");
    expect(attributes).not.toHaveProperty("err");
  });

  test("serializers, redaction, mixin, formatters.log, message prefix, child bindings of one key", async () => {
    const { pinoLog, takeOne } = bridge({
      name: "shop",
      serializers: { user: (user: { readonly id: number }) => user.id },
      redact: ["password", "card.*"],
      mixin: () => ({ build: 3 }),
      formatters: { log: (fields) => ({ ...fields, formatted: true }) },
      msgPrefix: "[shop] ",
    });
    const child = pinoLog.child({ a: 1, b: 1 }).child({ a: 2 });
    child.info({ user: { id: 5, name: "Ada" }, password: "secret", card: { number: "4111" } }, "paid");
    expect(essence(await takeOne())).toMatchObject({
      body: "[shop] paid",
      attributes: {
        name: "shop",
        a: 2,
        b: 1,
        build: 3,
        formatted: true,
        user: 5,
        password: "[Redacted]",
        card: { number: "[Redacted]" },
      },
    });
  });

  test("bigints keep their digits, a circle is pino's mark", async () => {
    const { pinoLog, takeOne } = bridge();
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = circle;
    pinoLog.info({ big: 12345678901234567n, nested: [{ huge: 2n ** 70n }], circle });
    expect((await takeOne()).attributes).toEqual({
      big: 12345678901234567n,
      nested: [{ huge: "1180591620717411303424" }],
      circle: { a: 1, self: "[Circular]" },
    });
  });

  test("a base of the application is kept, the process's own is left to the resource", async () => {
    const { pinoLog, takeOne } = bridge({ base: { pid: 1, hostname: "other" } });
    pinoLog.info("text");
    const { attributes, resource } = await takeOne();
    expect(attributes).toEqual({ pid: 1, hostname: "other" });
    expect(resource.attributes).toMatchObject({ "process.pid": process.pid, "host.name": hostname() });
  });

  test("pid and hostname stay where the resource does not tell them", async () => {
    const collected = collect({ resource: { attributes: { "service.name": "shop" } } });
    pino(pinoDestination({ logging: collected.logging })).info({ a: 1 }, "text");
    expect((await collected.takeOne()).attributes).toEqual({ pid: process.pid, hostname: hostname(), a: 1 });
  });

  test("crlf, and a name", async () => {
    const { pinoLog, takeOne } = bridge({ crlf: true, name: "shop" });
    pinoLog.info("text");
    expect(essence(await takeOne())).toMatchObject({ body: "text", attributes: { name: "shop" } });
  });
});

describe("times", () => {
  test.for(["epochTime", "unixTime", "isoTime", "isoTimeNano"] as const)(
    "the time of pino's %s is the record's",
    async (kind) => {
      const { pinoLog, takeOne, lines } = bridge({ timestamp: pino.stdTimeFunctions[kind] });
      pinoLog.info("text");
      const { hrTime, attributes } = await takeOne();
      const { time } = JSON.parse(lines[0] as string) as { readonly time: number | string };
      expect(attributes).toEqual({});
      const millis = typeof time === "string" ? Date.parse(time) : kind === "unixTime" ? time * 1000 : time;
      expect(Math.floor(hrTime[0] * 1000 + hrTime[1] / 1e6)).toBe(millis);
    },
  );

  test("without a time it is that of the call", async () => {
    const { pinoLog, takeOne } = bridge({ timestamp: false });
    const before = Math.floor(Date.now() / 1000);
    pinoLog.info({ time: 5 }, "text");
    const { hrTime, hrTimeObserved, attributes } = await takeOne();
    expect(hrTime).toEqual(hrTimeObserved);
    expect(hrTime[0]).toBeGreaterThanOrEqual(before);
    expect(attributes).toEqual({ time: 5 });
  });

  test("a time that nobody can read is an attribute", async () => {
    const { pinoLog, takeOne } = bridge({ timestamp: () => ',"when":"noon"' });
    pinoLog.info("text");
    expect((await takeOne()).attributes).toEqual({ when: "noon" });
  });
});

describe("context", () => {
  test("the span is that of the caller", async () => {
    const { pinoLog, takeOne } = bridge();
    inSpan(() => pinoLog.info("text"));
    expect((await takeOne()).spanContext).toEqual(SPAN);
  });

  test("attributes of withContext() are there, those of the call win", async () => {
    const { pinoLog, takeOne } = bridge();
    withContext({ tenant: "a", id: 1 }, () => pinoLog.info({ id: 2 }, "text"));
    expect((await takeOne()).attributes).toEqual({ tenant: "a", id: 2 });
  });

  test("an attribute of withContext() that is called as the message is stays one", async () => {
    const { pinoLog, takeOne } = bridge();
    withContext({ msg: "of the context" }, () => pinoLog.info("text"));
    expect(essence(await takeOne())).toMatchObject({ body: "text", attributes: { msg: "of the context" } });
  });

  test("limits of the system hold", async () => {
    const { handler, take } = collect();
    const logging = createLogging({ handlers: [handler] });
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, index]));
    pino({ base: null }, pinoDestination({ logging })).info(many, "text");
    const [record] = await take();
    expect(Object.keys(record?.attributes ?? {})).toHaveLength(128);
    expect(record?.droppedAttributesCount).toBe(72);
  });
});

describe("what works on the calling thread", () => {
  test("filters of the logger see the record, and may change it", async () => {
    const { pinoLog, logging, takeOne } = bridge();
    const logger = logging.getLogger("pino");
    logger.addFilter(new FemtoLevelFilter({ minimum: "INFO" }));
    logger.addFilter(
      new FemtoCallbackFilter((record) => ({ ...record, attributes: { ...record.attributes, seen: true } })),
    );
    pinoLog.debug("left out");
    pinoLog.info({ a: 1 }, "text");
    expect(essence(await takeOne())).toMatchObject({ body: "text", attributes: { a: 1, seen: true } });
  });

  test("filters of a handler see the record", async () => {
    const { pinoLog, handler, takeOne } = bridge();
    handler.addFilter(new FemtoCallbackFilter(({ attributes }) => attributes["keep"] === true));
    pinoLog.info({ keep: false }, "left out");
    pinoLog.info({ keep: true }, "text");
    expect(essence(await takeOne())).toMatchObject({ body: "text", attributes: { keep: true } });
  });

  test("records are kept back with fingers crossed", async () => {
    const { pinoLog, take } = bridge();
    withFingersCrossed({}, () => pinoLog.info("left out"));
    withFingersCrossed({}, () => {
      pinoLog.info("kept");
      pinoLog.error("let go");
    });
    expect((await take()).map(({ body }) => body)).toEqual(["kept", "let go"]);
  });

  test("what our filters log by pino is not logged again for ever", async () => {
    const { pinoLog, logging, take } = bridge();
    const filter = vi.fn<() => boolean>(() => {
      pinoLog.info("from the filter");
      return true;
    });
    logging.getLogger("pino").addFilter(new FemtoCallbackFilter(filter));
    pinoLog.info("text");
    expect((await take()).map(({ body }) => body)).toEqual(["text"]);
    expect(filter).toHaveBeenCalledTimes(1);
  });
});
