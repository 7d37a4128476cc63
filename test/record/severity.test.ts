import { SeverityNumber } from "@opentelemetry/api";
import { expect, test } from "vitest";

import { LEVELS, NOTSET, OFF, parseLevel, parseThreshold, severityName } from "../../src/record/severity.ts";

test("LEVELS has the severity numbers of OpenTelemetry", () => {
  expect(LEVELS).toEqual({
    TRACE: SeverityNumber.TRACE,
    DEBUG: SeverityNumber.DEBUG,
    INFO: SeverityNumber.INFO,
    WARN: SeverityNumber.WARN,
    ERROR: SeverityNumber.ERROR,
    CRITICAL: SeverityNumber.FATAL,
  });
});

test("LEVELS cannot be changed", () => {
  expect(Object.isFrozen(LEVELS)).toBe(true);
});

test.each([
  ["TRACE", 1],
  ["debug", 5],
  ["Info", 9],
  ["WARN", 13],
  ["warning", 13],
  ["eRRoR", 17],
  ["CRITICAL", 21],
  ["fatal", 21],
  ["INFO2", 10],
  ["critical", 21],
  ["Fatal4", 24],
])("parseLevel() reads %j as %d", (word, severity) => {
  expect(parseLevel(word)).toBe(severity);
});

test("parseLevel() returns every number from 1 to 24 as it is", () => {
  const numbers = Array.from({ length: 24 }, (_, index) => index + 1);
  expect(numbers.map(parseLevel)).toEqual(numbers);
});

test.each([0, 25, -1, 1.5, Number.NaN, Infinity, "20", "", " INFO", "OFF", "NOTSET", "x".repeat(1e6)])(
  "parseLevel() refuses what no record can have, such as %j",
  (value) => {
    expect(parseLevel(value)).toBeUndefined();
  },
);

test("parseLevel() refuses things that only look like a level", () => {
  const impostors = [
    null,
    undefined,
    9n,
    {},
    ["INFO"],
    { toString: () => "INFO" },
    Symbol("INFO"),
    "constructor",
  ];
  expect(impostors.map(parseLevel)).toEqual(impostors.map(() => undefined));
});

test("parseThreshold() lets nothing pass at OFF, which is above every level", () => {
  expect(["OFF", "off", "Off", OFF].map(parseThreshold)).toEqual([25, 25, 25, 25]);
});

test("parseThreshold() reads NOTSET as 0, below every level", () => {
  expect(["NOTSET", "notset", NOTSET].map(parseThreshold)).toEqual([0, 0, 0]);
});

test("parseThreshold() reads all that parseLevel() reads", () => {
  expect(["info", "WARNING", 24, "INFO2"].map(parseThreshold)).toEqual([9, 13, 24, 10]);
});

test("parseThreshold() refuses everything else", () => {
  const values = [26, -1, "SILENT", "9", null, "OFFSIDES!"];
  expect(values.map(parseThreshold)).toEqual(values.map(() => undefined));
});

test("severityName() gives 21 our own word and the others the short names of the data model", () => {
  const names = Array.from({ length: 24 }, (_, index) => severityName(index + 1));
  const shortNames = Object.keys(SeverityNumber).filter((key) => /^[A-Z]+\d?$/.test(key));
  expect(names).toEqual(
    shortNames.filter((name) => name !== "UNSPECIFIED").map((name) => (name === "FATAL" ? "CRITICAL" : name)),
  );
});

test("severityName() keeps numbers that have no name visible", () => {
  expect([0, 25, -1, 9.5].map(severityName)).toEqual(["UNSPECIFIED", "Level 25", "Level -1", "Level 9.5"]);
});

test("parseLevel() reads every name that severityName() gives", () => {
  const numbers = Array.from({ length: 24 }, (_, index) => index + 1);
  expect(numbers.map((severity) => parseLevel(severityName(severity)))).toEqual(numbers);
});
