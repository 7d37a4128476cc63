import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import {
  FemtoDedupFilter,
  FemtoRateLimitFilter,
  FemtoRotatingFileHandler,
  type RotatingFileHandlerOptions,
} from "../../src/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { configErrorOf, endWithTest, makeFolder, messagesIn, troublesOfTest } from "./fixture.ts";
import { allNumbersIn, backupsOf, hiddenFilesBeside } from "./rotating-fixture.ts";

const LONG = { timeout: 20_000, interval: 10 };
const THREADS = ["own", "inline"] as const;

type Options = Partial<RotatingFileHandlerOptions>;

function open(options: Options = {}): FemtoRotatingFileHandler {
  const path = join(makeFolder(), "app.log");
  return endWithTest(new FemtoRotatingFileHandler({ path, maxBytes: 10_000, backupCount: 100, ...options }));
}

/** Logs the records 0 to `count - 1`, of about 100 bytes each, and waits until they are written. */
async function fill(handler: FemtoRotatingFileHandler, count: number): Promise<void> {
  logNumbers(loggerOf(handler), { to: count });
  await handler.forceFlush();
}

describe.each(THREADS)("FemtoRotatingFileHandler: sizes (thread: %s)", (thread) => {
  test("files stay below maxBytes, hold whole lines, and nothing is lost, doubled or out of order", async () => {
    const handler = open({ thread });
    await fill(handler, 5000);
    const sizes = backupsOf(handler.path).map((ending) => statSync(handler.path + ending).size);
    expect(sizes.length).toBeGreaterThan(30);
    expect(Math.max(...sizes)).toBeLessThan(10_000);
    // Full but for one record.
    expect(Math.min(...sizes)).toBeGreaterThan(9800);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 5000 }));
    expect(handler.stats()).toMatchObject({ delivered: 5000, droppedTotal: 0, replayed: 0 });
  });

  test("a record bigger than maxBytes goes whole into a file of its own, also into an empty one", async () => {
    const handler = open({ thread, maxBytes: 200 });
    const logger = loggerOf(handler);
    for (const message of ["x".repeat(1000), "small", "y".repeat(1000), "z".repeat(1000), "end"]) {
      logger.info(message);
      await handler.forceFlush();
    }
    const letters = [...backupsOf(handler.path), ""].map((ending) =>
      messagesIn(handler.path + ending).map((text) => text.slice(0, 5)),
    );
    expect(letters).toEqual([["xxxxx"], ["small"], ["yyyyy"], ["zzzzz"], ["end"]]);
  });

  test("filters judge a record once, also one that did not fit into the file any more", async () => {
    const filters = [new FemtoDedupFilter({ attributes: true }), new FemtoRateLimitFilter({ count: 3000 })];
    const handler = open({ thread, filters });
    await fill(handler, 3000);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 3000 }));
    expect(handler.stats()).toMatchObject({ emitted: 3000, delivered: 3000, filtered: 0, summaries: 0 });
  });

  test("sizes are bytes, not characters", async () => {
    const handler = open({ thread, maxBytes: 1000, format: "text" });
    const logger = loggerOf(handler);
    logger.info("€".repeat(250));
    logger.info("€".repeat(250));
    await handler.forceFlush();
    expect(backupsOf(handler.path)).toEqual([".1"]);
  });

  test("what is in the file from earlier counts", async () => {
    const path = join(makeFolder(), "app.log");
    writeFileSync(path, `${"o".repeat(9990)}\n`);
    const handler = open({ path, thread });
    await fill(handler, 1);
    expect(backupsOf(path)).toEqual([".1"]);
    expect(statSync(`${path}.1`).size).toBe(9991);
  });

  test("maxBytes 0 never puts the file away", async () => {
    const handler = open({ thread, maxBytes: 0, backupCount: 0 });
    await fill(handler, 1000);
    expect(backupsOf(handler.path)).toEqual([]);
    expect(hiddenFilesBeside(handler.path)).toEqual([]);
  });
});

