import { expect, test } from "vitest";

import { readOptions } from "../../../examples/shop/options.ts";

test("readOptions() has defaults for all", () => {
  expect(readOptions([])).toEqual({ requestCount: 2_000, logsPerRequest: 20 });
});

test("readOptions() reads what is given", () => {
  const args = ["--requests", "5", "--logs-per-request=7", "--file", "a.jsonl"];
  expect(readOptions(args)).toEqual({ requestCount: 5, logsPerRequest: 7, filePath: "a.jsonl" });
});

test.for([
  ["http://localhost:4318", "http://localhost:4318/v1/logs"],
  ["https://collector.example/otlp/logs?key=1", "https://collector.example/otlp/logs?key=1"],
])("readOptions() adds the path of logs to an endpoint that has none: %s", ([endpoint = "", href]) => {
  expect(readOptions(["--endpoint", endpoint])).toMatchObject({ endpoint: new URL(href ?? "") });
});

test.for([["--help"], ["-h"]])("readOptions() knows who asks for help: %s", (args) => {
  expect(readOptions(args)).toBe("help");
});

test("readOptions() knows who wants the OpenTelemetry Collector itself", () => {
  expect(readOptions(["--collector"])).toMatchObject({ usesOtelcol: true });
});

test.for([
  [["--requests", "0"], '"--requests" is "0", must be an integer from 1 to 100000'],
  [["--requests", "100001"], '"--requests" is "100001", must be an integer from 1 to 100000'],
  [["--requests", "1e3"], '"--requests" is "1e3", must be an integer from 1 to 100000'],
  [["--logs-per-request", "6"], '"--logs-per-request" is "6", must be an integer from 7 to 1000'],
  [
    ["--requests", "100000"],
    '"--requests" times "--logs-per-request" is 2000000, must be at most 500000 records: all are kept to be compared',
  ],
  [
    ["--endpoint", "localhost:4318"],
    '"--endpoint" is "localhost:4318", must be a URL that starts with http:// or https://',
  ],
  [
    ["--collector", "--endpoint", "http://localhost:4318"],
    '"--collector" and "--endpoint" are given, must be one of them',
  ],
  [["--file", ""], '"--file" is empty, must be the path of a file'],
] as const)("readOptions() refuses %j", ([args, problem]) => {
  expect(() => readOptions(args)).toThrow(new RangeError(`Cannot start the shop: ${problem}`));
});

test.for([
  [["--request", "5"], "Unknown option '--request'"],
  [["--requests"], "argument missing"],
  [["5"], "Unexpected argument '5'"],
] as const)("readOptions() refuses %j, in the words of Node", ([args, problem]) => {
  expect(() => readOptions(args)).toThrow(TypeError);
  expect(() => readOptions(args)).toThrow(`Cannot start the shop: `);
  expect(() => readOptions(args)).toThrow(problem);
});
