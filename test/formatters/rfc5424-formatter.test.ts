import { describe, expect, test } from "vitest";
import { Rfc5424Formatter, type Rfc5424Options } from "../../src/formatters/rfc5424-formatter.ts";
import { parseMessage, type SyslogMessage } from "../support/syslog-messages.ts";
import { format, makeRecord, makeShape, type RecordInput, SPAN } from "./make-record.ts";

const ID = "femtologging@32473";

function write(input: RecordInput, options: Partial<Rfc5424Options> = {}): string {
  const formatter = new Rfc5424Formatter({
    facility: 16,
    hostname: "web-1",
    appName: "shop",
    structuredDataId: ID,
    bom: false,
    maxMessageBytes: 8192,
    ...options,
  });
  return format(formatter, makeRecord(input));
}

function read(input: RecordInput, options: Partial<Rfc5424Options> = {}): SyslogMessage {
  return parseMessage(write(input, options));
}

function params(input: RecordInput, options: Partial<Rfc5424Options> = {}): unknown {
  return Object.fromEntries(read(input, options).data[ID] ?? []);
}

describe("Rfc5424Formatter: header", () => {
  test("a whole message", () => {
    const input = {
      template: "Order {id} is paid",
      attributes: { id: 7 },
      logger: "shop.checkout",
      eventName: "order.paid",
      timestamp: [1_795_368_486, 123_456_789] as const,
    };
    expect(write(input)).toBe(
      `<134>1 2026-11-22T17:28:06.123456Z web-1 shop ${process.pid} order.paid [${ID} logger="shop.checkout" id="7"] Order 7 is paid`,
    );
  });

  test.each([
    [0, 0, 5],
    [1, 5, 7],
    [16, 9, 6],
    [23, 21, 2],
  ])("facility %i, severity number %i: severity %i", (facility, severityNumber, severity) => {
    expect(read({ severityNumber }, { facility })).toMatchObject({ facility, severity });
  });

  test("fields hold printable ASCII of the length that the RFC allows; nothing is a dash", () => {
    const hostname = `höst 1\n${"h".repeat(300)}`;
    const { host, app, msgid } = read({ eventName: "" }, { hostname, appName: "a\u0000 b".padEnd(60, "x") });
    expect(host).toBe(`h_st_1_${"h".repeat(248)}`);
    expect(app).toBe("a__b".padEnd(48, "x"));
    expect(msgid).toBe("-");
    expect(read({}, { hostname: undefined }).host).toBe("-");
  });

  test("the name of the service is the name of the program, unless it is unknown", () => {
    const named = (service: unknown): string => {
      const shape = makeShape({});
      const attributes = { "service.name": service };
      const scope = { ...shape.scope, resource: { ...shape.scope.resource, attributes } };
      const options = {
        facility: 1,
        hostname: "h",
        appName: undefined,
        structuredDataId: ID,
        bom: false,
      } as const;
      const formatter = new Rfc5424Formatter({ ...options, maxMessageBytes: 8192 });
      return parseMessage(format(formatter, makeRecord({}, { ...shape, scope }))).app;
    };
    expect([named("shop"), named("unknown_service:node"), named(undefined)]).toEqual([
      "shop",
      "node",
      "node",
    ]);
  });

  test("the name of an event that MSGID cannot hold is a parameter too", () => {
    const eventName = `an event ${"e".repeat(40)}`;
    const { msgid, data } = read({ eventName });
    expect(msgid).toBe(`an_event_${"e".repeat(23)}`);
    expect(data[ID]).toContainEqual(["event", eventName]);
  });
});

