import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { openProcessArena } from "../../processors/queue/process-arena.ts";
import { ASLEEP, LINGERING, readGeometry, SLEEP_WORD } from "../../processors/queue/queue-layout.ts";
import { FemtoFileHandler, type FileHandlerOptions, FemtoTimedRotatingFileHandler } from "../../src/index.ts";
import { loggerOf, logNumbers, numbers, numbersInLines } from "../contract/destination.ts";
import { endOf, makeFolder as makeExitFolder, numbersIn, runPlan, upTo } from "../exit/run-program.ts";
import { endWithTest, makeFolder, messagesIn } from "./fixture.ts";

const LONG = { timeout: 15_000, interval: 2 };
/** Longer than any test. */
const DELAY_MILLIS = 600_000;

function open(options: Partial<FileHandlerOptions> = {}): FemtoFileHandler {
  const path = join(makeFolder(), "app.log");
  return endWithTest(new FemtoFileHandler({ path, scheduledDelayMillis: DELAY_MILLIS, ...options }));
}

/** Until the handler's thread waits in this way. */
async function waiting({ slot }: { readonly slot: number }, state: number): Promise<void> {
  const { words } = openProcessArena();
  const sleepWord = readGeometry(words, slot).at / 4 + SLEEP_WORD;
  await vi.waitFor(() => expect(Atomics.load(words, sleepWord)).toBe(state), LONG);
}

/** Until the handler's thread has seen a record, and waits for more. */
async function gathering(handler: FemtoFileHandler): Promise<void> {
  await waiting(handler, ASLEEP);
  logNumbers(loggerOf(handler), { to: 1 });
  await waiting(handler, LINGERING);
}

describe("a file handler with a long scheduledDelayMillis", () => {
  test("holds back what is not urgent", async () => {
    const handler = open();
    await gathering(handler);
    expect(readFileSync(handler.path, "utf8")).toBe("");
    expect(handler.stats()).toMatchObject({ emitted: 1, delivered: 0, queued: 1 });
  });

  test("an error wakes a sleeping thread, and is written at once", async () => {
    const handler = open();
    await waiting(handler, ASLEEP);
    loggerOf(handler).error("trouble");
    await vi.waitFor(() => expect(messagesIn(handler.path)).toEqual(["trouble"]), LONG);
  });

  test("an error is written at once with all that waited, and afterwards records are gathered again", async () => {
    const handler = open();
    await gathering(handler);
    loggerOf(handler).error("trouble");
    await vi.waitFor(() => expect(messagesIn(handler.path)).toEqual(["record 0", "trouble"]), LONG);
    await gathering(handler);
    expect(messagesIn(handler.path)).toEqual(["record 0", "trouble"]);
  });

  test.each([
    ["forceFlush()", (handler: FemtoFileHandler) => handler.forceFlush()],
    ["flushSync()", (handler: FemtoFileHandler) => handler.flushSync(15_000)],
    ["shutdown()", (handler: FemtoFileHandler) => handler.shutdown()],
  ])("%s ends the wait, of a thread that sleeps or gathers", async (_name, end) => {
    for (const isGathering of [false, true]) {
      const handler = open();
      if (isGathering) await gathering(handler);
      else await waiting(handler, ASLEEP);
      logNumbers(loggerOf(handler), { from: 1, to: 3 });
      await end(handler);
      expect(numbersInLines(readFileSync(handler.path, "utf8"))).toEqual(isGathering ? [0, 1, 2] : [1, 2]);
    }
  });

  test("a batch that is full goes out", async () => {
    const handler = open({ maxExportBatchSize: 10 });
    await gathering(handler);
    logNumbers(loggerOf(handler), { from: 1, to: 10 });
    await vi.waitFor(
      () => expect(numbersInLines(readFileSync(handler.path, "utf8"))).toEqual(numbers({ to: 10 })),
      LONG,
    );
  });

  test("who blocks for room in the queue gets it, whether records or bytes bound it", async () => {
    for (const bound of [{ maxQueueSize: 100, maxExportBatchSize: 100 }, { queueBytes: 65_536 }]) {
      const handler = open({ ...bound, overflow: "block", blockTimeoutMillis: 5_000 });
      logNumbers(loggerOf(handler), { to: 5000 });
      await handler.forceFlush();
      expect(handler.stats()).toMatchObject({ delivered: 5000, droppedTotal: 0 });
    }
  });

  test("rotateWhenIdle puts a file away when its time is over, also while records are gathered", async () => {
    const path = join(makeFolder(), "app.log");
    const handler = endWithTest(
      new FemtoTimedRotatingFileHandler({
        path,
        when: "S",
        interval: 1,
        rotateWhenIdle: true,
        backupCount: 1000,
        scheduledDelayMillis: DELAY_MILLIS,
      }),
    );
    loggerOf(handler).error("first", { i: 0 });
    await vi.waitFor(() => expect(existsSync(path) && readFileSync(path, "utf8")).toContain("first"), LONG);
    logNumbers(loggerOf(handler), { from: 1, to: 2 });
    await vi.waitFor(() => expect(readFileSync(path, "utf8")).not.toContain("first"), LONG);
  });
});

test.each(["natural", "exit", "exit-when-up", "throw-when-up"] as const)(
  "the end of the process (%s) waits for no scheduledDelayMillis",
  async (ending) => {
    const path = join(makeExitFolder(), "app.log");
    const options = { path, scheduledDelayMillis: DELAY_MILLIS };
    const ended = await runPlan({ handlers: [{ kind: "file", options }], count: 100, ending });
    expect(numbersIn(path)).toEqual(upTo(100));
    const { waitedMillis, stats } = endOf(ended);
    expect(waitedMillis).toBeLessThan(5000);
    expect(stats[0]).toMatchObject({ delivered: 100, queued: 0, droppedTotal: 0 });
  },
);
