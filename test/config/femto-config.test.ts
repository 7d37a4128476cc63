import { join } from "node:path";
import { expect, test } from "vitest";

import { readFemtoConfig } from "../../src/config/femto-config.ts";
import type { LoggingPlan } from "../../src/config/logging-plan.ts";
import { dataOf, linesOf, makeFolder } from "./config-files.ts";

function planOf(text: string): LoggingPlan {
  const reading = readFemtoConfig(dataOf(text), "a file");
  if (!reading.ok) throw new Error(linesOf(reading).join("; "));
  return reading.plan;
}

function faultsOf(text: string): string[] {
  return linesOf(readFemtoConfig(dataOf(text), "a file"));
}

test("readFemtoConfig() of an empty file has all defaults", () => {
  expect(planOf("")).toEqual({
    source: "a file",
    level: 9,
    resource: undefined,
    limits: undefined,
    handlers: [],
    loggers: [],
    rules: [],
    captures: [],
    redact: undefined,
    isQuiet: false,
    handleSignals: true,
    isDisabled: false,
    notes: [],
  });
});

test("readFemtoConfig() reads levels, handlers, loggers and captures", () => {
  const path = join(makeFolder(), "app.log");
  const plan = planOf(`
level: 30
handlers:
  - {type: stream, name: console, format: text}
  - {type: file, name: audit, path: ${path}}
loggers:
  shop: {level: debug}
  shop.audit: {propagate: false, handlers: [audit, {type: "null"}]}
  noisy: {disabled: true}
capture: [console, pino]
handleSignals: false
`);
  expect(plan).toMatchObject({
    level: 13,
    handlers: [
      { path: "handlers[0]", name: "console" },
      { path: "handlers[1]", name: "audit" },
    ],
    loggers: [
      { name: "shop", level: 5, propagate: true, disabled: false, handlers: [] },
      {
        name: "shop.audit",
        level: undefined,
        propagate: false,
        handlers: [{ name: "audit" }, { path: "loggers.shop.audit.handlers[1]" }],
      },
      { name: "noisy", disabled: true },
    ],
    captures: ["console", "pino"],
    handleSignals: false,
  });
  // What a logger names is the same handler, not one more of the kind.
  expect(plan.loggers[1]!.handlers[0]).toBe(plan.handlers[1]);
});

test("readFemtoConfig() adds attributes to the resource of the process, but for what names the SDK", () => {
  const { resource } = planOf(`resource: {service.name: shop, zones: [a, b], telemetry.sdk.name: fake}`);
  expect(resource?.attributes).toMatchObject({
    "service.name": "shop",
    zones: ["a", "b"],
    "telemetry.sdk.name": "femtologging",
    "process.pid": process.pid,
  });
});

test("readFemtoConfig() tells all faults at once, with their places", () => {
  const faults = faultsOf(`
levl: INFO
level: LOUD
resource: {a: {b: 1}}
handlers:
  - {type: strem}
  - {path: x.log}
  - {type: file, queueBytes: 1, patth: x}
  - {type: stream, name: twice}
  - {type: stream, name: twice}
loggers:
  a.b: {levl: INFO, handlers: [none, {type: fil}]}
capture: console
`);
  expect(faults.map((fault) => /^"([^"]*)"/.exec(fault)?.[1])).toEqual([
    "levl",
    "level",
    "resource",
    "capture",
    "handlers[0].type",
    "handlers[1].type",
    "handlers[2].queueBytes",
    "handlers[2].patth",
    "handlers[2].path",
    "handlers[4].name",
    "loggers.a.b.levl",
    "loggers.a.b.handlers[0]",
    "loggers.a.b.handlers[1].type",
  ]);
  expect(faults[4]).toContain('did you mean "stream"?');
});

test.each([
  ["[1, 2]", "the options are an array, must be an object"],
  ["hello", 'the options are "hello", must be an object'],
  ["handlers: {type: file}", '"handlers" is an object, must be an array of objects'],
  ["handlers: [file]", '"handlers" is an array, must be an array of objects'],
  ["loggers: [a]", '"loggers" is an array, must be an object'],
  ["loggers: {a: DEBUG}", '"loggers" is an object, must be an object with an object for each logger'],
])("readFemtoConfig() of %j says what it must be, once", (text, expected) => {
  expect(faultsOf(text)).toEqual([expect.stringContaining(expected)]);
});

test("readFemtoConfig() shows no secret", () => {
  const faults = faultsOf(
    "handlers: [{type: otlp-http, headers: {Authorization: [s3cret]}, url: 'ftp://u:s3cret@h', apiKey: s3cret}]",
  );
  expect(faults).toHaveLength(3);
  expect(faults.join("\n")).not.toContain("s3cret");
});

test("readFemtoConfig() reads what is redacted, in both forms, and names what is none", () => {
  expect(planOf("redact: [password, '**.token']").redact).toEqual(["password", "**.token"]);
  expect(planOf("redact: {paths: [password], remove: true}").redact).toEqual({
    paths: ["password"],
    remove: true,
  });
  expect(faultsOf("redact: ['a..b']")).toEqual([
    expect.stringMatching(/^"redact\[0\]" is "a\.\.b", must be names with dots between them, /),
  ]);
});
