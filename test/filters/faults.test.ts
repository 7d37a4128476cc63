import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, test, vi } from "vitest";

import {
  FemtoAttributeFilter,
  type FemtoFilter,
  FemtoFileHandler,
  FemtoLevelFilter,
  FemtoNameFilter,
  FemtoRateLimitFilter,
  type HandlerFilter,
  type HandlerStats,
} from "../../src/index.ts";
import { loggerOf, logNumbers, numbers, numbersInLines } from "../contract/destination.ts";
import { configErrorOf, endWithTest, makeFolder, messagesIn, troublesOfTest } from "../handlers/fixture.ts";

const HOUR = 3_600_000;
const LONG = { timeout: 15_000, interval: 5 };
const workers: Worker[] = [];

beforeAll(() => {
  process.on("worker", (worker) => workers.push(worker));
});

function open(
  filters: readonly HandlerFilter[],
  options: { readonly thread?: "inline" } = {},
): FemtoFileHandler {
  return endWithTest(
    new FemtoFileHandler({ path: join(makeFolder(), "app.log"), name: "filtered", filters, ...options }),
  );
}

/** Ends the handler's thread, once it has come up. */
async function kill(count: number): Promise<void> {
  await vi.waitFor(() => expect(workers.length).toBeGreaterThanOrEqual(count), LONG);
  await workers.at(-1)?.terminate();
}

function arrivedAt(handler: FemtoFileHandler): number[] {
  return numbersInLines(readFileSync(handler.path, "utf8"));
}

function sumOf({ delivered, filtered, queued, droppedTotal }: HandlerStats): number {
  return delivered + filtered + queued + droppedTotal;
}

/** Path of a module with this text. */
function moduleOf(text: string, name = "filter.mjs"): string {
  const path = join(makeFolder(), name);
  writeFileSync(path, text);
  return path;
}

describe("a handler whose thread dies", () => {
  test("goes on with its filters, also those that were set before the death, and each record is there once", async () => {
    troublesOfTest();
    const before = workers.length;
    const handler = open([]);
    const logger = loggerOf(handler);
    await handler.forceFlush();
    handler.setFilters([
      new FemtoAttributeFilter({ key: "i", value: numbers({ to: 4000 }).filter((i) => i % 2 === 0) }),
    ]);
    for (let burst = 0; burst < 4; burst++) {
      logNumbers(logger, { from: burst * 1000, to: (burst + 1) * 1000 });
      if (burst < 2) await kill(before + 1 + burst);
    }
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual(numbers({ to: 4000 }).filter((i) => i % 2 === 0));
    expect(handler.stats()).toMatchObject({ emitted: 4000, delivered: 2000, filtered: 2000, queued: 0 });
  });

  test("counts anew, and its numbers add up", async () => {
    troublesOfTest();
    const before = workers.length;
    const handler = open([new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR })]);
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 10 });
    await handler.forceFlush();
    await kill(before + 1);
    logNumbers(logger, { from: 10, to: 20 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([0, 10]);
    expect(handler.stats()).toMatchObject({
      emitted: 22,
      delivered: 4,
      filtered: 18,
      summaries: 2,
      queued: 0,
    });
  });

  test("is served by this thread after three deaths, by the same filters, and changes of them hold here", async () => {
    troublesOfTest();
    const before = workers.length;
    const filter = new FemtoLevelFilter({ minimum: "ERROR" });
    const handler = open([filter]);
    const logger = loggerOf(handler);
    for (let death = 1; death <= 3; death++) await kill(before + death);
    logNumbers(logger, { to: 5 });
    await handler.forceFlush();
    filter.update({ minimum: "INFO" });
    logNumbers(logger, { from: 5, to: 10 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual(numbers({ from: 5, to: 10 }));
    expect(sumOf(handler.stats())).toBe(10);
  });
});

