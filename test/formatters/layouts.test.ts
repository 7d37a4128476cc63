import { expect, test } from "vitest";

import { FemtoOtlpJsonFormatter } from "../../proto/otlp-json-formatter.ts";
import { FemtoDatadogFormatter } from "../../src/formatters/datadog-formatter.ts";
import { FemtoEcsFormatter } from "../../src/formatters/ecs-formatter.ts";
import { FemtoGelfFormatter } from "../../src/formatters/gelf-formatter.ts";
import { FemtoGoogleCloudFormatter } from "../../src/formatters/google-cloud-formatter.ts";
import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import { FemtoLogfmtFormatter } from "../../src/formatters/logfmt-formatter.ts";
import { FemtoSplunkHecFormatter } from "../../src/formatters/splunk-hec-formatter.ts";
import {
  datadogStatus,
  googleSeverity,
  pinoLevel,
  pythonLevel,
  syslogLevel,
} from "../../src/formatters/vendor-levels.ts";
import { format, makeRecord, makeShape, SPAN, type RecordInput } from "./make-record.ts";

test.each([
  [0, 0, 30, 6, "DEFAULT", "info"],
  [1, 5, 10, 7, "DEBUG", "debug"],
  [4, 5, 10, 7, "DEBUG", "debug"],
  [5, 10, 20, 7, "DEBUG", "debug"],
  [9, 20, 30, 6, "INFO", "info"],
  [10, 20, 30, 5, "NOTICE", "notice"],
  [13, 30, 40, 4, "WARNING", "warn"],
  [17, 40, 50, 3, "ERROR", "error"],
  [20, 40, 50, 3, "ERROR", "error"],
  [21, 50, 60, 2, "CRITICAL", "critical"],
  [24, 50, 60, 2, "CRITICAL", "critical"],
])(
  "severity %i is %i to Python, %i to pino, %i to syslog, %s to Google, %s to Datadog",
  (severity, ...levels) => {
    const own = [pythonLevel, pinoLevel, syslogLevel, googleSeverity, datadogStatus].map((of) =>
      of(severity),
    );
    expect(own).toEqual(levels);
  },
);

test.each([
  ["iso", [1_700_000_000, 987_654_321], '"2023-11-14T22:13:20.987654Z"'],
  ["iso-millis", [1_700_000_000, 987_654_321], '"2023-11-14T22:13:20.987Z"'],
  ["epoch-millis", [1_700_000_000, 987_654_321], "1700000000987"],
  ["epoch-nanos", [1_700_000_000, 987_654_321], "1700000000987654321"],
  ["epoch-seconds", [1_700_000_000, 987_654_321], "1700000000.987"],
  ["epoch-seconds", [0, 5_000_000], "0.005"],
  ["epoch-seconds", [-2, 500_000_000], "-1.500"],
  ["epoch-seconds", [-1, 999_000_000], "-0.001"],
  ["epoch-seconds", [NaN, 7_000_000], "0.007"],
  ["epoch-seconds", [7.9, 7_000_000], "7.007"],
  ["epoch-millis", [7.9, 7_000_000], "7007"],
] as const)("time %s of %j is %s", (time, timestamp, text) => {
  const record = makeRecord({ template: "x", timestamp });
  expect(format(new FemtoJsonFormatter({ time }), record)).toContain(`{"time":${text},"level"`);
  expect(format(new FemtoLogfmtFormatter({ time }), record)).toContain(
    `time=${text.replaceAll('"', "")} level`,
  );
});

test("attributes of a resource that come later are on the records that come after them", () => {
  const input: RecordInput = { template: "x" };
  for (const formatter of [
    new FemtoEcsFormatter(),
    new FemtoGelfFormatter(),
    new FemtoDatadogFormatter(),
    new FemtoSplunkHecFormatter(),
    new FemtoGoogleCloudFormatter(),
    new FemtoOtlpJsonFormatter(),
  ]) {
    const shape = makeShape(input);
    const record = makeRecord(input, shape);
    shape.scope.resource = { attributes: { "service.name": "early" }, schemaUrl: undefined, pending: true };
    expect(format(formatter, record)).toContain('"early"');
    shape.scope.resource = { attributes: { "service.name": "later" }, schemaUrl: undefined, pending: false };
    expect(format(formatter, record)).toContain('"later"');
    expect(format(formatter, record)).not.toContain('"early"');
  }
});

