import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { FemtoTimedRotatingFileHandler, type TimedRotatingFileHandlerOptions } from "../../src/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { configErrorOf, endWithTest, makeFolder, messagesIn } from "./fixture.ts";
import { allNumbersIn, backupsOf } from "./rotating-fixture.ts";

const LONG = { timeout: 20_000, interval: 10 };
const THREADS = ["own", "inline"] as const;
const HOUR = 3600;

type Options = Partial<TimedRotatingFileHandlerOptions>;

function open(options: Options = {}): FemtoTimedRotatingFileHandler {
  const path = join(makeFolder(), "app.log");
  return endWithTest(new FemtoTimedRotatingFileHandler({ path, utc: true, ...options }));
}

/** A log that was last written at that time, in seconds since 1970. */
function makeLog(modified: number, text = '{"i":-1}\n'): string {
  const path = join(makeFolder(), "app.log");
  writeFileSync(path, text);
  utimesSync(path, modified, modified);
  return path;
}

/** The time as it stands in names of files: `2026-03-29_14` for a length of 13. */
function nameOf(epochSeconds: number, length: number): string {
  const text = new Date(epochSeconds * 1000).toISOString();
  return `${text.slice(0, 10)}_${text.slice(11, 19).replaceAll(":", "-")}`.slice(0, length);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

describe.each(THREADS)("FemtoTimedRotatingFileHandler (thread: %s)", (thread) => {
  test("a file last written in an hour that is over is put away before the first record", async () => {
    const modified = now() - 2 * HOUR;
    const path = makeLog(modified);
    const handler = open({ path, thread });
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    expect(backupsOf(path)).toEqual([`.${nameOf(modified, 13)}`]);
    expect(readFileSync(path + backupsOf(path)[0], "utf8")).toBe('{"i":-1}\n');
    expect(allNumbersIn(path)).toEqual([-1, 0, 1, 2]);
  });

  test("one that is not over yet is gone on with, also when it was last written in the future", async () => {
    for (const modified of [now() - 1800, now() + 5 * HOUR]) {
      const path = makeLog(modified);
      const handler = open({ path, thread });
      logNumbers(loggerOf(handler), { to: 3 });
      await handler.forceFlush();
      expect(backupsOf(path)).toEqual([]);
    }
  });

  test("seconds: there are several files, and nothing is lost, doubled or out of order", async () => {
    const handler = open({ thread, when: "S" });
    const logger = loggerOf(handler);
    let count = 0;
    const end = Date.now() + 3200;
    while (Date.now() < end) {
      logNumbers(logger, { from: count, to: count + 50 });
      count += 50;
      await handler.forceFlush();
    }
    expect(backupsOf(handler.path).length).toBeGreaterThanOrEqual(2);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: count }));
  });

  test("rotateWhenIdle: the file is put away when its time is over, though nothing is logged", async () => {
    const handler = open({ thread, when: "S", rotateWhenIdle: true });
    loggerOf(handler).info("once");
    await handler.forceFlush();
    await vi.waitFor(() => expect(backupsOf(handler.path)).toHaveLength(1), LONG);
    expect(messagesIn(handler.path + backupsOf(handler.path)[0])).toEqual(["once"]);
    expect(handler.stats()).toMatchObject({ delivered: 1, batches: 1 });
  });

  test("rotateWhenIdle: also a file of an earlier process, before anything is logged", async () => {
    const path = makeLog(now() - 2 * HOUR);
    open({ path, thread, rotateWhenIdle: true });
    await vi.waitFor(() => expect(backupsOf(path)).toHaveLength(1), LONG);
  });
});

