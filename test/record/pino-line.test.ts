import { describe, expect, test } from "vitest";

import {
  levelOfPinoLine,
  PinoLineReader,
  type PinoLine,
  type PinoLineFormat,
  type PinoSpan,
} from "../../src/record/pino-line.ts";

const FORMAT: PinoLineFormat = {
  head: '{"level":30',
  base: ',"pid":7,"hostname":"box"',
  time: "millis",
  messageKey: "msg",
  errorKey: "err",
};
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";

function read(text: string, format: PinoLineFormat = FORMAT, span?: PinoSpan): PinoLine {
  return new PinoLineReader(format).read(text, span);
}

/** A line as pino begins it, with more members. */
function line(members: string): string {
  return `{"level":30,"time":1500,"pid":7,"hostname":"box"${members}}\n`;
}

test("read() takes the time, leaves out what the resource tells, and makes the message the body", () => {
  expect(read(line(',"a":1,"msg":"paid"'), FORMAT)).toEqual({
    isParsed: true,
    body: "paid",
    attributes: { a: 1 },
    timestamp: [1, 500_000_000],
    span: undefined,
  });
});

test("read() knows level and time by their place: those of the application are attributes", () => {
  const { attributes, timestamp } = read(line(',"level":99,"time":1,"pid":8,"hostname":"x"'), FORMAT);
  expect(attributes).toEqual({ level: 99, time: 1, pid: 8, hostname: "x" });
  expect(timestamp).toEqual([1, 500_000_000]);
});

test("read() takes the last of equal keys", () => {
  const { attributes, body } = read(line(',"a":1,"msg":"inner","a":2,"msg":"outer"'), FORMAT);
  expect({ attributes, body }).toEqual({ attributes: { a: 2 }, body: "outer" });
});

test("read() keeps what a formatter of the level has made beside the level", () => {
  const format = { ...FORMAT, head: '{"severity":"INFO","level":"info"' };
  const text = '{"severity":"INFO","level":"info","time":1500,"a":1}\n';
  expect(read(text, format)).toMatchObject({ attributes: { severity: "INFO", a: 1 } });
});

test.for<[members: string, time: PinoLineFormat["time"], timestamp: readonly number[] | undefined]>([
  ['"time":1733000000', "seconds", [1_733_000_000, 0]],
  ['"time":5', "millis", [0, 5_000_000]],
  ['"time":"2024-11-30T20:53:20.123Z"', "iso", [1_733_000_000, 123_000_000]],
  ['"time":"2024-11-30T20:53:20.123456789Z"', "iso", [1_733_000_000, 123_456_789]],
  ['"@timestamp":"2024-11-30T21:53:20+01:00"', "other", [1_733_000_000, 0]],
  ['"ts":1733000000', "other", [1_733_000_000, 0]],
  ['"ts":1733000000123', "other", [1_733_000_000, 123_000_000]],
  ['"ts":1733000000123456', "other", [1_733_000_000, 123_456_000]],
])("read() reads the time of %s as %s", ([member, time, timestamp]) => {
  const parsed = read(`{"level":30,${member},"a":1}\n`, { ...FORMAT, time });
  expect(parsed.attributes).toEqual({ a: 1 });
  expect(parsed.timestamp?.[0]).toBe(timestamp?.[0]);
  // A double holds microseconds of today only nearly.
  expect(Math.abs((parsed.timestamp?.[1] ?? 0) - (timestamp?.[1] ?? 0))).toBeLessThan(1_000);
});

test("read() keeps a time that it cannot read as an attribute", () => {
  const parsed = read('{"level":30,"time":"half past two","a":1}\n', { ...FORMAT, time: "other" });
  expect(parsed.attributes).toEqual({ time: "half past two", a: 1 });
  expect(parsed.timestamp).toBeUndefined();
});

test("read() takes no member for the time that has another name than pino's", () => {
  expect(read('{"level":30,"orderId":7,"a":1}\n')).toMatchObject({
    attributes: { orderId: 7, a: 1 },
    timestamp: undefined,
  });
});

test("read() takes no member for the time where the logger writes none", () => {
  const parsed = read('{"level":30,"time":5}\n', { ...FORMAT, time: "none" });
  expect(parsed).toMatchObject({ attributes: { time: 5 }, timestamp: undefined });
});

