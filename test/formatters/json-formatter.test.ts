import { expect, test } from "vitest";

import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import { format, makeRecord, makeShape, RECORD_MILLIS, SPAN, type RecordInput } from "./make-record.ts";

const formatter = new FemtoJsonFormatter();
const HEAD = '{"time":"2026-11-22T17:28:06.123000Z","level":"INFO","severity":9,"logger":"shop"';

function lineOf(input: RecordInput): string {
  return format(formatter, makeRecord(input));
}

test("format() writes time, level, severity, logger, message, then attributes in order", () => {
  const line = lineOf({
    template: "Order {id} took {ms} ms",
    attributes: { id: 7, ms: 2.5, paid: true, note: null },
  });
  expect(line).toBe(`${HEAD},"msg":"Order 7 took 2.5 ms","id":7,"ms":2.5,"paid":true,"note":null}`);
});

test("format() writes event, span, extras and the dropped count, each only where the record has it", () => {
  const line = lineOf({
    template: "paid",
    eventName: "order.paid",
    span: SPAN,
    attributes: { a: 1 },
    extras: { "tenant\n": "x", b: [1, "two", null] },
    droppedCount: 3,
  });
  expect(line).toBe(
    `${HEAD},"msg":"paid","event":"order.paid","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736",` +
      `"span_id":"00f067aa0ba902b7","trace_flags":"01","a":1,"tenant\\n":"x","b":[1,"two",null],"dropped_attributes":3}`,
  );
});

test("format() puts the event behind a message with holes and behind a body that is a value", () => {
  expect(lineOf({ template: "{a}", eventName: "e", attributes: { a: 1 } })).toBe(
    `${HEAD},"msg":"1","event":"e","a":1}`,
  );
  expect(lineOf({ body: "value", arguments: [{ x: 1 }], eventName: "e" })).toBe(
    `${HEAD},"msg":{"x":1},"event":"e"}`,
  );
  expect(lineOf({ body: "none", eventName: "e" })).toBe(`${HEAD},"event":"e"}`);
});

test("format() leaves out attributes that are absent, and a body that is", () => {
  expect(
    lineOf({ template: "x", attributes: { a: undefined, b: 1, c: undefined }, extras: { d: undefined } }),
  ).toBe(`${HEAD},"msg":"x","b":1}`);
  expect(lineOf({ body: "value", arguments: [undefined], attributes: { a: 1 } })).toBe(`${HEAD},"a":1}`);
});

test("format() leaves out what is absent inside of maps, and keeps its place in arrays", () => {
  const absent = { toJSON: () => undefined };
  expect(
    lineOf({ template: "x", attributes: { map: { a: absent, b: 1, c: absent }, list: [absent, 2] } }),
  ).toBe(`${HEAD},"msg":"x","map":{"b":1},"list":[null,2]}`);
});

test("format() writes NaN and the infinities as text, integers of 64 bits and -0 as numbers, bytes as base64", () => {
  const attributes = {
    nan: NaN,
    up: Infinity,
    down: -Infinity,
    max: 2n ** 63n - 1n,
    zero: -0,
    bytes: Buffer.from("hi!?"),
  };
  expect(lineOf({ template: "x", attributes })).toBe(
    `${HEAD},"msg":"x","nan":"NaN","up":"Infinity","down":"-Infinity","max":9223372036854775807,"zero":-0,"bytes":"aGkhPw=="}`,
  );
});

test("format() writes a body that is no text as its JSON value", () => {
  expect(lineOf({ body: "value", arguments: [[1, { a: "b" }]] })).toBe(`${HEAD},"msg":[1,{"a":"b"}]}`);
  expect(lineOf({ body: "value", arguments: ['say "hi"'] })).toBe(`${HEAD},"msg":"say \\"hi\\""}`);
});

test("format() renames attributes with the name of a fixed key, so that no key is there twice", () => {
  const names = {
    time: 1,
    msg: 2,
    "attributes.msg": 3,
    trace_id: 4,
    "attributes.attributes.msg": 5,
    timer: 6,
  };
  const expected =
    '"attributes.time":1,"attributes.msg":2,"attributes.attributes.msg":3,"attributes.trace_id":4,' +
    '"attributes.attributes.attributes.msg":5,"timer":6}';
  expect(lineOf({ template: "x", attributes: names })).toBe(`${HEAD},"msg":"x",${expected}`);
  expect(lineOf({ template: "x", extras: names })).toBe(`${HEAD},"msg":"x",${expected}`);
});

test("format() takes the timestamp of the record before the time of the call", () => {
  const line = lineOf({ template: "x", timestamp: [1_700_000_000, 987_654_321] });
  expect(JSON.parse(line)).toMatchObject({ time: "2023-11-14T22:13:20.987654Z" });
});

