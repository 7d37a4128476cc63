import { deprecate } from "node:util";
import { describe, expect, test } from "vitest";

import { captureWarnings, type WarningsCaptureOptions } from "../../../src/bridges/index.ts";
import { collect, type Collected } from "../../logger/collect.ts";
import { essenceOf, runProgram, untilTestEnd } from "../captured.ts";

function capture(options: WarningsCaptureOptions = {}): Collected {
  const collected = collect();
  untilTestEnd(captureWarnings({ logging: collected.logging, ...options }));
  return collected;
}

/** Node tells of warnings in the next turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("captureWarnings()", () => {
  test("a warning is WARN, with its kind, code, detail and stack", async () => {
    const { takeOne } = capture({ forward: false });
    process.emitWarning("Too many orders", { type: "ShopWarning", code: "SHOP1", detail: "More than 7" });
    await nextTurn();
    const record = essenceOf(await takeOne());
    expect(record).toMatchObject({
      logger: "process.warnings",
      severity: 13,
      word: "ShopWarning",
      body: "Too many orders",
      attributes: {
        "warning.code": "SHOP1",
        "warning.detail": "More than 7",
        "exception.type": "ShopWarning",
        "exception.message": "Too many orders",
      },
    });
    expect(record.attributes["exception.stacktrace"]).toContain("capture-warnings.test.ts");
  });

  test("a deprecation has its code", async () => {
    const { takeOne } = capture({ forward: false });
    deprecate(() => {}, "sell() is old", "SHOP2")();
    await nextTurn();
    expect(essenceOf(await takeOne())).toMatchObject({
      word: "DeprecationWarning",
      body: "sell() is old",
      attributes: { "warning.code": "SHOP2" },
    });
  });

  test("what somebody emits that is no error is a record, too", async () => {
    const { take } = capture({ forward: false });
    process.emit("warning", "only a text" as unknown as Error);
    process.emit("warning", { code: 7 } as unknown as Error);
    expect((await take()).map(({ body }) => body)).toEqual(["only a text", { code: 7 }]);
  });

  test("release() ends it", async () => {
    const { logging, take } = collect();
    const count = process.listenerCount("warning");
    const running = captureWarnings({ logging });
    expect(process.listenerCount("warning")).toBe(count + 1);
    running.release();
    expect(process.listenerCount("warning")).toBe(count);
    expect(await take()).toEqual([]);
  });
});

describe("a process that warns", () => {
  test("makes one record of a warning where the console is captured, too, by which Node prints it", async () => {
    const { stderr, lines } = await runProgram("warnings.ts", { args: ["forward", "console"] });
    expect(lines.map(({ logger, msg }) => [logger, msg])).toEqual([["process.warnings", "first"]]);
    expect(stderr).toContain("ShopWarning: first");
  });

  const WARNING = /\(node:\d+\) \[SHOP1\] ShopWarning: (.+)/g;

  async function printed(mode: string): Promise<readonly (string | undefined)[]> {
    const { stderr } = await runProgram("warnings.ts", { args: [mode] });
    return [...stderr.matchAll(WARNING)].map(([, message]) => message);
  }

  test("prints as it did", async () => {
    expect(await printed("forward")).toEqual(["first", "after release()"]);
  });

  test("prints nothing with forward: false, until release()", async () => {
    expect(await printed("silent")).toEqual(["after release()"]);
  });

  test("has what --no-warnings does not print among its records", async () => {
    const { stderr, lines } = await runProgram("warnings.ts", {
      args: ["forward"],
      execArgv: ["--no-warnings"],
    });
    expect(stderr).toBe("");
    expect(lines.map(({ msg }) => msg)).toEqual(["first"]);
  });
});