describe("FemtoRotatingFileHandler: names", () => {
  test("the newest is .1; backupCount files are kept, and the rest of an earlier, higher count goes", async () => {
    const path = join(makeFolder(), "app.log");
    for (let number = 1; number <= 9; number++) writeFileSync(`${path}.${number}`, `earlier ${number}\n`);
    writeFileSync(`${path}.other`, "not ours");
    writeFileSync(`${path}.01`, "not ours");
    const handler = open({ path, backupCount: 3 });
    await fill(handler, 150);
    expect(backupsOf(path)).toEqual([".01", ".1", ".2", ".3", ".other"]);
    expect(readFileSync(`${path}.2`, "utf8")).toBe("earlier 1\n");
    expect(readFileSync(`${path}.3`, "utf8")).toBe("earlier 2\n");
  });

  test("a free number takes up the move: files behind it stay where they are", async () => {
    const path = join(makeFolder(), "app.log");
    // As a process leaves them that was killed between two renames.
    for (const number of [2, 3]) writeFileSync(`${path}.${number}`, `earlier ${number}\n`);
    const handler = open({ path, backupCount: 5 });
    await fill(handler, 150);
    expect(backupsOf(path)).toEqual([".3", ".2", ".1"]);
    expect(readFileSync(`${path}.2`, "utf8")).toBe("earlier 2\n");
  });

  test("a namer and a rotator are called on the thread that made them, with inline", async () => {
    const moves: string[] = [];
    const handler = open({
      thread: "inline",
      backupCount: 3,
      namer: (path) => path.replace(/\.log\.(\d+)$/, "-$1.log"),
      rotator: (source, destination) => {
        moves.push(destination);
        writeFileSync(destination, readFileSync(source, "utf8").toUpperCase());
        writeFileSync(source, "");
      },
    });
    await fill(handler, 500);
    const named = [1, 2, 3].map((number) => handler.path.replace(".log", `-${number}.log`));
    expect(named.map((path) => existsSync(path))).toEqual([true, true, true]);
    expect(existsSync(handler.path.replace(".log", "-4.log"))).toBe(false);
    expect(new Set(moves)).toEqual(new Set([named[0]]));
    expect(readFileSync(named[0] as string, "utf8")).toContain('"LOGGER":"CONTRACT"');
  });

  test("those of a module are called in the handler's thread", async () => {
    const folder = makeFolder();
    const module = join(folder, "hooks.mjs");
    writeFileSync(
      module,
      `import { renameSync } from "node:fs"; import { isMainThread } from "node:worker_threads";
       export const namer = (path) => path + (isMainThread ? ".main" : ".worker");
       export const rotator = (from, to) => renameSync(from, to);`,
    );
    const handler = open({ path: join(folder, "app.log"), namer: { module }, rotator: { module } });
    await fill(handler, 150);
    expect(backupsOf(handler.path)).toEqual([".1.worker"]);
  });
});

describe("FemtoRotatingFileHandler: what is kept", () => {
  test("maxTotalBytes: the oldest go until the rest and a full file fit", async () => {
    const handler = open({ backupCount: 0, maxTotalBytes: 45_000 });
    await fill(handler, 2000);
    expect(backupsOf(handler.path)).toEqual([".3", ".2", ".1"]);
    expect(allNumbersIn(handler.path).at(-1)).toBe(1999);
  });

  test("maxAgeMillis: those last written longer ago go, when the handler opens the file", async () => {
    const path = join(makeFolder(), "app.log");
    const old = Date.now() / 1000 - 3600;
    for (const number of [1, 2]) writeFileSync(`${path}.${number}`, "earlier\n");
    utimesSync(`${path}.2`, old, old);
    open({ path, backupCount: 0, maxAgeMillis: 1_800_000 });
    await vi.waitFor(() => expect(backupsOf(path)).toEqual([".1"]), LONG);
  });

  test.each(THREADS)("maxAgeMillis: also while nothing is logged (thread: %s)", async (thread) => {
    const path = join(makeFolder(), "app.log");
    const handler = open({ path, thread, backupCount: 0, maxAgeMillis: 500 });
    await fill(handler, 150);
    await vi.waitFor(() => expect(backupsOf(path)).toEqual([]), LONG);
    expect(statSync(path).size).toBeGreaterThan(0);
  });
});

