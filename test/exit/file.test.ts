import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Fifo } from "../contract/fifo.ts";
import type { FileHandlerOptions } from "../../src/index.ts";
import type { Ending } from "./programs/plan.ts";
import { type Ended, endOf, makeFolder, numbersIn, runPlan, upTo } from "./run-program.ts";

interface Written {
  readonly ended: Ended;
  readonly numbers: readonly number[];
}

/** Runs a program that logs to one file. */
async function write(
  ending: Ending,
  {
    count = 1000,
    logsInExitListeners = false,
    ...options
  }: Partial<FileHandlerOptions> & { readonly count?: number; readonly logsInExitListeners?: boolean } = {},
): Promise<Written> {
  const path = join(makeFolder(), "app.log");
  const handlers = [{ kind: "file" as const, options: { ...options, path } }];
  const ended = await runPlan({ handlers, count, ending, code: 7, logsInExitListeners });
  return { ended, numbers: numbersIn(path) };
}

describe("1000 records just logged to a file, default options", () => {
  test.concurrent.each([
    ["natural", 1000],
    ["exit", 1000],
    ["exit-when-up", 1000],
    ["late-exit", 1010],
  ] as const)("ending %s: %i lines, and the exit code stays", async (ending, lineCount) => {
    const { ended, numbers } = await write(ending);
    expect(ended).toMatchObject({ code: 7, signal: null, stderr: "" });
    expect(numbers).toEqual(upTo(lineCount));
    expect(endOf(ended).stats[0]).toMatchObject({
      emitted: lineCount,
      delivered: lineCount,
      droppedTotal: 0,
    });
  });

  test.concurrent.each(["throw", "throw-when-up", "reject"] as const)(
    "ending %s: 1000 lines, exit code and message are Node's own",
    async (ending) => {
      const [{ ended, numbers }, without] = await Promise.all([
        write(ending),
        runPlan({ handlers: [], count: 0, ending }),
      ]);
      expect(numbers).toEqual(upTo(1000));
      expect(ended.code).toBe(1);
      expect([ended.code, ended.stderr]).toEqual([without.code, without.stderr]);
    },
  );

  test.concurrent.each(["natural", "exit", "throw"] as const)(
    "ending %s: what listeners of 'exit' log is there too, that of the last one at the latest",
    async (ending) => {
      const { numbers } = await write(ending, { logsInExitListeners: true });
      expect(numbers).toEqual(upTo(1002));
    },
  );

  test.concurrent.each(["shutdown", "shutdown-and-exit"] as const)(
    "ending %s: 1000 lines; what came after shutdown() is counted",
    async (ending) => {
      const { ended, numbers } = await write(ending);
      expect(numbers).toEqual(upTo(1000));
      const [stats] = endOf(ended).stats;
      expect(stats).toMatchObject({ emitted: 1010, delivered: 1000, queued: 0, droppedTotal: 10 });
      expect(stats?.dropped.already_shutdown).toBe(10);
    },
  );

  test.concurrent("thread 'inline' has written when the call returns", async () => {
    const { ended, numbers } = await write("exit", { thread: "inline", logsInExitListeners: true });
    expect(numbers).toEqual(upTo(1002));
    expect(ended.stderr).toBe("");
  });
});

describe("10,000 records in one tick and the end", () => {
  const count = 10_000;

  test.concurrent("a queue that holds them loses none", async () => {
    const { numbers } = await write("exit", { count, queueBytes: 16_777_216 });
    expect(numbers).toEqual(upTo(count));
  });

  test.concurrent("a small one with block loses none: the file takes them", async () => {
    const { ended, numbers } = await write("exit", { count, queueBytes: 65_536, overflow: "block" });
    expect(numbers).toEqual(upTo(count));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: count, droppedTotal: 0 });
  });

  test.concurrent.each(["drop-newest", "drop-oldest"] as const)(
    "a small one with %s counts what it drops",
    async (overflow) => {
      const { ended, numbers: written } = await write("exit", { count, queueBytes: 65_536, overflow });
      const numbers = written.filter((number) => Number.isInteger(number));
      const [stats] = endOf(ended).stats;
      // The handler may have logged itself what it dropped so far: a record without a number.
      const own = (stats?.emitted ?? 0) - count;
      expect([0, 1]).toContain(own);
      expect(stats).toMatchObject({ delivered: numbers.length + own, queued: 0 });
      expect(stats?.dropped).toMatchObject({ queue_full: count - numbers.length, exit_deadline: 0 });
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      expect(new Set(numbers).size).toBe(numbers.length);
      if (overflow === "drop-oldest") expect(numbers.at(-1)).toBe(count - 1);
      else expect(numbers[0]).toBe(0);
    },
  );
});

describe("a handler's thread that is terminated before the end", () => {
  test.concurrent("while it starts: the records are there", async () => {
    const { numbers } = await write("terminate-at-once-and-exit");
    expect(numbers).toEqual(upTo(1000));
  });

  test.concurrent.each([1, 2, 3, 4])("20,000 records are there, each once (%i)", async () => {
    const { ended, numbers } = await write("terminate-and-exit", {
      count: 10_000,
      exitTimeoutMillis: 10_000,
      maxExportBatchSize: 200,
    });
    expect(numbers).toEqual(upTo(20_000));
    expect(endOf(ended).stats[0]).toMatchObject({ delivered: 20_000, droppedTotal: 0 });
    expect(endOf(ended).waitedMillis).toBeLessThan(9000);
  });

  test.concurrent("is not held up by another handler whose destination hangs", async () => {
    const folder = makeFolder();
    const fifo = new Fifo(join(folder, "fifo"));
    const path = join(folder, "app.log");
    const ended = await runPlan({
      handlers: [
        { kind: "file", options: { name: "stuck", path: fifo.path, exitTimeoutMillis: 600 } },
        { kind: "file", options: { path, exitTimeoutMillis: 600 } },
      ],
      count: 2000,
      ending: "terminate-and-exit",
    });
    fifo.close();
    expect(numbersIn(path)).toEqual(upTo(4000));
    expect(ended.stderr).toMatch(/^femtologging: handler "stuck" left 4000 records behind [^\n]*\n$/);
  });
});
