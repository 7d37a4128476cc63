import { describe, expect, test } from "vitest";
import { FieldFormatter } from "../../src/formatters/field-formatter.ts";
import { format, makeRecord, RECORD_MILLIS, SPAN, type RecordInput } from "./make-record.ts";

function json(fields: readonly string[], input: RecordInput = {}): unknown {
  return JSON.parse(format(new FieldFormatter({ fields, notation: "json" }), makeRecord(input)));
}

function form(fields: readonly string[], input: RecordInput = {}): string {
  return format(new FieldFormatter({ fields, notation: "form" }), makeRecord(input));
}

const ORDER: RecordInput = {
  template: "Order {id} is {state}",
  logger: "shop.checkout",
  severityNumber: 13,
  severityText: "WARN",
  attributes: { id: 7, state: "paid", user: { name: "Jane", roles: ["a", "b"] }, absent: undefined },
};

describe("FieldFormatter: fields of Python", () => {
  test("names, levels and texts", () => {
    expect(json(["name", "levelno", "levelname", "msg", "message", "template"], ORDER)).toEqual({
      name: "shop.checkout",
      levelno: 30,
      levelname: "WARNING",
      msg: "Order 7 is paid",
      message: "Order 7 is paid",
      template: "Order {id} is {state}",
    });
  });

  test("times", () => {
    const record = { timestamp: [1_795_368_486, 123_456_789] as const };
    expect(json(["created", "msecs", "time"], record)).toEqual({
      created: 1_795_368_486.123456,
      msecs: 123,
      time: "2026-11-22T17:28:06.123456Z",
    });
    const { asctime } = json(["asctime"], { millis: RECORD_MILLIS }) as { readonly asctime: string };
    expect(asctime).toMatch(/^2026-11-2\d \d\d:\d\d:06,123$/);
    expect(json(["created"], { timestamp: [-2, 500_000_000] })).toEqual({ created: -1.5 });
  });

  test("process and thread", () => {
    expect(json(["process", "thread"])).toEqual({ process: process.pid, thread: 0 });
  });

  test("what the record has as attributes of the semantic conventions", () => {
    const attributes = {
      "code.file.path": "a.ts",
      "code.line.number": 3,
      "code.function.name": "f",
      "exception.stacktrace": "Error: x\n  at f",
    };
    expect(json(["pathname", "lineno", "funcName", "exc_text"], { attributes })).toEqual({
      pathname: "a.ts",
      lineno: 3,
      funcName: "f",
      exc_text: "Error: x\n  at f",
    });
  });
});

describe("FieldFormatter: our fields and attributes", () => {
  test("level, severity, event, span and dropped attributes", () => {
    const fields = [
      "logger",
      "level",
      "severity",
      "event",
      "trace_id",
      "span_id",
      "trace_flags",
      "dropped_attributes",
    ];
    expect(
      json(fields, { severityText: "warn", eventName: "order.paid", span: SPAN, droppedCount: 2 }),
    ).toEqual({
      logger: "shop",
      level: "warn",
      severity: 9,
      event: "order.paid",
      trace_id: SPAN.traceId,
      span_id: SPAN.spanId,
      trace_flags: "01",
      dropped_attributes: 2,
    });
  });

  test("what a record does not have is left out", () => {
    expect(json(["event", "trace_id", "dropped_attributes", "nobody", "template"], { body: "none" })).toEqual(
      {},
    );
    expect(json(["msg"], { body: "none" })).toEqual({});
    expect(form(["event", "nobody"])).toBe("");
  });

  test("an attribute by its name, also inside of a map, also with the name of a field", () => {
    expect(json(["id", "user.name"], ORDER)).toEqual({ id: 7, "user.name": "Jane" });
    const attributes = { level: 3 };
    expect(json(["level", "attributes.level"], { attributes })).toEqual({
      level: "INFO",
      "attributes.level": 3,
    });
  });

  test("`attributes` is all that is not in the list itself; names of fields in the list give way", () => {
    const input = { attributes: { id: 7, msg: "mine", other: 1 }, extras: { level: 2, bound: true } };
    expect(json(["msg", "id", "attributes"], { ...input, template: "text" })).toEqual({
      msg: "text",
      id: 7,
      "attributes.msg": "mine",
      other: 1,
      level: 2,
      bound: true,
    });
  });

  test("a body that is no text", () => {
    const record = makeRecord({ body: "value", arguments: [{ a: [1, 2] }] });
    const formatter = new FieldFormatter({ fields: ["msg"], notation: "json" });
    expect(format(formatter, record)).toBe('{"msg":{"a":[1,2]}}');
  });

  test("values keep their kind in JSON; what JSON cannot say is text", () => {
    const attributes = {
      t: 'a\n"',
      n: null,
      f: 0.5,
      nan: Number.NaN,
      big: 2n ** 60n,
      bytes: Uint8Array.of(1, 2),
    };
    const text = format(
      new FieldFormatter({ fields: ["attributes"], notation: "json" }),
      makeRecord({ attributes }),
    );
    expect(text).toBe(
      String.raw`{"t":"a\n\"","n":null,"f":0.5,"nan":"NaN","big":1152921504606846976,"bytes":"AQI="}`,
    );
  });
});

describe("FieldFormatter: forms", () => {
  test("names and values are escaped, spaces are pluses, arrays and maps are JSON", () => {
    expect(form(["name", "msg", "id", "user"], ORDER)).toBe(
      "name=shop.checkout&msg=Order+7+is+paid&id=7&user=%7B%22name%22%3A%22Jane%22%2C%22roles%22%3A%5B%22a%22%2C%22b%22%5D%7D",
    );
    expect(form(["attributes"], { attributes: { "a&b": "c=d\r\nX: y", é: "💥+%" } })).toBe(
      "a%26b=c%3Dd%0D%0AX%3A+y&%C3%A9=%F0%9F%92%A5%2B%25",
    );
  });
});
