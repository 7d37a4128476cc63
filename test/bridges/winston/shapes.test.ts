/** Every shape of a call to winston, and what becomes of it. */
import { trace, context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import winston from "winston";

import type { FemtoLogRecord } from "../../../src/index.ts";
import { bridge, type AnyWinston } from "./bridged.ts";

const { format } = winston;
const FORMATS = {
  "winston's default format": undefined,
  "timestamp(), errors(), splat(), json()": format.combine(
    format.timestamp(),
    format.errors({ stack: true }),
    format.splat(),
    format.json(),
  ),
};

interface Shape {
  readonly name: string;
  readonly log: (log: AnyWinston) => void;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const SHAPES: readonly Shape[] = [
  { name: "a text", log: (log) => log["info"]!("paid"), body: "paid", attributes: {} },
  {
    name: "a text and an object",
    log: (log) => log["info"]!("paid", { orderId: 7, nested: { a: [1] } }),
    body: "paid",
    attributes: { orderId: 7, nested: { a: [1] } },
  },
  {
    name: "a text with holes, their values, and an object",
    log: (log) => log["info"]!("%s is %d%% done", "job", 50, { id: 7 }),
    body: "job is 50% done",
    attributes: { id: 7 },
  },
  {
    name: "an object in a hole",
    log: (log) => log["info"]!("cart %j", { id: 7 }),
    body: 'cart {"id":7}',
    attributes: {},
  },
  {
    name: "texts and numbers behind a text without holes",
    log: (log) => log["info"]!("one", "two", "three", 4, true, null),
    body: "one two three 4 true null",
    attributes: {},
  },
  {
    name: "two objects behind a text",
    log: (log) => log["info"]!("paid", { a: 1 }, { b: 2 }),
    body: "paid",
    attributes: { a: 1, b: 2 },
  },
  { name: "nothing", log: (log) => log["info"]!(), body: "", attributes: {} },
  { name: "undefined", log: (log) => log["info"]!(undefined), body: undefined, attributes: {} },
  { name: "a number", log: (log) => log["info"]!(42), body: 42, attributes: {} },
  {
    name: "an object without a message",
    log: (log) => log["info"]!({ a: 1 }),
    body: { a: 1 },
    attributes: {},
  },
  {
    name: "an object with a message",
    log: (log) => log["info"]!({ message: "paid", orderId: 7 }),
    body: "paid",
    attributes: { orderId: 7 },
  },
  {
    name: "log() of a whole record",
    log: (log) => log["log"]!({ level: "info", message: "paid", orderId: 7 }),
    body: "paid",
    attributes: { orderId: 7 },
  },
  {
    name: "log() of a level, a text and an object",
    log: (log) => log["log"]!("info", "paid", { orderId: 7 }),
    body: "paid",
    attributes: { orderId: 7 },
  },
  {
    name: "write() of a whole record",
    log: (log) => log["write"]!({ level: "info", message: "paid", orderId: 7 }),
    body: "paid",
    attributes: { orderId: 7 },
  },
];

function expectOrdinary(record: FemtoLogRecord): void {
  expect(record).toMatchObject({ severityNumber: 9, severityText: "info" });
  expect(record.instrumentationScope.name).toBe("winston");
}

describe.for(Object.entries(FORMATS))("with %s", ([, logFormat]) => {
  test.for(SHAPES)("$name", async ({ log, body, attributes }) => {
    const { call, takeOne } = bridge(logFormat === undefined ? {} : { format: logFormat });
    log(call);
    const record = await takeOne();
    expectOrdinary(record);
    expect(record.body).toEqual(body);
    expect({ ...record.attributes }).toEqual(attributes);
  });

  test("defaultMeta and what child() adds are attributes", async () => {
    const { logger, takeOne } = bridge({
      defaultMeta: { service: "shop" },
      ...(logFormat && { format: logFormat }),
    });
    logger.child({ requestId: "r1" }).child({ step: 2 }).info("paid", { orderId: 7 });
    const { body, attributes } = await takeOne();
    expect(body).toBe("paid");
    expect({ ...attributes }).toEqual({ service: "shop", requestId: "r1", step: 2, orderId: 7 });
  });
});

test("profile() and startTimer() are records with durationMs", async () => {
  const { logger, take } = bridge();
  logger.profile("query");
  logger.profile("query");
  logger.startTimer().done({ message: "done" });
  expect((await take()).map(({ body, attributes }) => [body, typeof attributes["durationMs"]])).toEqual([
    ["query", "number"],
    ["done", "number"],
  ]);
});

test("what a format takes out stays out", async () => {
  const redact = format((info) => {
    delete info["password"];
    return info["secret"] === true ? false : info;
  });
  const { logger, takeOne } = bridge({ format: format.combine(format.splat(), redact(), format.json()) });
  logger.info("login %s", "ann", { password: "hunter2" }, { user: 1 });
  logger.info("not for anybody", { secret: true });
  expect(JSON.stringify(await takeOne())).not.toContain("hunter2");
});

test("colorize() colours neither the level nor the body", async () => {
  const { logger, takeOne } = bridge({
    format: format.combine(format.colorize({ all: true }), format.simple()),
  });
  logger.warn("careful");
  expect(await takeOne()).toMatchObject({ severityNumber: 13, severityText: "warn", body: "careful" });
});

test("printf() changes the line of other transports, not the record", async () => {
  const { logger, takeOne } = bridge({
    format: format.combine(format.label({ label: "shop" }), format.printf(String)),
  });
  logger.info("paid", { orderId: 7 });
  const { body, attributes } = await takeOne();
  expect(body).toBe("paid");
  expect({ ...attributes }).toEqual({ label: "shop", orderId: 7 });
});

test("a timestamp that is not that of the call stays an attribute", async () => {
  const { logger, takeOne } = bridge();
  logger.info("imported", { timestamp: "2020-01-01T00:00:00.000Z" });
  expect({ ...(await takeOne()).attributes }).toEqual({ timestamp: "2020-01-01T00:00:00.000Z" });
});

test("otel.event.name is the name of the event", async () => {
  const { logger, takeOne } = bridge();
  logger.info("paid", { "otel.event.name": "order.paid", orderId: 7 });
  const record = await takeOne();
  expect(record.eventName).toBe("order.paid");
  expect({ ...record.attributes }).toEqual({ orderId: 7 });
});

test("a value whose getter throws, and a proxy that refuses, cost neither the call nor the record", async () => {
  const { call, take } = bridge({ format: format((info) => info)() });
  const hostile = {
    message: "hostile",
    get broken(): string {
      throw new Error("no");
    },
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  call["info"]!(hostile);
  call["info"]!("revoked", { proxy });
  const records = await take();
  expect(records.map(({ body }) => body)).toEqual(["hostile", "revoked"]);
  expect(records[0]?.attributes["broken"]).toBe("[Throws: no]");
});

describe("trace context", () => {
  const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });

  afterAll(() => {
    context.disable();
  });

  test("the span of the call is the record's, and what other instrumentations repeat of it is left out", async () => {
    const { logger, takeOne } = bridge();
    context.with(trace.setSpanContext(context.active(), span), () => {
      logger.info("paid", { trace_id: span.traceId, span_id: span.spanId, trace_flags: "01", user: 1 });
    });
    const { spanContext, attributes } = await takeOne();
    expect(spanContext).toMatchObject(span);
    expect({ ...attributes }).toEqual({ user: 1 });
  });

  test("ids of another span stay attributes", async () => {
    const { logger, takeOne } = bridge();
    logger.info("paid", { trace_id: "other" });
    expect({ ...(await takeOne()).attributes }).toEqual({ trace_id: "other" });
  });
});
