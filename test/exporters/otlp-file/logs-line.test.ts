import { expect, test } from "vitest";

import { readLogsLine, requestOf, type LogsLine } from "../../../exporters/otlp-file/logs-line.ts";

const place = { startAt: 0, endAt: 1 };

function read(text: string): ReturnType<typeof readLogsLine> {
  return readLogsLine(Buffer.from(text), place);
}

function resourceLogs(...records: readonly string[]): string {
  return `{"scopeLogs":[{"logRecords":[${records.join(",")}]}]}`;
}

test.each([
  [`{"resourceLogs":[${resourceLogs("{}", "{}")}]}`, 2, true],
  [`{"resourceLogs":[${resourceLogs("{}")},${resourceLogs("{}")}]}`, 2, true],
  [`{"resourceLogs":[{"scopeLogs":[{},{"logRecords":[{}]}]},{}]}`, 1, true],
  [`{ "resourceLogs": [${resourceLogs("{}")}] }`, 1, false],
  [`{"resourceLogs":[${resourceLogs("{}")}]}\r`, 1, false],
  [`{"resourceLogs":[${resourceLogs("{}")}],"more":[1]}`, 1, false],
  [`{"resourceLogs":[]}`, 0, false],
  [`{}`, 0, false],
])("readLogsLine() counts the records of %s", (text, recordCount, isPlainList) => {
  expect(read(text)).toMatchObject({ recordCount, isPlainList });
});

test("readLogsLine() does not take a line that has the list twice for a plain list", () => {
  const text = `{"resourceLogs":[${resourceLogs("{}")}],"resourceLogs":[${resourceLogs("{}", "{}")}]}`;
  expect(read(text)).toMatchObject({ recordCount: 2, isPlainList: false });
});

test.each([
  [`{"resourceLogs":[{"resou`, "not JSON"],
  ["hello", "not JSON"],
  ["[]", "no object"],
  ["null", "no object"],
  ['{"resourceSpans":[]}', 'no "resourceLogs"'],
  ['{"resourceLogs":{}}', "lists"],
  ['{"resourceLogs":[1]}', "lists"],
  ['{"resourceLogs":[{"scopeLogs":[{"logRecords":7}]}]}', "lists"],
])("readLogsLine() says what is wrong with %s", (text, fault) => {
  expect(read(text)).toEqual({ fault: expect.stringContaining(fault) as string });
});

test("readLogsLine() refuses what is not UTF-8", () => {
  expect(readLogsLine(Buffer.from([0x7b, 0xff, 0x7d]), place)).toEqual({ fault: "it is not UTF-8" });
});

test("requestOf() puts lists together byte for byte: no number is read", () => {
  const record = (nanos: string): string =>
    `{"timeUnixNano":${nanos},"body":{"intValue":"9007199254740993"}}`;
  const lines = ["18446744073709551615", '"1795368486123456789"', "1.0e3"].map(
    (nanos) => read(`{"resourceLogs":[${resourceLogs(record(nanos))}]}`) as LogsLine,
  );
  expect(Buffer.from(requestOf(lines)).toString()).toBe(
    `{"resourceLogs":[${resourceLogs(record("18446744073709551615"))},` +
      `${resourceLogs(record('"1795368486123456789"'))},${resourceLogs(record("1.0e3"))}]}`,
  );
});
