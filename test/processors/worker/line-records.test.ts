import { expect, test } from "vitest";

import type { PinoLineFormat } from "../../../src/record/pino-line.ts";
import { parseTemplate } from "../../../src/record/template.ts";
import { RecordEncoder } from "../../../processors/shape/encoder.ts";
import { FLAG_EXTRAS } from "../../../processors/shape/frame.ts";
import { RecordCursor } from "../../../processors/shape/record-cursor.ts";
import type { Shape } from "../../../processors/shape/shape.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../../processors/shape/value-writer.ts";
import { RecordDecoder } from "../../../processors/worker/decoded-record.ts";
import { LineRecords } from "../../../processors/worker/line-records.ts";

const OBSERVED_MILLIS = 1_733_000_000_500.25;

function shapeOf(format: Partial<PinoLineFormat>): Shape {
  const whole = {
    head: '{"level":30',
    base: "",
    time: "millis",
    messageKey: "msg",
    errorKey: "err",
    ...format,
  };
  return {
    scope: {
      name: "pino",
      version: undefined,
      schemaUrl: undefined,
      attributes: {},
      resource: { attributes: {}, schemaUrl: undefined, pending: false },
    },
    severityNumber: 9,
    severityText: "info",
    body: "line",
    template: JSON.stringify(whole),
    parsed: parseTemplate(""),
    argumentCount: 1,
    keys: [],
    eventName: undefined,
    fragments: undefined,
  };
}

/** A line as a queue holds it, with attributes of its context. */
function cursorOn(line: string, shape: Shape, scoped: Readonly<Record<string, string>> = {}): RecordCursor {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  encoder.text(line);
  encoder.uint32(Object.keys(scoped).length);
  for (const [key, value] of Object.entries(scoped)) {
    encoder.text(key);
    encoder.text(value);
  }
  encoder.finish(1 | FLAG_EXTRAS, OBSERVED_MILLIS);
  const cursor = new RecordCursor(encoder.bytes);
  cursor.load(0);
  cursor.shape = shape;
  cursor.threadId = 3;
  return cursor;
}

interface Opened {
  readonly decoder: RecordDecoder;
  readonly records: LineRecords;
  readonly troubles: readonly string[];
}

function open(): Opened {
  const troubles: string[] = [];
  const decoder = new RecordDecoder();
  return { decoder, records: new LineRecords(decoder, (trouble) => troubles.push(trouble)), troubles };
}

test("read() makes a record of a line, observed when it was logged", () => {
  const { decoder, records } = open();
  const original = cursorOn('{"level":30,"time":1733000000123,"a":1,"msg":"paid"}\n', shapeOf({}));
  expect(decoder.decode(records.read(original))).toMatchObject({
    hrTime: [1_733_000_000, 123_000_000],
    hrTimeObserved: [1_733_000_000, 500_250_000],
    severityNumber: 9,
    severityText: "info",
    body: "paid",
    attributes: { a: 1 },
    loggerName: "pino",
    threadId: 3,
  });
});

test("read() lets attributes of the context give way to those of the line", () => {
  const { decoder, records } = open();
  const original = cursorOn('{"level":30,"a":"line"}\n', shapeOf({ time: "none" }), {
    a: "scope",
    b: "scope",
  });
  expect(decoder.decode(records.read(original)).attributes).toEqual({ a: "line", b: "scope" });
});

test("read() keeps the limits of the system that the line was logged to", () => {
  const { decoder, records } = open();
  const shape = shapeOf({ attributeCountMax: 2, valueLengthMax: 3 });
  const original = cursorOn('{"level":30,"a":"abcdef","b":["uvwxyz"],"c":1,"msg":"a long text"}\n', shape);
  expect(decoder.decode(records.read(original))).toMatchObject({
    body: "a long text",
    attributes: { a: "abc", b: ["uvw"] },
    droppedAttributesCount: 1,
  });
});

test("read() does not count the message among the attributes that are too many", () => {
  const { decoder, records } = open();
  const original = cursorOn('{"level":30,"a":1,"b":2,"msg":"text"}\n', shapeOf({ attributeCountMax: 2 }));
  expect(decoder.decode(records.read(original))).toMatchObject({
    attributes: { a: 1, b: 2 },
    droppedAttributesCount: 0,
  });
});

test("read() gives records of one shape of lines one shape with body, and one without", () => {
  const { records } = open();
  const shape = shapeOf({});
  const [first, second, third] = ['"msg":"a"', '"msg":7', '"a":1'].map(
    (member) => records.read(cursorOn(`{"level":30,${member}}\n`, shape)).shape,
  );
  expect(second).toBe(first);
  expect([first?.body, third?.body]).toEqual(["value", "none"]);
});

test("read() says once that lines are no JSON", () => {
  const { decoder, records, troubles } = open();
  const shape = shapeOf({});
  const bodies = ["one\n", "two"].map((line) => decoder.decode(records.read(cursorOn(line, shape))).body);
  expect(bodies).toEqual(["one", "two"]);
  expect(troubles).toHaveLength(1);
});
