import { afterEach, expect, test } from "vitest";

import { FemtoTextFormatter } from "../../src/formatters/text-formatter.ts";
import { format, makeRecord, RECORD_MILLIS, SPAN, type RecordInput } from "./make-record.ts";

const formatter = new FemtoTextFormatter({ utc: true });
const HEAD = "2026-11-22 17:28:06.123Z INFO shop:";
const TIME_ZONE = process.env["TZ"];

afterEach(() => {
  if (TIME_ZONE === undefined) delete process.env["TZ"];
  else process.env["TZ"] = TIME_ZONE;
});

function lineOf(input: RecordInput): string {
  return format(formatter, makeRecord(input));
}

test("format() writes time, level, logger and message, then what the message does not show", () => {
  const attributes = { id: 7, customer: "Jane Doe", country: "DE", paid: true };
  expect(lineOf({ template: "Order {id} paid", attributes })).toBe(
    `${HEAD} Order 7 paid customer="Jane Doe" country=DE paid=true`,
  );
});

test("format() writes the local time of the process", () => {
  const local = new FemtoTextFormatter();
  process.env["TZ"] = "Asia/Kolkata";
  expect(format(local, makeRecord({ template: "x" }))).toBe("2026-11-22 22:58:06.123 INFO shop: x");
  process.env["TZ"] = "America/New_York";
  const winter = makeRecord({ template: "x", millis: Date.UTC(2026, 0, 5, 4, 3, 2, 1) });
  expect(format(local, winter)).toBe("2026-01-04 23:03:02.001 INFO shop: x");
});

test("format() quotes texts that are no single word, and escapes quotes and backslashes in them", () => {
  const attributes = {
    a: "",
    b: "x=y",
    c: 'say "hi"',
    d: "C:\\temp",
    e: "größe",
    f: "two words",
    'odd "key"': 1,
    "": 2,
  };
  expect(lineOf({ template: "x", attributes })).toBe(
    String.raw`${HEAD} x a="" b="x=y" c="say \"hi\"" d="C:\\temp" e=größe f="two words" "odd \"key\""=1 ""=2`,
  );
  expect(lineOf({ template: "x", extras: attributes })).toBe(lineOf({ template: "x", attributes }));
});

test("format() writes arrays and maps as JSON, bytes as quoted base64, numbers that are none as words", () => {
  const attributes = {
    list: [1, "two words"],
    map: { a: { b: null } },
    bytes: Buffer.from("hi!?"),
    nan: NaN,
    none: null,
  };
  expect(lineOf({ template: "x", attributes })).toBe(
    `${HEAD} x list=[1,"two words"] map={"a":{"b":null}} bytes="aGkhPw==" nan=NaN none=null`,
  );
});

test("format() leaves out absent attributes and those that holes show, in extras too", () => {
  expect(
    lineOf({
      template: "{a} {b}",
      attributes: { a: 1, gone: undefined },
      extras: { b: 2, c: 3, d: undefined },
    }),
  ).toBe(`${HEAD} 1 2 c=3`);
  expect(lineOf({ template: "{user.name}", attributes: { user: { name: "x", id: 1 } } })).toBe(
    `${HEAD} x user={"name":"x","id":1}`,
  );
});

test("format() writes event, dropped count and span ids where the record has them", () => {
  const input: RecordInput = {
    template: "paid",
    eventName: "order paid",
    attributes: { a: 1 },
    span: SPAN,
    droppedCount: 2,
  };
  expect(lineOf(input)).toBe(
    `${HEAD} paid event="order paid" a=1 dropped_attributes=2 trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7`,
  );
  expect(format(new FemtoTextFormatter({ utc: true, spanIds: false }), makeRecord(input))).toBe(
    `${HEAD} paid event="order paid" a=1 dropped_attributes=2`,
  );
  expect(lineOf({ template: "{a}", eventName: "e", attributes: { a: 1 } })).toBe(`${HEAD} 1 event=e`);
});

