import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { wholeTextOf } from "../handlers/rotating-fixture.ts";
import { numbersInOtlpLines } from "../support/otlp-lines.ts";
import { endOf, makeFolder, runPlan, startProgram, upTo } from "./run-program.ts";
import type { Plan } from "./programs/plan.ts";

describe("1000 records just logged to a file of OTLP JSON lines", () => {
  test.concurrent.each([
    ["natural", "own", 0],
    ["exit", "own", 0],
    ["exit-when-up", "own", 20_000],
    ["throw", "own", 0],
    ["exit", "inline", 20_000],
    ["terminate-at-once-and-exit", "own", 0],
  ] as const)(
    "ending %s, thread %s: all in order, put away at %i bytes",
    async (ending, thread, maxBytes) => {
      const path = join(makeFolder(), "app.jsonl");
      const rotation = maxBytes === 0 ? {} : { maxBytes, backupCount: 100, compress: "gzip" as const };
      const ended = await runPlan({
        handlers: [{ kind: "otlp-file", options: { path, thread, ...rotation } }],
        count: 1000,
        ending,
        code: 7,
      });
      expect(ended).toMatchObject({ code: ending === "throw" ? 1 : 7, signal: null });
      expect(numbersInOtlpLines(wholeTextOf(path))).toEqual(upTo(1000));
      expect(endOf(ended).stats[0]).toMatchObject({ delivered: 1000, queued: 0 });
    },
  );

  test("standard output has them as lines, and nothing else", async () => {
    const ended = await runPlan({
      handlers: [{ kind: "otlp-file", options: {} }],
      count: 1000,
      ending: "exit",
    });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(numbersInOtlpLines(ended.stdout)).toEqual(upTo(1000));
  });

  test("an end of the process does not wait for attributes of the resource that never come", async () => {
    const path = join(makeFolder(), "app.jsonl");
    const ended = await runPlan({
      handlers: [{ kind: "otlp-file", options: { path } }],
      count: 1000,
      ending: "exit-when-up",
      hasPendingResource: true,
    });
    expect(numbersInOtlpLines(readFileSync(path, "utf8"))).toEqual(upTo(1000));
    expect(endOf(ended).waitedMillis).toBeLessThan(2000);
  });

  test("a kill leaves whole lines but for the last one, and the next process goes on in a line of its own", async () => {
    const path = join(makeFolder(), "app.jsonl");
    const plan: Plan = { handlers: [{ kind: "otlp-file", options: { path } }], count: 1000, ending: "wait" };
    const first = startProgram("log-and-end.ts", [JSON.stringify(plan)]);
    await first.logged(1000);
    first.child.kill("SIGKILL");
    await first.ended;
    await runPlan({ ...plan, ending: "exit" });
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    const numbers = lines.flatMap((line) => {
      try {
        return [numbersInOtlpLines(`${line}\n`)];
      } catch {
        return [];
      }
    });
    expect(lines.length - numbers.length).toBeLessThanOrEqual(1);
    expect(numbers.flat().slice(-1000)).toEqual(upTo(1000));
  });
});