test("read() goes by the names of the first members where the head is not known", () => {
  const format: PinoLineFormat = { ...FORMAT, head: "", time: "other" };
  const parsed = read('{"level":"warn","time":1733000000000,"level":1,"time":2}', format);
  expect(parsed).toMatchObject({ attributes: { level: 1, time: 2 }, timestamp: [1_733_000_000, 0] });
});

test.for(["", "\n", "plain text\r\n", "[1]\n", "null\n", "7\n", '{"level":30,"time":1} x\n', '{"level":30,'])(
  "read() makes a body of %j, which is no object of JSON",
  (text) => {
    expect(read(text, FORMAT)).toEqual({
      isParsed: false,
      body: text.replace(/\r?\n$/, ""),
      attributes: {},
      timestamp: undefined,
      span: undefined,
    });
  },
);

test("read() reads a line with nothing but a level", () => {
  expect(read('{"level":30}\n', FORMAT)).toMatchObject({ isParsed: true, attributes: {} });
});

describe("errors", () => {
  const ERROR = '{"type":"TypeError","message":"m: why","stack":"s","code":"E1"}';
  const EXCEPTION = {
    "exception.type": "TypeError",
    "exception.message": "m: why",
    "exception.stacktrace": "s",
    "exception.properties": { code: "E1" },
  };

  test("read() makes exception attributes of the error", () => {
    expect(read(line(`,"err":${ERROR}`), FORMAT).attributes).toEqual(EXCEPTION);
  });

  test("read() keeps causes and members of an error", () => {
    const cause = '{"type":"Error","message":"c","stack":"t"}';
    const members = `,"err":{"type":"E","message":"m","stack":"s","cause":${cause},"aggregateErrors":[${cause}]}`;
    const summary = { type: "Error", message: "c", stacktrace: "t" };
    expect(read(line(members), FORMAT).attributes).toEqual({
      "exception.type": "E",
      "exception.message": "m",
      "exception.stacktrace": "s",
      "exception.causes": [summary],
      "exception.errors": [summary],
    });
  });

  test("read() finds the error below the nested key", () => {
    const parsed = read(line(`,"data":{"a":1,"err":${ERROR}}`), { ...FORMAT, nestedKey: "data" });
    expect(parsed.attributes).toEqual({ data: { a: 1 }, ...EXCEPTION });
  });

  test.for(['"text"', "7", "null", '{"message":"m"}', '{"type":"T","message":"m","stack":7}', "[]"])(
    "read() keeps %s under the key of errors",
    (value) => {
      const { attributes } = read(line(`,"err":${value}`), FORMAT);
      expect(attributes).toEqual({ err: JSON.parse(value) as unknown });
    },
  );

  test("read() lets attributes of the application win over those of the error", () => {
    const { attributes } = read(line(`,"exception.type":"Mine","err":${ERROR}`), FORMAT);
    expect(attributes).toEqual({ ...EXCEPTION, "exception.type": "Mine" });
  });
});

describe("spans", () => {
  const IDS = `,"trace_id":"${TRACE_ID}","span_id":"${SPAN_ID}","trace_flags":"01"`;

  test("read() takes ids that a mixin has put into the line where there is no span", () => {
    expect(read(line(IDS), FORMAT)).toMatchObject({
      attributes: {},
      span: { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 },
    });
  });

  test("read() leaves the ids out that the record has already", () => {
    const span = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 };
    expect(read(line(IDS), FORMAT, span)).toMatchObject({ attributes: {}, span });
  });

  test("read() keeps ids of another span as attributes", () => {
    const span = { traceId: TRACE_ID, spanId: "00000000000000aa", traceFlags: 1 };
    expect(read(line(IDS), FORMAT, span)).toMatchObject({
      attributes: { trace_id: TRACE_ID, span_id: SPAN_ID, trace_flags: "01" },
      span,
    });
  });

  test.for(['"x"', "7", `"${"0".repeat(32)}"`])("read() keeps %s, which is no trace id", (id) => {
    const parsed = read(line(`,"trace_id":${id},"span_id":"${SPAN_ID}"`), FORMAT);
    expect(parsed.span).toBeUndefined();
    expect(parsed.attributes).toHaveProperty("trace_id");
  });
});

test.for<[text: string, level: unknown]>([
  ['{"level":30,"time":1}', 30],
  ['{"level":"warn"}', "warn"],
  ['{"severity":"x","level":30}', undefined],
  ["no JSON", undefined],
])("levelOfPinoLine() finds in %s the level %s", ([text, level]) => {
  expect(levelOfPinoLine(text)).toBe(level);
});
