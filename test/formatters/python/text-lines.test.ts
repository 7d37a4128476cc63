import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

import { FemtoTextFormatter, type TextFormatterOptions } from "../../../src/formatters/text-formatter.ts";
import { format, makeRecord, SPAN, type RecordInput } from "../make-record.ts";

interface GoldenLine {
  readonly style: "%" | "{" | "$";
  readonly format: string;
  readonly datefmt: string | null;
  readonly line: string;
}

/** Made by make-golden.py. */
const { lines } = JSON.parse(await readFile(new URL("golden.json", import.meta.url), "utf8")) as {
  readonly lines: readonly GoldenLine[];
};

/** The record of make-golden.py. */
const RECORD: RecordInput = {
  template: "Order %d took %s ms",
  arguments: [7, 2.5],
  logger: "shop.checkout",
  severityNumber: 13,
  severityText: "WARN",
  millis: 1_795_368_486_123,
  attributes: {
    user: "ann",
    count: 1_234_567,
    ratio: 0.256,
    "code.file.path": "/srv/shop/cart.test.ts",
    "code.line.number": 42,
    "code.function.name": "total",
  },
};

function lineOf(options: TextFormatterOptions, input: RecordInput = RECORD): string {
  return format(new FemtoTextFormatter({ utc: true, ...options }), makeRecord(input));
}

test.each(lines)("style $style: $format is what logging.Formatter makes of it", (golden) => {
  const { style, datefmt, line } = golden;
  const options = { style, format: golden.format, datefmt: datefmt ?? undefined, defaults: { zone: "eu" } };
  // The number of the process is the one thing that cannot be given to ours.
  expect(lineOf(options).replace(`[${String(process.pid).padStart(5, "0")}]`, "[04242]")).toBe(line);
});

test("levelname and levelno are Python's; words of an application's own stay", () => {
  const levelOf = (severityText: string, severityNumber: number): string =>
    lineOf({ format: "%(levelname)s %(levelno)d" }, { template: "x", severityText, severityNumber });
  expect(levelOf("", 1)).toBe("TRACE 5");
  expect(levelOf("INFO", 9)).toBe("INFO 20");
  expect(levelOf("WARN", 13)).toBe("WARNING 30");
  expect(levelOf("FATAL", 21)).toBe("CRITICAL 50");
  expect(levelOf("NOTICE", 10)).toBe("NOTICE 20");
  expect(levelOf("", 0)).toBe("UNSPECIFIED 0");
});

test("the root logger is called root, and thread, process and task have Python's names", () => {
  const names =
    "%(name)s %(processName)s %(threadName)s %(thread)d %(taskName)s %(process)d %(otelServiceName)s";
  expect(lineOf({ format: names }, { template: "x", logger: "" })).toBe(
    `root MainProcess MainThread 0 None ${process.pid} `,
  );
  const record = makeRecord({ template: "x" });
  record.threadId = 3;
  expect(format(new FemtoTextFormatter({ format: "%(threadName)s %(thread)03d" }), record)).toBe(
    "Thread-3 003",
  );
});

test("a call whose place is unknown has the names that Python gives it", () => {
  expect(lineOf({ format: "%(pathname)s:%(lineno)d %(funcName)s %(module)s" }, { template: "x" })).toBe(
    "(unknown file):0 (unknown function) (unknown file)",
  );
});

test("the ids of a span, by our names and those of OpenTelemetry's instrumentation of Python", () => {
  const ids = "%(trace_id)s %(span_id)s %(trace_flags)s %(otelTraceID)s %(otelSpanID)s %(otelTraceSampled)s";
  const { traceId, spanId } = SPAN;
  expect(lineOf({ format: ids }, { template: "x", span: SPAN })).toBe(
    `${traceId} ${spanId} 01 ${traceId} ${spanId} True`,
  );
  expect(lineOf({ format: ids }, { template: "x" })).toBe("0 0 0 0 0 False");
  expect(lineOf({ format: "%(trace_id)8s|", defaults: { trace_id: "-" } }, { template: "x" })).toBe(
    "       -|",
  );
});

