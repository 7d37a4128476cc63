import { expect, test } from "vitest";

import { ROW_MASK } from "../../bench/data.ts";
import { destinationNames } from "../../bench/scenarios/destinations.ts";
import {
  compileMessage,
  LineCheck,
  LOGGER_NAME,
  type MessageName,
  messageNames,
  messageOf,
} from "../../bench/scenarios/messages.ts";
import { isScenarioNamed, planScenarios } from "../../bench/scenarios/plan.ts";
import { scenarioTables } from "../../bench/scenarios/tables.ts";
import { runSmoke, SMOKE_TIMEOUT_MILLIS } from "./smoke.ts";

interface Call {
  readonly level: "info" | "error";
  readonly text: string;
  readonly value: unknown;
}

function callOf(name: MessageName, row: number): Call {
  const calls: Call[] = [];
  const take =
    (level: Call["level"]) =>
    (text: string, value: unknown): number =>
      calls.push({ level, text, value });
  compileMessage({ info: take("info"), error: take("error") }, name)(row, row + 1);
  return calls[0] as Call;
}

function lineOf(name: MessageName, row: number): string {
  const isError = name === "error";
  const head = {
    time: "2026-11-22T17:28:06.123456Z",
    level: isError ? "ERROR" : "INFO",
    severity: isError ? 17 : 9,
    logger: LOGGER_NAME,
    msg: isError ? "request failed" : "request completed",
  };
  const attributes = messageOf(name).attributesOf(row);
  const stack = `TypeError: ${String(attributes["exception.message"])}\n    at main.ts:1:1`;
  return JSON.stringify({ ...head, ...attributes, ...(isError && { "exception.stacktrace": stack }) });
}

test.each(messageNames.filter((name) => name !== "error"))(
  "compileMessage() logs what messageOf() says must arrive: %s",
  (name) => {
    const { level, value = {} } = callOf(name, 3);
    expect(level).toBe("info");
    expect(value).toStrictEqual(messageOf(name).attributesOf(3));
  },
);

test("compileMessage() logs the error whose message must arrive", () => {
  const { level, value } = callOf("error", 3);
  expect(level).toBe("error");
  expect(value).toBeInstanceOf(TypeError);
  expect((value as Error).message).toBe(messageOf("error").attributesOf(3)["exception.message"]);
});

test("the 1 KiB message has a value of 1,024 characters, another in each row", () => {
  const payloads = Array.from({ length: ROW_MASK + 1 }, (_, row) =>
    String(messageOf("kibibyte").attributesOf(row)["payload"]),
  );
  expect(new Set(payloads.map((payload) => payload.length))).toStrictEqual(new Set([1024]));
  expect(new Set(payloads).size).toBe(ROW_MASK + 1);
});

test.each(messageNames)("LineCheck takes the line of any row: %s", (name) => {
  const check = new LineCheck(name);
  for (const row of [0, 500, ROW_MASK]) check.take(lineOf(name, row));
  expect(check.count).toBe(3);
});

test("LineCheck throws when a value is that of another row, is missing, or is too much", () => {
  const check = new LineCheck("attributes");
  const line = JSON.parse(lineOf("attributes", 1)) as Record<string, unknown>;
  const { ms, ...lacking } = line;
  const other = JSON.parse(lineOf("attributes", 2)) as Record<string, unknown>;
  for (const bad of [{ ...line, ms: other["ms"] }, lacking, { ...line, more: ms }]) {
    expect(() => check.take(JSON.stringify(bad))).toThrow("A line is none of those that were logged");
  }
});

test("LineCheck throws when an error has lost its stack", () => {
  const line = JSON.parse(lineOf("error", 1)) as Record<string, unknown>;
  const { "exception.stacktrace": _stack, ...lacking } = line;
  expect(() => new LineCheck("error").take(JSON.stringify(lacking))).toThrow("none of those");
});

test("planScenarios() has each combination of the first five kinds once, and each message of the others", () => {
  const ids = planScenarios({ isSmoke: false }).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(
    5 * messageNames.length * 3 * 3 + (destinationNames.length - 5) * messageNames.length,
  );
});

test("planScenarios() has each value of each axis in a smoke run", () => {
  const parts = planScenarios({ isSmoke: true }).flatMap(({ id }) => id.split("/"));
  const axes = [...destinationNames, ...messageNames, "h1", "h3", "h5", "t1", "t2", "t4"];
  expect(axes.filter((value) => !parts.includes(value))).toStrictEqual([]);
});

test("isScenarioNamed() takes a whole name, and parts of it that all fit", () => {
  const id = "file/error/h1/t4";
  expect(
    ["file/error/h1/t4", "file", "t4", "file/t4", "t4/error"].map((name) => isScenarioNamed(id, name)),
  ).toStrictEqual([true, true, true, true, true]);
  expect(["otlp", "file/t2", "f", ""].map((name) => isScenarioNamed(id, name))).toStrictEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("scenarioTables() shows medians, how far runs lie apart, and nothing where nothing was measured", () => {
  const cases = planScenarios({ isSmoke: false }).filter(({ id }) =>
    ["file/plain/h1/t1", "file/error/h3/t1"].includes(id),
  );
  const reportOf = (deliveredPerSecond: number): object => ({ measures: { deliveredPerSecond } });
  const reports = new Map([
    ["file/plain/h1/t1", [reportOf(1000), reportOf(3000), reportOf(2000)]],
    ["file/error/h3/t1", [reportOf(5000)]],
  ]) as unknown as Parameters<typeof scenarioTables>[1];
  const lines = scenarioTables(cases, reports).split("\n").slice(2, 6);
  expect(lines.map((line) => line.split("|").map((cell) => cell.trim()))).toStrictEqual([
    ["", "handler", "handlers", "threads", "plain", "4 attributes", "10 nested", "1 KiB", "error", ""],
    expect.any(Array),
    ["", "file", "1", "1", "2 (1 to 3)", "", "", "", "", ""],
    ["", "file", "3", "1", "", "", "", "", "5", ""],
  ]);
});

test(
  "bench/scenarios.ts: its cells deliver what they log, and are in the tables",
  { timeout: SMOKE_TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runSmoke("scenarios.ts", []);
    for (const name of destinationNames) expect(stdout).toContain(`\n| ${name.padEnd(8)} |`);
  },
);

test("bench/scenarios.ts refuses a cell that does not exist", { timeout: SMOKE_TIMEOUT_MILLIS }, async () => {
  await expect(runSmoke("scenarios.ts", ["--only", "file/t3"])).rejects.toThrow(
    '"--only" names file/t3; there are',
  );
});