describe("FemtoTimedRotatingFileHandler: names and what is kept", () => {
  test("an empty file is not put away: it becomes that of the next interval", async () => {
    const path = makeLog(now() - 2 * HOUR, "");
    const handler = open({ path });
    loggerOf(handler).info("first");
    await handler.forceFlush();
    expect(backupsOf(path)).toEqual([]);
  });

  test("size and time together: files of one interval are numbered, and the name that is taken is left alone", async () => {
    const modified = now() - 2 * HOUR;
    const path = makeLog(modified);
    const taken = `${path}.${nameOf(modified, 13)}`;
    writeFileSync(taken, '{"i":-2}\n');
    const handler = open({ path, maxBytes: 10_000, when: "H" });
    logNumbers(loggerOf(handler), { to: 250 });
    await handler.forceFlush();
    const started = backupsOf(path).at(-1)?.split(".")[1] as string;
    expect(backupsOf(path).slice(0, 2)).toEqual([`.${nameOf(modified, 13)}`, `.${nameOf(modified, 13)}.1`]);
    expect(backupsOf(path).slice(2)).toEqual([`.${started}`, `.${started}.1`]);
    expect(allNumbersIn(path)).toEqual([-2, -1, ...numbers({ to: 250 })]);
  });

  test("backupCount: the oldest intervals go; files that only look alike stay", async () => {
    const modified = now() - 30 * HOUR;
    const path = makeLog(modified);
    const ours = ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-03.1", "2020-01-04.gz"];
    const others = ["2020-01-05.bak", "2020-1-1", "x2020-01-01", "2020-01-01_10"];
    for (const ending of [...ours, ...others]) writeFileSync(`${path}.${ending}`, "");
    const handler = open({ path, when: "MIDNIGHT", backupCount: 3 });
    loggerOf(handler).info("next");
    await handler.forceFlush();
    const name = nameOf(modified, 10);
    const left = [...others, "2020-01-03.1", "2020-01-04.gz", name].map((ending) => `.${ending}`);
    expect(backupsOf(path).toSorted()).toEqual(left.toSorted());
  });

  test("a namer's files are found again by what looks like a time in their names", async () => {
    const modified = now() - 2 * HOUR;
    const path = makeLog(modified);
    const named = (suffix: string): string => path.replace("app.log", `app-${suffix}.log`);
    for (const suffix of ["2020-01-01_01", "2020-01-01_02"]) writeFileSync(named(suffix), "");
    writeFileSync(named("2020-01-01"), "someone else's");
    const handler = open({
      path,
      thread: "inline",
      backupCount: 2,
      namer: (name) => name.replace(/app\.log\.(.+)$/, "app-$1.log"),
    });
    loggerOf(handler).info("next");
    await handler.forceFlush();
    const kept = ["2020-01-01", "2020-01-01_01", "2020-01-01_02", nameOf(modified, 13)].map((suffix) =>
      existsSync(named(suffix)),
    );
    expect(kept).toEqual([true, false, true, true]);
  });

  test("compress: gzip, by time", async () => {
    const path = makeLog(now() - 2 * HOUR);
    const handler = open({ path, compress: "gzip" });
    logNumbers(loggerOf(handler), { to: 3 });
    await handler.forceFlush();
    await vi.waitFor(() => expect(backupsOf(path)[0]).toMatch(/\.gz$/), LONG);
    expect(allNumbersIn(path)).toEqual([-1, 0, 1, 2]);
    // Its age is that of its last record.
    const age = now() - statSync(path + backupsOf(path)[0]).mtimeMs / 1000;
    expect(age).toBeGreaterThan(1.9 * HOUR);
  });
});

describe("FemtoTimedRotatingFileHandler: wrong options", () => {
  const wrong = (options: object): string =>
    configErrorOf(() => new FemtoTimedRotatingFileHandler({ path: "/tmp/app.log", delay: true, ...options }));

  test("a time of day where there is none, or that is none", () => {
    expect(wrong({ when: "H", atTime: "12:00" })).toContain(
      'Cannot start handler "timed-rotating-file": "atTime" is "12:00", must be left out with "when" "H": only MIDNIGHT and W0 to W6 have a time of day',
    );
    expect(wrong({ when: "MIDNIGHT", atTime: "24:00" })).toContain(
      'a time of day from "00:00" to "23:59:59"',
    );
    expect(wrong({ when: "W7" })).toContain('"when" is "W7"');
    expect(wrong({ interval: 0 })).toContain('"interval" is 0, must be at least 1');
  });

  test("words of Python are taken in small letters, a limit of size needs no backupCount", () => {
    const path = join(makeFolder(), "app.log");
    const builder = FemtoTimedRotatingFileHandler.builder().path(path).when("midnight").atTime("03:30");
    expect(endWithTest(builder.maxBytes(1000).build()).path).toBe(path);
  });
});