test("options win over the resource, and over nothing", () => {
  const shape = makeShape({ template: "x" });
  shape.scope.resource = {
    attributes: { "service.name": "r", "service.version": 5, "host.name": "" },
    schemaUrl: undefined,
    pending: false,
  };
  const record = makeRecord({ template: "x" }, shape);
  const parse = (formatter: FemtoDatadogFormatter): unknown => JSON.parse(format(formatter, record));
  expect(parse(new FemtoDatadogFormatter({ service: "o", env: "a,b", host: "h" }))).toMatchObject({
    service: "o",
    ddtags: "env:a_b",
    hostname: "h",
  });
  expect(parse(new FemtoDatadogFormatter())).not.toHaveProperty("ddtags");
});

test("Datadog's ids are the low 64 bits, unsigned, exactly", () => {
  const idsOf = (traceId: string, spanId: string): unknown =>
    JSON.parse(
      format(new FemtoDatadogFormatter(), makeRecord({ template: "x", span: { traceId, spanId, flags: 0 } })),
    );
  expect(idsOf(`${"0".repeat(16)}ffffffffffffffff`, "0000000000000001")).toMatchObject({
    "dd.trace_id": "18446744073709551615",
    "dd.span_id": "1",
  });
  expect(idsOf(`${"f".repeat(16)}8000000000000000`, "0020000000000001")).toMatchObject({
    "dd.trace_id": "9223372036854775808",
    "dd.span_id": "9007199254740993",
  });
});

test("Google: a trace without a project is named by its id, and says when it is not sampled", () => {
  const record = makeRecord({ template: "x", span: { ...SPAN, flags: 0 } });
  expect(JSON.parse(format(new FemtoGoogleCloudFormatter(), record))).toMatchObject({
    "logging.googleapis.com/trace": SPAN.traceId,
    "logging.googleapis.com/trace_sampled": false,
  });
});

test("Google: a word for the level that is not the usual one is kept; errors are not reported where that is off", () => {
  const attributes = { "exception.stacktrace": "Error" };
  const record = makeRecord({ template: "x", severityText: "loud", severityNumber: 14, attributes });
  const line: unknown = JSON.parse(format(new FemtoGoogleCloudFormatter({ reportErrors: false }), record));
  expect(line).toMatchObject({ severity: "WARNING", level: "loud", stack_trace: "Error" });
  expect(line).not.toHaveProperty("@type");
});

test("an exception that is known in part has a group of what is known, also without a shape", () => {
  const pino = new FemtoJsonFormatter({ preset: "pino" });
  const errorOf = (input: RecordInput): unknown =>
    (JSON.parse(format(pino, makeRecord({ template: "x", ...input }))) as { readonly err?: unknown }).err;
  expect(errorOf({ attributes: { "exception.message": "m" } })).toEqual({ message: "m" });
  expect(errorOf({ extras: { "exception.stacktrace": "s", "exception.type": 5 } })).toEqual({
    type: "5",
    stack: "s",
  });
  expect(errorOf({ attributes: { "exception.type": undefined } })).toBeUndefined();
});

test.each([
  [FemtoGelfFormatter, { host: "" }, '"host" is "", must be a string that is not empty'],
  [FemtoDatadogFormatter, { enviroment: "x" }, '"enviroment"'],
  [FemtoSplunkHecFormatter, { fields: { a: {} } }, "an object whose values are strings, numbers or booleans"],
  [FemtoEcsFormatter, { dataset: 5 }, '"dataset" is 5'],
  [FemtoGoogleCloudFormatter, { labels: [] }, '"labels" is an array'],
  [FemtoOtlpJsonFormatter, { includeTemplate: 1 }, "must be true or false"],
  [
    FemtoJsonFormatter,
    { preset: "winston" },
    '"preset" is "winston", must be one of "femto", "pino", "bunyan"',
  ],
] as const)("%o refuses %j", (Formatter, options, text) => {
  expect(() => new Formatter(options as never)).toThrow(
    expect.objectContaining({
      code: "ERR_FEMTO_CONFIG",
      message: expect.stringContaining(text) as string,
    }) as Error,
  );
});
