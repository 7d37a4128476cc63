import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import {
  FemtoRotatingFileExporter,
  FemtoTimedRotatingFileExporter,
  type RotatingFileExporterOptions,
  type TimedRotatingFileExporterOptions,
} from "../../../exporters/index.ts";
import { FemtoRotatingFileHandler, FemtoLoggerProvider } from "../../../src/index.ts";
import { configErrorOf, makeFolder, messagesOf } from "../../handlers/fixture.ts";
import { backupsOf, wholeTextOf } from "../../handlers/rotating-fixture.ts";
import { bodies, endWithTest, numbered, recordOf, send } from "./fixture.ts";

const LONG = { timeout: 20_000, interval: 10 };

function open(options: Partial<RotatingFileExporterOptions> = {}): FemtoRotatingFileExporter {
  const path = join(makeFolder(), "app.log");
  return endWithTest(new FemtoRotatingFileExporter({ path, maxBytes: 2000, backupCount: 1000, ...options }));
}

function openTimed(options: Partial<TimedRotatingFileExporterOptions> = {}): FemtoTimedRotatingFileExporter {
  const path = join(makeFolder(), "app.log");
  return endWithTest(new FemtoTimedRotatingFileExporter({ path, ...options }));
}

describe("FemtoRotatingFileExporter", () => {
  test("one export fills many files: whole records in each, none as big as maxBytes, none lost", () => {
    const exporter = open();
    const codes: number[] = [];
    exporter.export(numbered(300), ({ code }) => codes.push(code));
    expect(codes).toEqual([0]);
    const files = backupsOf(exporter.path).map((ending) => exporter.path + ending);
    expect(files.length).toBeGreaterThan(10);
    for (const path of files) {
      expect(messagesOf(readFileSync(path, "utf8"))).not.toEqual([]);
      expect(statSync(path).size).toBeLessThan(2000);
      expect(statSync(path).size).toBeGreaterThan(1700);
    }
    expect(messagesOf(wholeTextOf(exporter.path))).toEqual(bodies(300));
  });

  test("puts the file away where the handler does, record by record", async () => {
    const exporter = open();
    const path = join(makeFolder(), "app.log");
    const handler = new FemtoRotatingFileHandler({ path, maxBytes: 2000, backupCount: 1000 });
    const logger = new FemtoLoggerProvider({ processors: [handler] }).getLogger("stock");
    for (let i = 0; i < 200; i++) {
      const record = { body: "x".repeat((i * 37) % 400), timestamp: [1_700_000_000, i] as [number, number] };
      logger.emit(record);
      await send(exporter, [
        recordOf({ body: record.body, hrTime: record.timestamp, instrumentationScope: { name: "stock" } }),
      ]);
    }
    await handler.shutdown();
    const sizesOf = (one: string): number[] => backupsOf(one).map((ending) => statSync(one + ending).size);
    expect(sizesOf(exporter.path).length).toBeGreaterThan(10);
    expect(sizesOf(exporter.path)).toEqual(sizesOf(path));
  });

  test("a record that is bigger than maxBytes gets a file of its own", async () => {
    const exporter = open();
    const records = ["small", "x".repeat(5000), "small too"].map((body) => recordOf({ body }));
    expect(await send(exporter, records)).toEqual({ code: 0 });
    expect(backupsOf(exporter.path)).toEqual([".2", ".1"]);
    expect(messagesOf(readFileSync(`${exporter.path}.1`, "utf8"))).toEqual(["x".repeat(5000)]);
  });

  test("functions as namer and rotator, and no more files than backupCount", async () => {
    const exporter = open({ backupCount: 2, namer: (path) => path.replace("app.log", "old.log") });
    await send(exporter, numbered(200));
    const folder = exporter.path.slice(0, -basename(exporter.path).length);
    expect(existsSync(join(folder, "old.log.2"))).toBe(true);
    expect(existsSync(join(folder, "old.log.3"))).toBe(false);
  });

  test("compress: files are compressed in a thread, and complete", { timeout: 30_000 }, async () => {
    const exporter = open({ compress: "gzip" });
    await send(exporter, numbered(100));
    await vi.waitFor(() => {
      const backups = backupsOf(exporter.path);
      expect(backups.length).toBeGreaterThan(2);
      expect(backups.every((ending) => ending.endsWith(".gz"))).toBe(true);
    }, LONG);
    expect(messagesOf(wholeTextOf(exporter.path))).toEqual(bodies(100));
  });

  test("maxAgeMillis: what is too old is deleted also when nothing is exported", async () => {
    const path = join(makeFolder(), "app.log");
    writeFileSync(`${path}.1`, "old\n");
    utimesSync(`${path}.1`, 1, 1);
    open({ path, maxAgeMillis: 3_600_000 });
    await vi.waitFor(() => expect(existsSync(`${path}.1`)).toBe(false), LONG);
  });

  test("a file that is deleted between two exports is begun anew", async () => {
    const exporter = open();
    await send(exporter, numbered(1));
    rmSync(exporter.path);
    expect(await send(exporter, numbered(1, 1))).toEqual({ code: 0 });
    expect(messagesOf(readFileSync(exporter.path, "utf8"))).toEqual(["record 1"]);
  });

  test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
    "a disk that fills up in the middle of a file: whole records in each file once there is room again",
    async () => {
      const folder = makeFolder();
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=65536", "tmpfs", folder]);
      onTestFinished(() => {
        execFileSync("umount", ["-l", folder]);
      });
      const ballast = join(folder, "ballast");
      writeFileSync(ballast, Buffer.alloc(40_960));
      const exporter = open({ path: join(folder, "app.log"), maxBytes: 5000 });
      const { code, error } = await send(exporter, numbered(400));
      expect(code).toBe(1);
      const failedCount = Number(/^Cannot write (\d+) of 400 records/.exec(error?.message ?? "")?.[1]);
      const isCut = error?.message.includes("half written") === true;
      truncateSync(ballast);
      expect(await send(exporter, numbered(100, 400))).toEqual({ code: 0 });
      const files = [...backupsOf(exporter.path), ""].map((ending) => exporter.path + ending);
      const messages = files.flatMap((path) => messagesOf(readFileSync(path, "utf8")));
      expect(messages).toEqual([...bodies(400 - failedCount + (isCut ? 1 : 0)), ...bodies(100, 400)]);
      expect(files.every((path) => statSync(path).size < 5000)).toBe(true);
    },
  );

  test("options that do not go together are a ConfigError", () => {
    expect(configErrorOf(() => open({ backupCount: 0 }))).toMatch(
      /^Cannot start rotating file exporter: "backupCount" is 0, must be at least 1 with "maxBytes"/,
    );
    expect(configErrorOf(() => open({ queueBytes: 65_536 } as never))).toContain("queueBytes");
  });
});

describe("FemtoTimedRotatingFileExporter", () => {
  test("a file whose time is over is put away before the next record", async () => {
    const exporter = openTimed({ when: "H", utc: true });
    writeFileSync(exporter.path, "before\n");
    utimesSync(exporter.path, 1_700_000_000, 1_700_000_000);
    expect(await send(exporter, numbered(1))).toEqual({ code: 0 });
    expect(backupsOf(exporter.path)).toEqual([".2023-11-14_22"]);
    expect(messagesOf(readFileSync(exporter.path, "utf8"))).toEqual(bodies(1));
  });

  test("rotateWhenIdle: also when nothing is exported", { timeout: 30_000 }, async () => {
    const exporter = openTimed({ when: "S", rotateWhenIdle: true });
    await send(exporter, numbered(1));
    await vi.waitFor(() => expect(backupsOf(exporter.path).length).toBe(1), LONG);
    expect(messagesOf(wholeTextOf(exporter.path))).toEqual(bodies(1));
  });

  test("options that do not go together are a ConfigError", () => {
    expect(configErrorOf(() => openTimed({ when: "H", atTime: "12:00" }))).toMatch(
      /^Cannot start timed rotating file exporter: "atTime" is "12:00", must be left out with "when" "H"/,
    );
  });
});
