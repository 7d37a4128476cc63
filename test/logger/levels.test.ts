/** Which calls make records: levels, their inheritance, and what switches loggers off. */
import { expect, test } from "vitest";

import { createLogging, LEVELS, type Level, type LevelThreshold } from "../../src/index.ts";
import { collect } from "./collect.ts";

const methods = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  warning: 13,
  error: 17,
  critical: 21,
  fatal: 21,
} as const;

test("each method makes records of its level, with our word for it", async () => {
  const { log, take } = collect();
  for (const method of Object.keys(methods) as (keyof typeof methods)[]) log[method](method);
  const records = await take();
  expect(
    records.map(({ body, severityNumber, severityText }) => [body, severityNumber, severityText]),
  ).toEqual([
    ["trace", 1, "TRACE"],
    ["debug", 5, "DEBUG"],
    ["info", 9, "INFO"],
    ["warn", 13, "WARN"],
    ["warning", 13, "WARN"],
    ["error", 17, "ERROR"],
    ["critical", 21, "CRITICAL"],
    ["fatal", 21, "CRITICAL"],
  ]);
});

test("each method makes records from its level on, and none below", async () => {
  const { log, logging, take } = collect();
  for (let level = 1; level <= 25; level++) {
    logging.root.setLevel(level as LevelThreshold);
    for (const method of Object.keys(methods) as (keyof typeof methods)[]) log[method](method);
    log.exception(new Error("exception"), "exception");
    const expected = [...Object.keys(methods), "exception"].filter(
      (method) => (methods as Record<string, number>)[method === "exception" ? "error" : method]! >= level,
    );
    expect((await take()).map(({ body }) => body)).toEqual(expected);
  }
});

test("log() takes a level as word in any case, and as number", async () => {
  const { log, take } = collect();
  for (const level of ["INFO", "warn", "Fatal", "ERROR2", 1, 24]) log.log(level, "x {a}", { a: 1 });
  const records = await take();
  expect(records.map(({ severityNumber, severityText }) => [severityNumber, severityText])).toEqual([
    [9, "INFO"],
    [13, "WARN"],
    [21, "CRITICAL"],
    [18, "ERROR2"],
    [1, "TRACE"],
    [24, "FATAL4"],
  ]);
  expect(records.every(({ body }) => body === "x 1")).toBe(true);
});

test("log() logs at INFO what has a level that is none, rather than lose it", async () => {
  const { log, take } = collect();
  for (const level of ["loud", 0, 25, 9.5, NaN, null, undefined, {}, Symbol("s")]) log.log(level, "x");
  expect((await take()).map(({ severityNumber }) => severityNumber)).toEqual(
    Array.from({ length: 9 }, () => 9),
  );
});

test("effectiveLevel is the own level, else that of the nearest logger above that has one", () => {
  const { logging } = collect();
  const deep = logging.getLogger("a.b.c.d");
  expect(deep.effectiveLevel).toBe(1);
  logging.root.setLevel("WARN");
  expect(deep.effectiveLevel).toBe(13);
  // A logger that nobody had asked for yet.
  logging.getLogger("a.b").setLevel("DEBUG");
  expect([deep.level, deep.effectiveLevel, logging.getLogger("a").effectiveLevel]).toEqual([
    undefined,
    5,
    13,
  ]);
  deep.setLevel("CRITICAL");
  expect([deep.level, deep.effectiveLevel]).toEqual([21, 21]);
  deep.setLevel("NOTSET");
  expect([deep.level, deep.effectiveLevel]).toEqual([undefined, 5]);
});

test("effectiveLevel of a logger below is right also when it was made first", () => {
  const logging = createLogging();
  const child = logging.getLogger("x.y.z");
  logging.getLogger("x").setLevel("ERROR");
  expect(child.effectiveLevel).toBe(17);
  expect(logging.getLogger("x.y.other").effectiveLevel).toBe(17);
  expect(logging.getLogger("xx").effectiveLevel).toBe(9);
});

test("setLevel() holds from the next call on, for `with` loggers too", async () => {
  const { log, logging, take } = collect();
  const bound = log.with({ a: 1 });
  logging.getLogger("shop").setLevel("ERROR");
  log.info("no");
  bound.info("no");
  logging.getLogger("shop").setLevel("INFO");
  bound.info("yes");
  expect((await take()).map(({ body }) => body)).toEqual(["yes"]);
});

test("setLevel() refuses what is no level, and changes nothing", () => {
  const { logging } = collect();
  for (const level of ["LOUD", 26, -1, 1.5, null, undefined, {}]) {
    expect(() => logging.root.setLevel(level as Level)).toThrow(RangeError);
  }
  expect(logging.root.level).toBe(LEVELS.TRACE);
});

test('setLevel("OFF") lets nothing through, and isEnabledFor() says so', async () => {
  const { log, logging, take } = collect();
  logging.root.setLevel("OFF");
  log.critical("no");
  log.log(24, "no");
  log.event("no");
  logging.root.emit({ body: "no" });
  expect(logging.root.isEnabledFor(24)).toBe(false);
  expect(logging.root.enabled()).toBe(false);
  expect(await take()).toEqual([]);
});

test("isEnabledFor() tells levels by word and number, and false for what is none", () => {
  const { logging } = collect();
  logging.root.setLevel("WARN");
  const { root } = logging;
  expect([
    root.isEnabledFor("INFO"),
    root.isEnabledFor("warn"),
    root.isEnabledFor(12),
    root.isEnabledFor(13),
  ]).toEqual([false, true, false, true]);
  expect(root.isEnabledFor("loud" as Level)).toBe(false);
});

test("disabled silences one logger, not those below it", async () => {
  const { logging, take } = collect();
  const parent = logging.getLogger("a");
  parent.disabled = true;
  parent.critical("no");
  parent.emit({ body: "no" });
  logging.getLogger("a.b").info("yes");
  expect([parent.disabled, parent.effectiveLevel, logging.getLogger("a.b").disabled]).toEqual([
    true,
    25,
    false,
  ]);
  parent.disabled = false;
  parent.info("again");
  expect((await take()).map(({ body }) => body)).toEqual(["yes", "again"]);
});

test("disable() silences a level and those below it, whatever the loggers say, until NOTSET", async () => {
  const { logging, log, take } = collect();
  logging.getLogger("shop").setLevel("TRACE");
  logging.disable("WARN");
  log.warn("no");
  log.log(16, "yes");
  log.error("yes");
  expect(logging.getLogger("shop").level).toBe(1);
  logging.disable("NOTSET");
  log.trace("again");
  expect((await take()).map(({ body }) => body)).toEqual(["yes", "yes", "again"]);
  expect(() => logging.disable("LOUD" as Level)).toThrow(
    new RangeError(
      'Cannot disable a level: it is "LOUD", must be a level name such as "INFO" or a severity number from 1 to 24',
    ),
  );
});