test("format() shows the event's name where there is no body, and bodies that are no text as JSON", () => {
  expect(lineOf({ body: "none", eventName: "order.paid", attributes: { a: 1 } })).toBe(
    `${HEAD} order.paid a=1`,
  );
  expect(lineOf({ body: "none", attributes: { a: 1 } })).toBe(`${HEAD} a=1`);
  expect(lineOf({ body: "value", arguments: [{ x: [1] }], attributes: { a: 1 } })).toBe(
    `${HEAD} {"x":[1]} a=1`,
  );
  expect(lineOf({ body: "value", arguments: ["some text"], attributes: { a: 1 } })).toBe(
    `${HEAD} some text a=1`,
  );
});

test("format() writes the stack on lines of its own, and once only what it says", () => {
  const attributes = {
    id: 7,
    "exception.type": "TypeError",
    "exception.message": "boom",
    "exception.stacktrace": "TypeError: boom\n    at f (a.js:1)\r\n\tat g",
    "exception.causes": [{ type: "Error", message: "inner" }],
    "exception.properties": { code: 5 },
  };
  const expected = `${HEAD} failed id=7 exception.properties={"code":5}\nTypeError: boom\n    at f (a.js:1)\n\tat g`;
  expect(lineOf({ template: "failed", attributes })).toBe(expected);
  expect(lineOf({ template: "failed", extras: attributes })).toBe(expected);
});

test("format() shows type and message of an exception whose stack does not say them", () => {
  const attributes = {
    "exception.type": "PaymentError",
    "exception.message": "boom",
    "exception.stacktrace": "Error: boom",
  };
  expect(lineOf({ template: "failed", attributes })).toBe(
    `${HEAD} failed exception.type=PaymentError\nError: boom`,
  );
  expect(
    lineOf({ template: "failed", attributes: { "exception.message": "boom", "exception.causes": [1] } }),
  ).toBe(`${HEAD} failed exception.message=boom exception.causes=[1]`);
  expect(lineOf({ template: "failed", attributes: { "exception.stacktrace": 5 } })).toBe(
    `${HEAD} failed exception.stacktrace=5`,
  );
});

test("format() shows what is in the place of a type, message or stack when it is none", () => {
  const attributes = { "exception.message": 0, "exception.stacktrace": "Error" };
  expect(lineOf({ template: "x", attributes })).toBe(`${HEAD} x exception.message=0\nError`);
  expect(lineOf({ template: "x", attributes: { "exception.causes": [1], "exception.stacktrace": "" } })).toBe(
    `${HEAD} x exception.causes=[1] exception.stacktrace=""`,
  );
});

test("format() escapes control characters inside the lines of a stack", () => {
  const attributes = { "exception.stacktrace": "Error: \u001b[2J\u009b\r over\n    at f" };
  expect(lineOf({ template: "x", attributes })).toBe(
    String.raw`${HEAD} x` + "\n" + String.raw`Error: \u001b[2J\u009b\r over` + "\n    at f",
  );
});

test("format() lets no template, logger, level, event or key begin a line", () => {
  const odd = "a\n2026-01-01 INFO root: forged\u001b[0m";
  const line = lineOf({
    template: odd,
    logger: odd,
    severityText: odd,
    eventName: odd,
    attributes: { [odd]: odd },
    extras: { [`${odd}2`]: odd },
  });
  expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(line).toContain(String.raw`"a\n2026-01-01 INFO root: forged\u001b[0m2"=`);
});

test("format() names the severity number where the severity has no text, and needs no logger's name", () => {
  expect(lineOf({ template: "x", severityText: "", severityNumber: 21, logger: "" })).toBe(
    "2026-11-22 17:28:06.123Z CRITICAL: x",
  );
});

test("format() writes the time of each record", () => {
  const lines = [0, 1877, 877].map((later) =>
    format(formatter, makeRecord({ template: "x", millis: RECORD_MILLIS + later })),
  );
  expect(lines.map((line) => line.slice(17, 23))).toEqual(["06.123", "08.000", "07.000"]);
});
