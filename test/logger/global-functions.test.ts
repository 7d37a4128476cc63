/** The functions of the module log with the root logger of the process. */
import { beforeEach, expect, onTestFinished, test } from "vitest";

import * as femtologging from "../../src/index.ts";
import { collectTrouble, keeper, untyped, type Keeper } from "./collect.ts";

const { disable, flush, flushSync, getLogger, shutdown, stats } = femtologging;
const root = getLogger();
let kept: Keeper;

beforeEach(() => {
  kept = keeper({ name: "global" });
  root.addHandler(kept.handler);
  root.setLevel("TRACE");
  onTestFinished(() => root.removeHandler(kept.handler));
});

test("each function logs at its level, with the root logger", async () => {
  const functions = untyped(femtologging);
  for (const level of ["trace", "debug", "info", "warn", "error", "critical"] as const) {
    functions[level](`${level} {a} %s`, "x", { a: 1 });
  }
  functions.exception(new Error("e"), "exception {a}", { a: 1 });
  const records = await kept.take();
  expect(records.map(({ body, severityNumber, loggerName }) => [body, severityNumber, loggerName])).toEqual([
    ["trace 1 x", 1, "root"],
    ["debug 1 x", 5, "root"],
    ["info 1 x", 9, "root"],
    ["warn 1 x", 13, "root"],
    ["error 1 x", 17, "root"],
    ["critical 1 x", 21, "root"],
    ["exception 1", 17, "root"],
  ]);
});

test("the functions need no `this`, and take anything", async () => {
  const { info } = untyped(femtologging);
  [1, 2].forEach(info);
  info();
  expect((await kept.take()).map(({ body }) => body)).toHaveLength(3);
});

test("disable() holds for the process, until NOTSET", async () => {
  disable("WARN");
  femtologging.warn("no");
  getLogger("a.b").warn("no");
  femtologging.error("yes");
  disable("NOTSET");
  femtologging.trace("again");
  expect((await kept.take()).map(({ body }) => body)).toEqual(["yes", "again"]);
  expect(() => disable("LOUD" as "WARN")).toThrow(RangeError);
});

test("flush(), flushSync(), stats() and shutdown() are of all handlers of the process's loggers", async () => {
  collectTrouble();
  const below = keeper({ name: "below" });
  getLogger("global.below").addHandler(below.handler);
  getLogger("global.below").info("x");
  expect(flushSync(20)).toBe(false);
  await flush();
  expect(stats()).toMatchObject({ global: { delivered: 1 }, below: { delivered: 1 } });
  await shutdown();
  getLogger("global.below").info("late");
  expect(stats()).toMatchObject({
    global: { dropped: { already_shutdown: 1 } },
    below: { dropped: { already_shutdown: 1 } },
  });
});
