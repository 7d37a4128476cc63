import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { pino } from "pino";
import type { Worker } from "node:worker_threads";

import { pinoDestination } from "../../../src/bridges/pino/index.ts";
import { createLogging, FemtoFileHandler } from "../../../src/index.ts";
import { makeFolder, numbersIn, startProgram, upTo, type Ended } from "../../exit/run-program.ts";
import { collectTrouble } from "../../logger/collect.ts";
import type { PinoPlan } from "./programs/plan.ts";

const PROGRAM = fileURLToPath(new URL("programs/log-and-end.ts", import.meta.url));
const COUNT = 500;

function run(plan: Omit<PinoPlan, "count">): Promise<Ended> {
  const text = JSON.stringify({ ...plan, count: COUNT } satisfies PinoPlan);
  return startProgram(PROGRAM, [text]).ended;
}

test.for([
  ["destination", "natural", 0],
  ["destination", "exit", 0],
  ["destination", "throw", 1],
  ["destination", "reject", 1],
  ["capture", "exit", 0],
  ["capture", "throw", 1],
  ["target", "natural", 0],
  ["target", "exit", 0],
  ["target", "throw", 1],
  ["targets", "natural", 0],
  ["targets", "exit", 0],
  ["foreign-target", "natural", 0],
] as const)("records by %s are all there after the end by %s", async ([way, ending, code]) => {
  const path = join(makeFolder(), "app.jsonl");
  const ended = await run({ way, path, ending });
  expect({ code: ended.code, numbers: numbersIn(path) }, ended.stderr).toEqual({
    code,
    numbers: upTo(COUNT),
  });
});

test.for(["destination", "capture", "target"] as const)(
  "a fatal record by %s is there after process.exit()",
  async (way) => {
    const path = join(makeFolder(), "app.jsonl");
    const ended = await run({ way, path, ending: "fatal-exit" });
    expect({ code: ended.code, numbers: numbersIn(path) }, ended.stderr).toEqual({
      code: 1,
      numbers: upTo(COUNT + 1),
    });
  },
);

test.for(["destination", "target", "foreign-target"] as const)(
  "when flush() by %s has called back, what was logged survives SIGKILL",
  async (way) => {
    const path = join(makeFolder(), "app.jsonl");
    const ended = await run({ way, path, ending: "flush" });
    expect(ended.reports, ended.stderr).toEqual([{ event: "flushed" }]);
    expect(ended.signal).toBe("SIGKILL");
    expect(numbersIn(path)).toEqual(upTo(COUNT));
  },
);

test("what pino holds at process.exit() comes too late for handlers of the application's thread, and that is said", async () => {
  const path = join(makeFolder(), "app.jsonl");
  const { code, stderr } = await run({ way: "foreign-target", path, ending: "exit" });
  expect(code).toBe(0);
  expect(stderr).toContain("Not all records of pino were delivered");
});

test("a handler's thread that dies loses no record of pino, and writes none twice", async () => {
  collectTrouble();
  const workers: Worker[] = [];
  const note = (worker: Worker): void => void workers.push(worker);
  process.on("worker", note);
  onTestFinished(() => void process.off("worker", note));
  const path = join(makeFolder(), "app.jsonl");
  const handler = new FemtoFileHandler({ path, overflow: "block" });
  const logging = createLogging({ handlers: [handler] });
  onTestFinished(() => logging.shutdown());
  const log = pino(pinoDestination({ logging }));
  const deaths: Promise<unknown>[] = [];
  for (let i = 0; i < 20_000; i++) {
    log.info({ i }, "text");
    if (i % 7_000 === 3_000) deaths.push(workers.at(-1)?.terminate() ?? Promise.resolve());
    if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(deaths);
  await logging.flush();
  expect(numbersIn(path)).toEqual(upTo(20_000));
  expect(workers.length).toBeGreaterThan(1);
  expect(readFileSync(path, "utf8")).not.toContain('"pid"');
});
