/** `event()` and `exception()`. */
import { expect, test } from "vitest";

import { collect, revoked } from "./collect.ts";

test("event() makes a record with a name, attributes and no body, at INFO", async () => {
  const { log, takeOne } = collect();
  log.event("order.paid", { orderId: 7 });
  const record = await takeOne();
  expect(record).toMatchObject({
    eventName: "order.paid",
    severityNumber: 9,
    severityText: "INFO",
    attributes: { orderId: 7 },
  });
  expect(record).not.toHaveProperty("body");
});

test("event() takes a level and a body of any structure", async () => {
  const { log, takeOne } = collect();
  log.event("order.paid", { a: 1 }, { level: "WARN", body: { items: [1, null], text: "{a} %s" } });
  expect(await takeOne()).toMatchObject({
    eventName: "order.paid",
    severityNumber: 13,
    body: { items: [1, null], text: "{a} %s" },
  });
});

test("event() makes no record below the level", async () => {
  const { log, logging, take } = collect();
  logging.root.setLevel("WARN");
  log.event("a");
  log.event("b", {}, { level: "ERROR" });
  expect((await take()).map(({ eventName }) => eventName)).toEqual(["b"]);
});

test("event() takes what is no event without a throw", async () => {
  const { log, take } = collect();
  log.event("a", null, null);
  log.event("b", revoked(), { level: "loud" });
  log.event(Symbol("c"));
  log.event(undefined);
  const records = await take();
  expect(
    records.map(({ eventName, attributes, severityNumber }) => [eventName, attributes, severityNumber]),
  ).toEqual([
    ["a", {}, 9],
    ["b", {}, 9],
    ["Symbol(c)", {}, 9],
    ["", {}, 9],
  ]);
});

test("exception() tells an error that was caught, at ERROR, with text and attributes", async () => {
  const { log, takeOne } = collect();
  const error = new RangeError("too much", { cause: new Error("why") });
  log.exception(error, "payment {id} of %s", "ada", { id: 7 });
  const record = await takeOne();
  expect(record).toMatchObject({
    body: "payment 7 of ada",
    severityNumber: 17,
    attributes: { id: 7, "exception.type": "RangeError", "exception.message": "too much" },
  });
  expect(record.attributes["exception.stacktrace"]).toContain("[cause]: Error: why");
});

test("exception() says the message of the error where no text is given", async () => {
  const { log, takeOne } = collect();
  log.exception(new Error("no {holes} %s"), { id: 7 });
  expect(await takeOne()).toMatchObject({ body: "no {holes} %s", attributes: { id: 7 } });
});

const thrown: readonly (readonly [what: string, value: unknown, type: string, message: string])[] = [
  ["a text", "oops {a}", "string", "oops {a}"],
  ["a number", 42, "number", "42"],
  ["undefined", undefined, "undefined", "undefined"],
  ["null", null, "null", "null"],
  ["a symbol", Symbol("s"), "symbol", "Symbol(s)"],
  ["a bigint", 5n, "bigint", "5"],
  ["a function", function fail() {}, "function", "[Function: fail]"],
  ["an object with a message", { message: "not found", status: 404 }, "Object", "not found"],
  ["an object without", { status: 404 }, "Object", ""],
  ["an array", [1, 2], "Array", ""],
  ["a revoked proxy", revoked(), "Object", ""],
];

test.each(thrown)("exception() tells %s that was thrown", async (_what, value, type, message) => {
  const { log, take } = collect();
  log.exception(value);
  log.exception(value, "failed {id}", { id: 1 });
  const records = await take();
  expect(records.map(({ body }) => body)).toEqual([message === "" ? type : message, "failed 1"]);
  for (const { attributes } of records) {
    expect(attributes).toMatchObject({ "exception.type": type, "exception.message": message });
  }
});

test("exception() keeps the properties of what was thrown, and a second error", async () => {
  const { log, takeOne } = collect();
  log.exception(Object.assign(new Error("first"), { code: "E_FIRST" }), "x", new Error("second"));
  expect((await takeOne()).attributes).toMatchObject({
    "exception.message": "first",
    "exception.properties": { code: "E_FIRST" },
    error: { type: "Error", message: "second" },
  });
});

test("exception() without any argument makes a record", async () => {
  const { log, takeOne } = collect();
  log.exception();
  expect((await takeOne()).attributes).toMatchObject({ "exception.type": "undefined" });
});
