import { afterAll, beforeAll, expect, test } from "vitest";

import { FemtoPrettyFormatter } from "../../src/formatters/pretty-formatter.ts";
import { format, makeRecord, SPAN, type RecordInput } from "./make-record.ts";

const plain = new FemtoPrettyFormatter();
const colored = new FemtoPrettyFormatter({ colors: true });
const TIME_ZONE = process.env["TZ"];

beforeAll(() => {
  process.env["TZ"] = "UTC";
});

afterAll(() => {
  if (TIME_ZONE === undefined) delete process.env["TZ"];
  else process.env["TZ"] = TIME_ZONE;
});

function lineOf(input: RecordInput): string {
  return format(plain, makeRecord(input));
}

test("format() writes short time, level, message, then logger and attributes", () => {
  const input: RecordInput = {
    template: "Order {id} paid",
    attributes: { id: 7, customer: "Jane Doe" },
    extras: { tenant: "x" },
  };
  expect(lineOf(input)).toBe('17:28:06.123 INFO  Order 7 paid  shop customer="Jane Doe" tenant=x');
});

test("format() writes arrays and maps as util.inspect does, on one line", () => {
  const cart = {
    id: 1,
    items: [1, "two words", { "odd key": "x", nothing: null }],
    none: {},
    empty: [],
    nan: NaN,
  };
  expect(lineOf({ template: "x", attributes: { cart, list: ["a", []] } })).toBe(
    '17:28:06.123 INFO  x  shop cart={ id: 1, items: [1, "two words", { "odd key": "x", nothing: null }], none: {}, empty: [], nan: NaN } list=["a", []]',
  );
});

test("format() pads levels to five characters, and shortens those that are ours", () => {
  const levelOf = (severityText: string, severityNumber: number): string =>
    lineOf({ template: "x", severityText, severityNumber }).slice(13, 22);
  expect(levelOf("WARN", 13)).toBe("WARN  x  ");
  expect(levelOf("ERROR", 17)).toBe("ERROR x  ");
  expect(levelOf("CRITICAL", 21)).toBe("CRIT  x  ");
  expect(levelOf("", 10)).toBe("INFO2 x  ");
  expect(levelOf("notice", 10)).toBe("notice x ");
  expect(levelOf("valueOf", 10)).toBe("valueOf x");
});

test("format() writes the event, and the beginning of the trace id", () => {
  expect(lineOf({ template: "paid", eventName: "order.paid", span: SPAN, attributes: { a: 1 } })).toBe(
    "17:28:06.123 INFO  paid  shop event=order.paid a=1 trace=4bf92f35",
  );
  expect(lineOf({ body: "none", eventName: "order.paid", logger: "" })).toBe("17:28:06.123 INFO  order.paid");
});

test("format() writes the stack below, indented", () => {
  const attributes = {
    "exception.type": "Error",
    "exception.message": "boom",
    "exception.stacktrace": "Error: boom\n    at f\n",
  };
  expect(lineOf({ template: "failed", attributes })).toBe(
    "17:28:06.123 INFO  failed  shop\n    Error: boom\n        at f",
  );
});

test("format() writes the stacks of attributes that were errors below, after their keys", () => {
  const cause = new TypeError("inner");
  cause.stack = "TypeError: inner\n    at g";
  const error = Object.assign(new Error("outer", { cause }), { code: 5 });
  error.stack = "Error: outer\n    at f";
  const line = lineOf({
    template: "failed",
    attributes: { error },
    extras: { "other error": error, map: { error } },
  });
  const stack = "Error: outer\n        at f\n    [cause]: TypeError: inner\n        at g";
  expect(line.split("\n    error: ")).toEqual([
    expect.stringMatching(
      /^17:28:06\.123 INFO {2}failed {2}shop error=\{ type: "Error", message: "outer", properties: \{ code: 5 \} \} "other error"=\{ type: /,
    ),
    `${stack}\n    "other error": ${stack}`,
  ]);
  expect(line).toContain(
    'map={ error: { type: "Error", message: "outer", stacktrace: "Error: outer\\n    at f',
  );
});

test("format() colours the level and dims time and attributes when asked to", () => {
  const esc = "\u001b";
  const input: RecordInput = {
    template: "boom",
    severityText: "ERROR",
    severityNumber: 17,
    attributes: { a: "x\u001b[0m" },
  };
  expect(format(colored, makeRecord(input))).toBe(
    `${esc}[2m17:28:06.123${esc}[0m ${esc}[31mERROR${esc}[0m boom${esc}[2m  shop a="x\\u001b[0m"${esc}[0m`,
  );
});

test("format() gives each range of severities its colour", () => {
  const colors = [0, 1, 5, 9, 13, 17, 21, 24].map((severityNumber) => {
    const line = format(colored, makeRecord({ template: "x", severityText: "L", severityNumber }));
    return line.slice(21).split("L")[0]?.replaceAll("\u001b", "");
  });
  expect(colors).toEqual(["", "[90m", "[36m", "[32m", "[33m", "[31m", "[1;41m", "[1;41m"]);
});

test("format() writes messages with holes and bodies that are values in their place", () => {
  expect(format(colored, makeRecord({ template: "n={n}", attributes: { n: 1 } }))).toContain(
    "n=1\u001b[2m  shop",
  );
  expect(lineOf({ body: "value", arguments: [{ a: 1 }] })).toBe('17:28:06.123 INFO  {"a":1}  shop');
});