test("attributes are found by name: in the shape, without shape, inside of maps; what is missing stays as written", () => {
  const input: RecordInput = {
    template: "x",
    attributes: { http: { status: 404 }, gone: undefined, "a.b": 1 },
    extras: { tenant: "t1", list: [1, "two"] },
  };
  expect(
    lineOf({ format: "{http.status:>5} {a.b} {tenant!r} {list} {gone:>8} {nobody}", style: "{" }, input),
  ).toBe(`  404 1 't1' [1,"two"] {gone:>8} {nobody}`);
  expect(lineOf({ format: "${tenant} $gone", style: "$", defaults: { gone: 7 } }, input)).toBe("t1 7");
});

test("a message of any kind: constant, with holes, a value, none", () => {
  const messageOf = (input: RecordInput): string => lineOf({ format: "[%(message)6s]" }, input);
  expect(messageOf({ template: "paid" })).toBe("[  paid]");
  expect(messageOf({ template: "{a}", attributes: { a: 1 } })).toBe("[     1]");
  expect(messageOf({ body: "value", arguments: [[1, 2]] })).toBe("[ [1,2]]");
  expect(messageOf({ body: "none", eventName: "e.f" })).toBe("[   e.f]");
  expect(lineOf({ format: "%(msg)s" }, { template: "{a}", attributes: { a: 1 } })).toBe("{a}");
});

test("datefmt: microseconds wherever %f stands, and not where a percent sign does", () => {
  const at: RecordInput = { template: "x", timestamp: [1_795_368_486, 7_123_999] };
  const timeOf = (datefmt: string): string => lineOf({ format: "%(asctime)s", datefmt }, at);
  expect(timeOf("%H:%M:%S.%f %%f %f%f|%%%f")).toBe("17:28:06.007123 %f 007123007123|%007123");
  expect(timeOf("%f")).toBe("007123");
  expect(timeOf("day %j")).toBe("day 326");
});

test("the stack of an exception follows on lines of its own, as in Python", () => {
  const attributes = { "exception.stacktrace": "Error: a\u001b[0m\n    at f" };
  expect(lineOf({ format: "%(message)s" }, { template: "failed", attributes })).toBe(
    "failed\nError: a\\u001b[0m\n    at f",
  );
  expect(lineOf({ format: "%(message)s\n" }, { template: "failed", attributes })).toBe(
    "failed\nError: a\\u001b[0m\n    at f",
  );
});

test("no value begins a line or speaks to a terminal, however it is formatted", () => {
  const odd = "a\n2026-01-01 ERROR forged\u001b[2J\u009b\u2028";
  const fields =
    "%(message)s %(message)40s %(name)r %(levelname)s %(user)s %(user)-50s %(user)a %(a)s %(f)s %(filename)s";
  for (const input of [
    { template: "{user}", attributes: { user: odd, "code.file.path": odd }, extras: { a: { b: odd } } },
    { template: odd, logger: odd, severityText: odd, attributes: { user: [odd] }, extras: { a: odd } },
  ]) {
    expect(lineOf({ format: fields, defaults: { f: odd } }, input)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  }
});

test("a shape that another formatter has used is computed again", () => {
  const record = makeRecord({ template: "x" });
  const [one, other] = ["%(message)s 1", "%(message)s 2"].map(
    (line) => new FemtoTextFormatter({ format: line }),
  );
  expect([one, other, one].map((formatter) => format(formatter as FemtoTextFormatter, record))).toEqual([
    "x 1",
    "x 2",
    "x 1",
  ]);
});

test("constructor refuses formats that are wrong for their style, and says what is wrong", () => {
  const make = (options: object) => () => new FemtoTextFormatter(options);
  expect(make({ format: "message" })).toThrow(
    'Cannot make a text formatter: "format" is "message", must be a format of style "%": it has no field such as %(message)s; correct it, choose another "style", or switch "validate" off (CONFIG.md#format)',
  );
  expect(make({ format: "{message} {", style: "{" })).toThrow("it has a brace that is no field");
  expect(make({ format: "%(message)s", style: "f" })).toThrow('"style" is "f", must be one of "%", "{", "$"');
  expect(make({ format: "%(message)s", defaults: { a: [] } })).toThrow("strings, numbers or booleans");
  expect(make({ fmt: "%(message)s" })).toThrow('did you mean "format"');
  expect(make({ format: "100% {message}", style: "%", validate: false })).not.toThrow();
});