describe("FemtoRotatingFileHandler: compress", () => {
  test.each([
    ["gzip", ".gz", "own"],
    ["zstd", ".zst", "own"],
    ["gzip", ".gz", "inline"],
  ] as const)(
    "%s: each file that was put away gets the ending %s (thread: %s)",
    async (compress, ending, thread) => {
      const handler = open({ compress, thread, maxBytes: 50_000 });
      await fill(handler, 3000);
      await vi.waitFor(
        () => expect(backupsOf(handler.path).every((name) => name.endsWith(ending))).toBe(true),
        LONG,
      );
      expect(backupsOf(handler.path).length).toBeGreaterThan(3);
      expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 3000 }));
      const sizes = backupsOf(handler.path).map((name) => statSync(handler.path + name).size);
      expect(Math.max(...sizes)).toBeLessThan(25_000);
      await vi.waitFor(
        () => expect(hiddenFilesBeside(handler.path)).toEqual([".app.log.lock", ".app.log.lock.compress"]),
        LONG,
      );
    },
  );

  test("what an end broke off is done at the next start, and its unfinished file goes", async () => {
    const path = join(makeFolder(), "app.log");
    writeFileSync(`${path}.1`, '{"i":7}\n');
    writeFileSync(join(path, "..", ".app.log.4711.tmp"), "half");
    const handler = open({ path, compress: "gzip" });
    await vi.waitFor(() => expect(backupsOf(path)).toEqual([".1.gz"]), LONG);
    await vi.waitFor(() => expect(hiddenFilesBeside(path)).not.toContain(".app.log.4711.tmp"), LONG);
    await fill(handler, 1);
    expect(allNumbersIn(path)).toEqual([7, 0]);
  });

  test.each(["gzip", "zstd"] as const)("%s: a file of several MiB reads back whole", async (compress) => {
    const path = join(makeFolder(), "app.log");
    const text = Array.from({ length: 300_000 }, (_, i) => `{"i":${i}}\n`).join("");
    writeFileSync(`${path}.1`, text);
    open({ path, compress });
    await vi.waitFor(() => expect(existsSync(`${path}.1`)).toBe(false), LONG);
    expect(allNumbersIn(path)).toEqual(numbers({ to: 300_000 }));
  });

  test("a file that is being compressed may be renamed: the endings move with the numbers", async () => {
    const handler = open({ compress: "gzip", backupCount: 3, maxBytes: 20_000 });
    await fill(handler, 5000);
    await vi.waitFor(() => expect(backupsOf(handler.path)).toEqual([".3.gz", ".2.gz", ".1.gz"]), LONG);
    const kept = allNumbersIn(handler.path);
    expect(kept).toEqual(numbers({ from: 5000 - kept.length, to: 5000 }));
  });

  test("trouble is told, and the file stays as it was", async () => {
    const troubles = troublesOfTest();
    const handler = open({ compress: "gzip" });
    // A folder stands where the compressed file must go.
    mkdirSync(`${handler.path}.1.gz`);
    await fill(handler, 150);
    await vi.waitFor(async () => {
      loggerOf(handler).info("asks for trouble", { i: -1 });
      await handler.forceFlush();
      expect(troubles.join("\n")).toMatch(/Cannot compress rotated files of .*app\.log: .*EISDIR/);
    }, LONG);
    expect(existsSync(`${handler.path}.1`)).toBe(true);
    expect(handler.stats().droppedTotal).toBe(0);
  });
});

describe("FemtoRotatingFileHandler: wrong options", () => {
  const path = "/tmp/app.log";
  const wrong = (options: Options): string =>
    configErrorOf(() => new FemtoRotatingFileHandler({ path, delay: true, ...options }));

  test("a limit without a word on what is kept", () => {
    expect(wrong({ maxBytes: 1000 })).toContain(
      'Cannot start handler "rotating-file": "backupCount" is 0, must be at least 1 with "maxBytes", unless "maxAgeMillis" or "maxTotalBytes" says how long files are kept; try 5',
    );
  });

  test("less room for all files than for one", () => {
    expect(wrong({ maxBytes: 1000, maxTotalBytes: 1000 })).toContain(
      '"maxTotalBytes" is 1000, must be more than "maxBytes", which is 1000',
    );
  });

  test("a function that cannot travel, and modules that cannot be used", () => {
    expect(wrong({ maxBytes: 1, backupCount: 1, namer: String })).toContain(
      'must be { module }, or "thread" must be "inline": a function cannot go to another thread',
    );
    const module = new URL("./fixture.ts", import.meta.url);
    expect(wrong({ rotator: { module } })).toContain('exports neither "rotator" nor a default');
    expect(wrong({ namer: { module: "/nowhere/hooks.js" } })).toContain("Cannot find module");
    expect(wrong({ namer: { module: "hooks.js" } })).toContain("must be a function, or { module }");
  });

  test("compress beside a rotator, and a mode", () => {
    expect(wrong({ compress: "gzip", rotator: { module: "/hooks.js" } })).toContain("rotator");
    expect(wrong({ mode: "truncate" } as Options)).toContain('"mode"');
  });

  test("the builder makes the same handler", async () => {
    const builder = FemtoRotatingFileHandler.builder().path(join(makeFolder(), "app.log"));
    const handler = endWithTest(builder.maxBytes(1000).backupCount(2).build());
    await fill(handler, 100);
    expect(backupsOf(handler.path)).toEqual([".2", ".1"]);
  });
});