describe("a module filter", () => {
  const KEEP = "({ text }) => (record) => record.body === text";
  const KEEP_CLASS =
    "class { constructor({ text }) { this.text = text; } filter(record) { return record.body === this.text; } }";

  test.each([
    ["a class by default", `export default ${KEEP_CLASS}`, "keep.mjs"],
    ["a function called createFilter", `export const createFilter = ${KEEP}; export default 7`, "keep.mjs"],
    ["the exports of a CommonJS module", `module.exports = ${KEEP}`, "keep.cjs"],
    ["an export of a CommonJS module", `exports.createFilter = ${KEEP}`, "keep.cjs"],
    ["what TypeScript makes of a default", `exports.default = ${KEEP}`, "keep.cjs"],
  ])("may be %s", async (_name, code, file) => {
    const handler = open([{ module: moduleOf(code, file), options: { text: "yes" } }]);
    for (const text of ["yes", "no"]) loggerOf(handler).info(text);
    await handler.forceFlush();
    expect(messagesIn(handler.path)).toEqual(["yes"]);
  });

  test.each([
    ["throws when it is loaded", "throw new Error('not today');", "not today"],
    [
      "exports nothing to make a filter with",
      "export const a = 1;",
      'it exports neither "createFilter" nor a default',
    ],
    ["makes no filter", "export default () => ({});", "what it makes is no filter"],
    ["waits while it is loaded", "await null; export default () => () => true;", "Cannot use filter module"],
    ["is no JavaScript", "this is none", "Cannot use filter module"],
  ])("that %s lets all records pass, and that is said", async (_name, text, message) => {
    const troubles = troublesOfTest();
    const handler = open([{ module: moduleOf(text) }, new FemtoAttributeFilter({ key: "i", value: [1, 2] })]);
    logNumbers(loggerOf(handler), { to: 4 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([1, 2]);
    await vi.waitFor(() => expect(troubles.join("\n")).toContain(message), LONG);
    expect(troubles.join("\n")).toContain("all records pass it");
  });

  test("keeps what it has in memory when other filters change", async () => {
    const counting = moduleOf("let n = 0; export default () => () => ++n % 2 === 1;");
    const filter = { module: counting };
    const handler = open([filter]);
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    handler.addFilter(new FemtoLevelFilter());
    logNumbers(loggerOf(handler), { from: 3, to: 6 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([0, 2, 4]);
    handler.removeFilter(filter);
    logNumbers(loggerOf(handler), { from: 6, to: 8 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([0, 2, 4, 6, 7]);
  });
});

describe("the filters of a handler", () => {
  test.each([
    [
      [7],
      '"filters" is an array, must be a list of filters: objects with filter(), functions, or { module, options }',
    ],
    ["none", '"filters" is "none", must be a list of filters'],
    [
      [{ module: "relative.js" }],
      '"filters[0].module" is "relative.js", must be an absolute path or a file: URL',
    ],
    [
      [() => true, { module: "/no/such/filter.js" }],
      '"filters[1].module" is "/no/such/filter.js", must be a module that exists',
    ],
    [
      [{ module: fileURLToPath(import.meta.url), options: { log: () => {} } }],
      '"filters[0].options" is an object, must be data only',
    ],
  ])("%o are an error before anything is started", (filters, message) => {
    const started = workers.length;
    expect(configErrorOf(() => open(filters as HandlerFilter[]))).toContain(message);
    expect(workers).toHaveLength(started);
  });

  test("a change that is wrong changes nothing", async () => {
    const filter = new FemtoLevelFilter({ minimum: "ERROR" });
    const handler = open([filter]);
    expect(configErrorOf(() => handler.setFilters([{ module: "/no/such/filter.js" }]))).toContain(
      'Cannot set the filters of handler "filtered"',
    );
    logNumbers(loggerOf(handler), { to: 4 });
    await handler.forceFlush();
    expect(handler.filters).toEqual([filter]);
    expect(arrivedAt(handler)).toEqual([]);
  });

  test("the builder takes them together and one by one", async () => {
    const path = join(makeFolder(), "app.log");
    const [first, second] = [new FemtoLevelFilter(), new FemtoNameFilter({ name: "other" })];
    const handler = endWithTest(
      FemtoFileHandler.builder().path(path).filters([first]).addFilter(second).build(),
    );
    expect(handler.filters).toEqual([first, second]);
    logNumbers(loggerOf(handler), { to: 4 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ emitted: 4, filtered: 4 });
  });

  test("a filter that is given twice is asked once, and one derived from ours runs on its own thread", async () => {
    class Derived extends FemtoLevelFilter {
      readonly seen: unknown[] = [];
      override filter(record: Parameters<FemtoFilter["filter"]>[0]): boolean {
        this.seen.push(record.attributes["i"]);
        return record.attributes["i"] !== 1;
      }
    }
    const filter = new Derived();
    const handler = open([filter, filter]);
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    expect(filter.seen).toEqual([0, 1, 2]);
    expect(arrivedAt(handler)).toEqual([0, 2]);
  });

  test("changing them after the shutdown does nothing, also to who has the handler's place", async () => {
    const gone = open([]);
    await gone.shutdown();
    const filter = new FemtoLevelFilter({ minimum: "ERROR" });
    // A place is given away when eight others have been shut down.
    for (let i = 0; i < 8; i++) await open([]).shutdown();
    const handler = open([]);
    gone.setFilters([filter, () => false]);
    filter.update({ minimum: "CRITICAL" });
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([0, 1, 2]);
    expect(gone.stats()).toMatchObject({ emitted: 0, filtered: 0 });
  });

  test("a file that is opened for its first record is not there while all are left out", async () => {
    const path = join(makeFolder(), "late.log");
    const filters = [new FemtoAttributeFilter({ key: "i", value: 7 })];
    const handler = endWithTest(new FemtoFileHandler({ path, delay: true, fsync: "batch", filters }));
    logNumbers(loggerOf(handler), { to: 7 });
    await handler.forceFlush();
    expect(existsSync(path)).toBe(false);
    logNumbers(loggerOf(handler), { from: 7, to: 9 });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([7]);
    expect(handler.stats()).toMatchObject({ emitted: 9, delivered: 1, filtered: 8, batches: 1 });
  });

  test("a large record is judged, and replaced, like any other", async () => {
    const filter = ({ attributes }: Parameters<FemtoFilter["filter"]>[0]): boolean => attributes["i"] !== 1;
    const handler = open([filter, new FemtoAttributeFilter({ key: "i", value: 2, action: "drop" })]);
    const big = "x".repeat(300_000);
    for (let i = 0; i < 4; i++) loggerOf(handler).info("record", { i, big });
    await handler.forceFlush();
    expect(arrivedAt(handler)).toEqual([0, 3]);
    expect(handler.stats()).toMatchObject({ emitted: 4, delivered: 2, filtered: 2 });
  });
});

describe("a process", () => {
  const run = (program: string, ...args: readonly string[]): ReturnType<typeof spawnSync> => {
    const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
    return spawnSync(process.execPath, [path, ...args], {
      encoding: "utf8",
      timeout: 25_000,
      env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1" },
    });
  };

  test.each(["natural", "natural, an exporter object", "exit", "exit, inline", "throw"])(
    "tells at its end (%s) what filters have left out",
    (ending) => {
      const path = join(makeFolder(), "app.log");
      run("exit.ts", path, ending);
      expect(messagesIn(path).toSorted()).toEqual([
        "1 record left out",
        "2 records left out",
        "again",
        "number 0",
      ]);
    },
  );

  test("has records of all threads pass built-in filters, and says once which they do not pass", () => {
    const path = join(makeFolder(), "app.log");
    const { stdout, stderr } = run("threads.ts", path);
    expect(messagesIn(path)).toEqual(["private", "public", "private", "public", "private", "public"]);
    expect(JSON.parse(String(stdout))).toMatchObject({ emitted: 9, delivered: 6, filtered: 3 });
    expect(String(stderr).match(/records of this thread do not pass it/g)).toHaveLength(1);
  });
});