describe("Rfc5424Formatter: structured data", () => {
  test("attributes of every kind, in their order, those of the message too", () => {
    const attributes = {
      t: "a b",
      i: -1,
      f: 0.5,
      n: null,
      b: true,
      absent: undefined,
      list: [1, "x"],
      map: { k: 1 },
    };
    expect(read({ template: "i is {i}", attributes, extras: { bound: "y" } }).data[ID]).toEqual([
      ["logger", "shop"],
      ["t", "a b"],
      ["i", "-1"],
      ["f", "0.5"],
      ["n", "null"],
      ["b", "true"],
      ["list", '[1,"x"]'],
      ["map", '{"k":1}'],
      ["bound", "y"],
    ]);
  });

  test("the span, and how many attributes were dropped", () => {
    expect(params({ span: SPAN, droppedCount: 3 })).toEqual({
      logger: "shop",
      trace_id: SPAN.traceId,
      span_id: SPAN.spanId,
      trace_flags: "01",
      dropped_attributes: "3",
    });
  });

  test("values are escaped as the RFC wants, controls before that", () => {
    expect(write({ attributes: { a: 'q"b\\s]', c: "l\n\u001b[0m\u2028é" } })).toContain(
      String.raw` a="q\"b\\s\]" c="l\\n\\u001b[0m\\u2028é"]`,
    );
  });

  test("names are made fit; those of ours give way", () => {
    const attributes = { 'a b=c]d"é': 1, ["n".repeat(40)]: 2, logger: 3, trace_id: 4 };
    expect(params({ attributes })).toEqual({
      logger: "shop",
      a_b_c_d__: "1",
      ["n".repeat(32)]: "2",
      "attributes.logger": "3",
      "attributes.trace_id": "4",
    });
  });

  test("what has no room is left out and counted; what is smaller still goes in", () => {
    const attributes = { small: "s", large: "x".repeat(1000), other: "o", larger: "y".repeat(2000) };
    const text = write({ template: "hello", attributes, span: SPAN }, { maxMessageBytes: 480 });
    expect(Buffer.byteLength(text)).toBeLessThan(480);
    expect(Object.fromEntries(parseMessage(text).data[ID] ?? [])).toMatchObject({
      small: "s",
      other: "o",
      omitted: "2",
      trace_id: SPAN.traceId,
    });
  });

  test("the longest header and the shortest message still make whole structured data", () => {
    const options = { hostname: "h".repeat(255), appName: "a".repeat(48), maxMessageBytes: 480 };
    const input = { eventName: "e".repeat(32), logger: "l".repeat(300), span: SPAN, attributes: { a: 1 } };
    const text = write(input, { ...options, structuredDataId: ID });
    expect(Buffer.byteLength(text)).toBeLessThan(480);
    expect(parseMessage(text).data[ID]?.at(-1)?.[0]).toBe("omitted");
  });

  test("without it, attributes follow the message", () => {
    const input = {
      template: "Order {id}",
      attributes: { id: 7, note: "two words" },
      span: SPAN,
      eventName: "e",
    };
    const { data, msg } = read(input, { structuredDataId: false });
    expect(data).toEqual({});
    expect(msg).toBe(
      `Order 7 event=e logger=shop note="two words" trace_id=${SPAN.traceId} span_id=${SPAN.spanId}`,
    );
  });
});

describe("Rfc5424Formatter: message", () => {
  test("line breaks and controls of values and templates forge nothing", () => {
    const input = { template: "a\nb {x}", attributes: { x: "1\r\n<0>1 - - - - - - forged\u0000\u009b" } };
    expect(read(input).msg).toBe(String.raw`a\nb 1\r\n<0>1 - - - - - - forged\u0000\u009b`);
    expect(read(input, { structuredDataId: false }).msg).not.toMatch(/[\p{Cc}\u2028]/u);
  });

  test("a stack is one line: a parameter, or behind the message", () => {
    const attributes = { "exception.type": "Error", "exception.stacktrace": "Error: x\n    at f (a.js:1)" };
    const stack = String.raw`Error: x\n    at f (a.js:1)`;
    expect(params({ attributes })).toMatchObject({
      "exception.stacktrace": stack,
      "exception.type": "Error",
    });
    expect(read({ template: "bad", attributes }, { structuredDataId: false }).msg).toBe(
      `bad logger=shop exception.type=Error exception.stacktrace="${stack}"`,
    );
  });

  test("a body that is no text, none at all, and a byte order mark", () => {
    const body = makeRecord({ body: "value", arguments: [{ a: 1 }] });
    const options = {
      facility: 1,
      hostname: "h",
      appName: "a",
      structuredDataId: ID,
      maxMessageBytes: 8192,
    } as const;
    expect(parseMessage(format(new Rfc5424Formatter({ ...options, bom: false }), body)).msg).toBe('{"a":1}');
    expect(read({ body: "none" }).msg).toBe("");
    expect(read({ template: "é" }, { bom: true }).msg).toBe("\ufeffé");
  });
});
