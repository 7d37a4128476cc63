/** `emit()`: each field of the OpenTelemetry API's record, right and wrong. */
import { context, ROOT_CONTEXT, trace, type Context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { timeInputToHrTime } from "@opentelemetry/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { collectTrouble, revoked } from "../logger/collect.ts";
import { provide } from "./provide.ts";

const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const otherSpan = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags: 0 };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => {
  context.disable();
});

function inSpan<T>(ids: typeof span, work: () => T): T {
  return context.with(trace.setSpanContext(context.active(), ids), work);
}

function nanosOf([seconds, nanos]: readonly [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

/** Whether a time lies within 5 seconds of now. */
function isNow([seconds, nanos]: readonly [number, number]): boolean {
  return Math.abs(Date.now() - (seconds * 1000 + nanos / 1e6)) < 5000;
}

test("emit() keeps every field", async () => {
  const { log, takeOne } = provide();
  log.emit({
    eventName: "order.paid",
    timestamp: [1_700_000_000, 123_456_789],
    observedTimestamp: [1_700_000_001, 0],
    severityNumber: 13,
    severityText: "warning!",
    body: { items: [1, "two", null, true, 2n, new Uint8Array([1])] },
    attributes: { a: 1, "b.c": [1, 2], nested: { d: "e" } },
  });
  expect(await takeOne()).toMatchObject({
    eventName: "order.paid",
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 0],
    severityNumber: 13,
    severityText: "warning!",
    body: { items: [1, "two", null, true, 2n, new Uint8Array([1])] },
    attributes: { a: 1, "b.c": [1, 2], nested: { d: "e" } },
    droppedAttributesCount: 0,
    instrumentationScope: { name: "shop" },
    loggerName: "shop",
  });
});

test("emit() of nothing makes a record of now, without anything else", async () => {
  const { log, takeOne } = provide();
  log.emit({});
  const record = await takeOne();
  expect(isNow(record.hrTime)).toBe(true);
  expect(record.hrTimeObserved).toEqual(record.hrTime);
  expect(record.attributes).toEqual({});
  for (const absent of ["body", "severityNumber", "severityText", "eventName", "spanContext", "template"]) {
    expect(record).not.toHaveProperty(absent);
  }
});

const bodies: readonly unknown[] = [
  "text {a} %s",
  "",
  0,
  -0,
  1.5,
  NaN,
  -Infinity,
  2n ** 62n,
  true,
  false,
  null,
  [],
  [1, [2, { a: [] }]],
  {},
  { a: { b: null } },
  new Uint8Array([0, 255]),
];

test.each(bodies.map((body) => ({ body })))("emit() keeps the body $body as it is", async ({ body }) => {
  const { log, takeOne } = provide();
  log.emit({ body, attributes: { a: 1 } });
  const record = await takeOne();
  expect(record.body).toEqual(body);
  expect(record.attributes).toEqual({ a: 1 });
});

const times: readonly (readonly [what: string, timestamp: unknown, expected: readonly [number, number]])[] = [
  ["seconds and nanoseconds", [1_700_000_000, 999_999_999], [1_700_000_000, 999_999_999]],
  ["seconds and nanoseconds of 1970", [0, 0], [0, 0]],
  ["a Date", new Date(1_700_000_000_123), [1_700_000_000, 123_000_000]],
  ["milliseconds", 1_700_000_000_123, [1_700_000_000, 123_000_000]],
  ["milliseconds with a fraction", 1_700_000_000_123.5, [1_700_000_000, 123_500_000]],
];

test.each(times)("emit() takes %s as timestamp", async (_what, timestamp, expected) => {
  const { log, takeOne } = provide();
  log.emit({ timestamp, observedTimestamp: timestamp });
  const record = await takeOne();
  expect(record.hrTime).toEqual(expected);
  // The observed time is milliseconds as a float: exact to a quarter of a microsecond.
  expect(nanosOf(record.hrTimeObserved) - nanosOf(expected)).toBeLessThan(300n);
  expect(nanosOf(expected) - nanosOf(record.hrTimeObserved)).toBeLessThan(300n);
});

test("emit() takes a time of performance.now() as timestamp, to the nanosecond", async () => {
  const { log, takeOne } = provide();
  const now = performance.now();
  log.emit({ timestamp: now });
  // As the SDK adds them: each part as integers.
  expect((await takeOne()).hrTime).toEqual(timeInputToHrTime(now));
});

const noTimes: readonly unknown[] = [
  NaN,
  Infinity,
  -Infinity,
  1.7e18,
  5n,
  "2023-11-14",
  {},
  [],
  [1],
  ["1", 2],
  [1.5, 0],
  [1, -1],
  [1, 1e9],
  [-1, 0],
  [1e300, 0],
  new Date(NaN),
  new Date(-1),
  null,
  true,
  revoked(),
];

test("emit() takes the time of the call in place of what is no time since 1970", async () => {
  const { log, take } = provide();
  for (const timestamp of noTimes) log.emit({ timestamp, observedTimestamp: timestamp });
  const records = await take();
  expect(records).toHaveLength(noTimes.length);
  for (const { hrTime, hrTimeObserved } of records)
    expect([isNow(hrTime), isNow(hrTimeObserved)]).toEqual([true, true]);
});

test("emit() takes an observed time that is given alone as the time too", async () => {
  const { log, takeOne } = provide();
  log.emit({ observedTimestamp: [1_700_000_000, 0] });
  expect(await takeOne()).toMatchObject({ hrTime: [1_700_000_000, 0], hrTimeObserved: [1_700_000_000, 0] });
});

test("emit() keeps a text of severity without number, and a number without text", async () => {
  const { log, take } = provide();
  log.emit({ severityText: "notice" });
  log.emit({ severityNumber: 10 });
  const [text, number] = await take();
  expect([text!.severityText, text!.severityNumber]).toEqual(["notice", undefined]);
  expect([number!.severityText, number!.severityNumber]).toEqual([undefined, 10]);
});

test("emit() takes what is no severity number for unspecified", async () => {
  const { log, take } = provide({ level: "ERROR" });
  for (const severityNumber of ["17", 0, 25, -1, 9.5, NaN, null, {}]) log.emit({ severityNumber });
  const records = await take();
  expect(records).toHaveLength(8);
  for (const record of records) expect(record).not.toHaveProperty("severityNumber");
});

test("emit() turns names that are no text into text", async () => {
  const { log, takeOne } = provide();
  log.emit({ severityText: 5, eventName: Symbol("s") });
  expect(await takeOne()).toMatchObject({ severityText: "5", eventName: "Symbol(s)" });
});

test("emit() keeps names of severity and event apart, whatever they contain", async () => {
  const { log, take } = provide();
  const names = [
    ["a b", "c"],
    ["a", "b c"],
    ["a", undefined],
    ["a", "\u0000"],
    ["", "a"],
  ] as const;
  for (const [severityText, eventName] of names) log.emit({ severityText, eventName });
  const records = await take();
  expect(records.map(({ severityText, eventName }) => [severityText ?? "", eventName])).toEqual(names);
});

test("emit() below the level makes no record; one without severity passes", async () => {
  const { log, take } = provide({ level: "WARN" });
  log.emit({ severityNumber: 12, body: "no" });
  log.emit({ severityNumber: 13, body: "yes" });
  log.emit({ body: "unspecified" });
  expect((await take()).map(({ body }) => body)).toEqual(["yes", "unspecified"]);
});

test("emit() takes the active span, and that of the context that is given before it", async () => {
  const { log, take } = provide();
  inSpan(span, () => {
    log.emit({ body: "active" });
    log.info("active");
    log.event("active");
    log.emit({ body: "undefined", context: undefined });
    log.emit({ body: "explicit", context: trace.setSpanContext(ROOT_CONTEXT, otherSpan) });
    log.emit({ body: "none", context: ROOT_CONTEXT });
  });
  log.emit({ body: "outside" });
  log.emit({ body: "explicit", context: trace.setSpanContext(ROOT_CONTEXT, otherSpan) });
  const spans = (await take()).map(({ spanContext }) => spanContext);
  expect(spans).toEqual([span, span, span, span, otherSpan, undefined, undefined, otherSpan]);
});

test("emit() takes no ids of a span that is not valid", async () => {
  const { log, take } = provide();
  const invalid = [
    { ...span, traceId: "00000000000000000000000000000000" },
    { ...span, spanId: "0000000000000000" },
    { ...span, traceId: "short" },
  ];
  for (const ids of invalid) {
    inSpan(ids, () => log.emit({}));
    log.emit({ context: trace.setSpanContext(ROOT_CONTEXT, ids) });
  }
  const records = await take();
  expect(records).toHaveLength(6);
  for (const record of records) expect(record).not.toHaveProperty("spanContext");
});

test("emit() tells an exception by attributes; those that are given win", async () => {
  const { log, takeOne } = provide();
  const exception = Object.assign(new RangeError("too much"), { code: "E_MUCH" });
  log.emit({ body: "x", exception, attributes: { "exception.message": "mine", a: 1 } });
  const { attributes } = await takeOne();
  expect(attributes).toMatchObject({
    "exception.type": "RangeError",
    "exception.message": "mine",
    "exception.properties": { code: "E_MUCH" },
    a: 1,
  });
  expect(attributes["exception.stacktrace"]).toContain("RangeError: too much");
});

test("emit() takes anything as exception, and null and undefined for none", async () => {
  const { log, take } = provide();
  for (const exception of ["oops", 42, { message: "m" }, revoked(), null, undefined]) log.emit({ exception });
  expect((await take()).map(({ attributes }) => attributes["exception.type"])).toEqual([
    "string",
    "number",
    "Object",
    "Object",
    undefined,
    undefined,
  ]);
});

test("emit() takes anything in place of a record, without a throw", async () => {
  const trouble = collectTrouble();
  const { log, take } = provide();
  const throwing = new Proxy(
    {},
    {
      get: () => {
        throw new Error("broken");
      },
    },
  );
  const wrong = [null, undefined, 7, "text", [], () => 1, revoked(), throwing];
  for (const record of wrong) log.emit(record);
  const wrongFields = [
    { attributes: null },
    { attributes: "ab" },
    { attributes: revoked() },
    { context: {} as Context },
    { context: null },
    { context: 7 },
    {
      get body() {
        throw new Error("broken");
      },
    },
  ];
  for (const record of wrongFields) log.emit(record);
  const records = await take();
  expect(records).toHaveLength(wrong.length + wrongFields.length);
  for (const { attributes } of records) expect(attributes).toEqual({});
  expect(trouble).toEqual([]);
});

test("emit() of a record with an exception survives attributes that throw", async () => {
  const { log, takeOne } = provide();
  const attributes = {
    get broken() {
      throw new Error("no");
    },
    a: 1,
  };
  log.emit({ exception: new Error("e"), attributes });
  expect((await takeOne()).attributes).toMatchObject({
    "exception.message": "e",
    broken: "[Throws: no]",
    a: 1,
  });
});