test("format() writes times that no date can hold as the nearest one that it can", () => {
  const timeOf = (seconds: number, nanos: number): unknown =>
    (JSON.parse(lineOf({ template: "x", timestamp: [seconds, nanos] })) as { time: unknown }).time;
  expect(timeOf(1e300, 4_000_000_000)).toBe("+275760-09-13T00:00:00.999999Z");
  expect(timeOf(-Infinity, 0)).toBe("-271821-04-20T00:00:00.000000Z");
  expect(timeOf(NaN, 5000)).toBe("1970-01-01T00:00:00.000005Z");
});

test("format() writes epoch times as integers", () => {
  const millis = new FemtoJsonFormatter({ time: "epoch-millis" });
  const nanos = new FemtoJsonFormatter({ time: "epoch-nanos" });
  const input: RecordInput = { template: "x", timestamp: [1_700_000_000, 987_654_321] };
  expect(format(millis, makeRecord(input))).toContain('{"time":1700000000987,"level"');
  expect(format(nanos, makeRecord(input))).toContain('{"time":1700000000987654321,"level"');
  expect(format(nanos, makeRecord({ template: "x", timestamp: [-2, 999_999_999] }))).toContain(
    '{"time":-1000000001,',
  );
  expect(format(nanos, makeRecord({ template: "x", timestamp: [-1, 1] }))).toContain('{"time":-999999999,');
  expect(format(nanos, makeRecord({ template: "x", timestamp: [0, 7] }))).toContain('{"time":7,');
});

test("format() uses the names that were given, and reserves those instead of the usual ones", () => {
  const named = new FemtoJsonFormatter({
    names: { time: "@timestamp", severity: false, msg: "message", logger: 'log"ger' },
  });
  const record = makeRecord({ template: "x", attributes: { message: 1, msg: 2, severity: 3 } });
  expect(format(named, record)).toBe(
    '{"@timestamp":"2026-11-22T17:28:06.123000Z","level":"INFO","log\\"ger":"shop","message":"x",' +
      '"attributes.message":1,"msg":2,"severity":3}',
  );
});

test("format() names the severity number where the severity has no text", () => {
  expect(JSON.parse(lineOf({ template: "x", severityText: "", severityNumber: 18 }))).toMatchObject({
    level: "ERROR2",
    severity: 18,
  });
  expect(JSON.parse(lineOf({ template: "x", severityText: "info\u0000", severityNumber: 9 }))).toMatchObject({
    level: "info\u0000",
  });
});

test("format() escapes what a template, a key, a logger and an event bring along", () => {
  const odd = 'q"b\\n\n\u0007\u2028é\u{1f600}';
  const line = lineOf({ template: odd, logger: odd, eventName: odd, attributes: { [odd]: odd } });
  expect(JSON.parse(line)).toMatchObject({ msg: odd, logger: odd, event: odd, [odd]: odd });
});

test("format() writes strings longer than its pieces whole", () => {
  const long = `${"x".repeat(8190)}"\n${"é".repeat(9000)}\\${"\u0001".repeat(9000)}end`;
  expect(JSON.parse(lineOf({ template: "x", attributes: { long } }))).toMatchObject({ long });
});

test("format() computes a shape again when another formatter has used it", () => {
  const other = new FemtoJsonFormatter({ names: { msg: "message" } });
  const shape = makeShape({ template: "x" });
  const record = makeRecord({ template: "x" }, shape);
  expect(format(formatter, record)).toContain('"msg":"x"');
  expect(format(other, record)).toContain('"message":"x"');
  expect(format(formatter, record)).toContain('"msg":"x"');
});

test("format() writes the second of each record, whatever order they come in", () => {
  const times = [0, 1000, 0, 2000].map((later) =>
    format(formatter, makeRecord({ template: "x", millis: RECORD_MILLIS + later })),
  );
  expect(times.map((line) => line.slice(26, 28))).toEqual(["06", "07", "06", "08"]);
});

test("constructor refuses a time that it does not know, and names that are empty or alike; it names all faults", () => {
  const make = (options: object) => () => new FemtoJsonFormatter(options);
  expect(make({ time: "unix" })).toThrow(
    'Cannot make a JSON formatter: "time" is "unix", must be one of "iso", "iso-millis", "epoch-millis", "epoch-nanos", "epoch-seconds"',
  );
  expect(make({ names: { msg: "level" } })).toThrow(
    '"names.msg" is "level", must differ from "names.level", which is the same',
  );
  expect(make({ names: { msg: "", level: false } })).toThrow(
    expect.objectContaining({
      code: "ERR_FEMTO_CONFIG",
      problems: [
        expect.objectContaining({ path: "names.level", value: false }),
        expect.objectContaining({ path: "names.msg", value: "" }),
      ],
    }) as Error,
  );
  expect(make({ names: { message: "m" } })).toThrow(
    "the keys are time, level, severity, logger, msg, event, ",
  );
  expect(make({ names: "msg" })).toThrow('"names" is "msg", must be an object of names for fixed keys');
});
