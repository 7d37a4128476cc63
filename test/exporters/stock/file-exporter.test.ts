import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { BatchLogRecordProcessor, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test } from "vitest";

import { FemtoFileExporter, type FileExporterOptions } from "../../../exporters/index.ts";
import { Fifo } from "../../contract/fifo.ts";
import { configErrorOf, makeFolder, messagesIn, messagesOf } from "../../handlers/fixture.ts";
import { bodies, endWithTest, numbered, recordOf, send } from "./fixture.ts";

const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0;

function open(options: Partial<FileExporterOptions> = {}): FemtoFileExporter {
  return endWithTest(new FemtoFileExporter({ path: join(makeFolder(), "app.log"), ...options }));
}

/** A file system of so many bytes; undefined where none can be mounted. */
function makeSmallDisk(byteCount: number): string {
  const folder = makeFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${byteCount}`, "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
  });
  return folder;
}

describe("FemtoFileExporter", () => {
  test("export() has written all records when it returns, and has answered", () => {
    const exporter = open();
    const codes: number[] = [];
    exporter.export(numbered(3), ({ code }) => codes.push(code));
    expect(messagesIn(exporter.path)).toEqual(bodies(3));
    expect(codes).toEqual([0]);
  });

  test("the stock processors write through it", async () => {
    const exporter = open();
    const provider = new LoggerProvider({
      processors: [new SimpleLogRecordProcessor({ exporter }), new BatchLogRecordProcessor({ exporter })],
    });
    for (const body of bodies(700)) provider.getLogger("stock").emit({ body });
    // Whichever processor is shut down first shuts the exporter down for both.
    await provider.forceFlush();
    await provider.shutdown();
    const messages = messagesIn(exporter.path);
    expect(messages.toSorted()).toEqual([...bodies(700), ...bodies(700)].toSorted());
  });

  test("mode truncate empties the file once, mode append keeps it", async () => {
    const path = join(makeFolder(), "app.log");
    writeFileSync(path, "before\n");
    await send(open({ path }), [recordOf()]);
    expect(readFileSync(path, "utf8")).toMatch(/^before\n\{/);
    for (const delay of [true, false]) {
      const exporter = open({ path, mode: "truncate", delay });
      await send(exporter, numbered(1));
      await send(exporter, numbered(1, 1));
      expect(messagesIn(path)).toEqual(bodies(2));
    }
  });

  test("a formatter of the application that throws fails its record; the others are written, and it is said how many", async () => {
    const exporter = open({
      formatter: ({ body }) => {
        if (body === "record 1") throw new Error("not that one");
        return typeof body === "string" ? body : "";
      },
    });
    const { code, error } = await send(exporter, numbered(3));
    expect(code).toBe(1);
    expect(error?.message).toBe(`Cannot export 1 of 3 records to ${exporter.path}: not that one`);
    expect(readFileSync(exporter.path, "utf8")).toBe("record 0\nrecord 2\n");
  });

  test("a file that was renamed or deleted is opened again", async () => {
    const exporter = open();
    await send(exporter, numbered(1));
    renameSync(exporter.path, `${exporter.path}.old`);
    expect(await send(exporter, numbered(1, 1))).toEqual({ code: 0 });
    expect(messagesIn(exporter.path)).toEqual(["record 1"]);
    rmSync(exporter.path);
    expect(await send(exporter, numbered(1, 2))).toEqual({ code: 0 });
    expect(messagesIn(exporter.path)).toEqual(["record 2"]);
  });

  test("a folder that is removed is made again; one that cannot be fails the export until it can", async () => {
    const folder = join(makeFolder(), "logs");
    const exporter = open({ path: join(folder, "app.log") });
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "in the way");
    const { code, error } = await send(exporter, numbered(2));
    expect(code).toBe(1);
    expect(error?.message).toBe(`Cannot write 2 records to ${exporter.path}: EEXIST`);
    rmSync(folder);
    mkdirSync(folder);
    expect(await send(exporter, numbered(1, 2))).toEqual({ code: 0 });
    expect(messagesIn(exporter.path)).toEqual(["record 2"]);
  });

  test.skipIf(!existsSync("/dev/full"))("/dev/full: the export fails, and says why", async () => {
    const { code, error } = await send(open({ path: "/dev/full" }), numbered(5));
    expect(code).toBe(1);
    expect(error?.message).toBe("Cannot write 5 records to /dev/full: ENOSPC");
  });

  test.skipIf(process.platform !== "linux")(
    "a file that cannot be synced fails the export, which is written",
    async () => {
      const exporter = open({ path: "/dev/null", fsync: "error" });
      expect(await send(exporter, [recordOf({ severityNumber: 9 })])).toEqual({ code: 0 });
      const { code, error } = await send(exporter, [recordOf({ severityNumber: 17 })]);
      expect(code).toBe(1);
      expect(error?.message).toBe(
        "Cannot sync /dev/null: EINVAL; 1 record written, but not safe from a power cut",
      );
    },
  );

  test("after shutdown() exports fail with a clear error, and forceFlush() resolves", async () => {
    const exporter = open();
    await send(exporter, numbered(1));
    await exporter.shutdown();
    await exporter.shutdown();
    await exporter.forceFlush();
    const { code, error } = await send(exporter, numbered(2));
    expect(code).toBe(1);
    expect(error?.message).toBe(
      `Cannot export 2 records to ${exporter.path}: the exporter has been shut down`,
    );
    expect(messagesIn(exporter.path)).toEqual(bodies(1));
  });

  test.skipIf(process.platform !== "linux")("shutdown() closes the file", async () => {
    const exporter = open();
    await send(exporter, numbered(1));
    expect(descriptorsOf(exporter.path)).toBe(1);
    await exporter.shutdown();
    expect(descriptorsOf(exporter.path)).toBe(0);
  });

  test("options that are wrong are a ConfigError: all faults", () => {
    expect(configErrorOf(() => new FemtoFileExporter({ path: "", reopenOnSighup: true } as never))).toMatch(
      /^Cannot start file exporter: 2 faults\n.*reopenOnSighup[^]*"path"|^Cannot start file exporter: 2 faults\n.*"path"[^]*reopenOnSighup/,
    );
    expect(configErrorOf(() => new FemtoFileExporter({ path: "/proc/none/app.log" }))).toContain(
      'Cannot start file exporter: "path" is "/proc/none/app.log", must be a file that can be written',
    );
  });
});

/** Open descriptors of this process that lead to a path. */
function descriptorsOf(path: string): number {
  const leadsThere = (descriptor: string): boolean => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
    } catch {
      // It was that of the list, or has been closed since.
      return false;
    }
  };
  return readdirSync("/proc/self/fd").filter(leadsThere).length;
}

describe.skipIf(!CAN_MOUNT)("a disk that is full", () => {
  test("the export fails, says how many, and its half record is finished before the next", async () => {
    const folder = makeSmallDisk(16_384);
    const ballast = join(folder, "ballast");
    appendFileSync(ballast, Buffer.alloc(12_288));
    const exporter = open({ path: join(folder, "app.log"), format: "text" });
    const records = numbered(100);
    const { code, error } = await send(exporter, records);
    expect(code).toBe(1);
    const written = readFileSync(exporter.path, "utf8").split("\n");
    // The last one is cut: a page is full.
    const wholeCount = written.length - 1;
    expect(written.at(-1)).not.toBe("");
    expect(wholeCount).toBeGreaterThan(10);
    expect(error?.message).toBe(
      `Cannot write ${100 - wholeCount} of 100 records to ${exporter.path}: ENOSPC; one of them is half written, and is finished before the next`,
    );
    expect((await send(exporter, numbered(1, 100))).code).toBe(1);
    truncateSync(ballast);
    expect(await send(exporter, numbered(2, 101))).toEqual({ code: 0 });
    const lines = readFileSync(exporter.path, "utf8").split("\n");
    expect(lines.map((line) => /record \d+$/.exec(line)?.[0] ?? line)).toEqual([
      ...bodies(wholeCount + 1),
      ...bodies(2, 101),
      "",
    ]);
  });

  test("the half record is finished by shutdown(), when there is room by then", async () => {
    const folder = makeSmallDisk(16_384);
    const ballast = join(folder, "ballast");
    appendFileSync(ballast, Buffer.alloc(12_288));
    const exporter = open({ path: join(folder, "app.log") });
    expect((await send(exporter, numbered(100))).code).toBe(1);
    truncateSync(ballast);
    await exporter.shutdown();
    const messages = messagesIn(exporter.path);
    expect(messages).toEqual(bodies(messages.length));
  });

  test("a half record whose file was moved away is finished there, and not in the new file", async () => {
    const folder = makeSmallDisk(16_384);
    const ballast = join(folder, "ballast");
    appendFileSync(ballast, Buffer.alloc(12_288));
    const exporter = open({ path: join(folder, "app.log") });
    expect((await send(exporter, numbered(100))).code).toBe(1);
    renameSync(exporter.path, join(folder, "moved.log"));
    truncateSync(ballast);
    expect(await send(exporter, numbered(1, 100))).toEqual({ code: 0 });
    expect(await send(exporter, numbered(1, 101))).toEqual({ code: 0 });
    const moved = messagesIn(join(folder, "moved.log"));
    expect(moved.at(-1)).toBe("record 100");
    expect(messagesIn(exporter.path)).toEqual(["record 101"]);
  });
});

describe.skipIf(process.platform === "win32")("a pipe", () => {
  test("that is full is waited for, and the export answers when all is written; forceFlush() waits for it", async () => {
    const fifo = new Fifo(join(makeFolder(), "pipe"));
    onTestFinished(() => fifo.close());
    const exporter = open({ path: fifo.path });
    const answers: number[] = [];
    for (const from of [0, 1000, 2000])
      exporter.export(numbered(1000, from), ({ code }) => answers.push(code));
    expect(answers).toEqual([]);
    fifo.startReading();
    await exporter.forceFlush();
    expect(answers).toEqual([0, 0, 0]);
    expect(messagesOf(fifo.text)).toEqual(bodies(3000));
  });

  test(
    "that nobody reads: shutdown() gives up what it does not take, after 5 s",
    { timeout: 30_000 },
    async () => {
      const fifo = new Fifo(join(makeFolder(), "pipe"));
      onTestFinished(() => fifo.close());
      const exporter = open({ path: fifo.path });
      const answer = send(exporter, numbered(3000));
      await exporter.shutdown();
      const { code, error } = await answer;
      expect(code).toBe(1);
      expect(error?.message).toMatch(
        /^Cannot write \d+ of 3000 records to .*: shut down before everything was taken; one of them is half written/,
      );
    },
  );

  test("more records than may wait are refused at once, and the others arrive", async () => {
    const fifo = new Fifo(join(makeFolder(), "pipe"));
    onTestFinished(() => fifo.close());
    const exporter = open({ path: fifo.path });
    const [first, second, third] = [
      send(exporter, numbered(10_000)),
      send(exporter, numbered(6_384, 10_000)),
      send(exporter, numbered(1, 16_384)),
    ];
    expect((await third).error?.message).toBe(
      `Cannot export 1 record to ${fifo.path}: 16384 records wait already, 16384 may`,
    );
    fifo.startReading();
    expect([await first, await second]).toEqual([{ code: 0 }, { code: 0 }]);
    expect(messagesOf(fifo.text)).toEqual(bodies(16_384));
  });

  test("without a reader fails the export", async () => {
    const path = join(makeFolder(), "pipe");
    execFileSync("mkfifo", [path]);
    const exporter = open({ path });
    expect((await send(exporter, numbered(1))).error?.message).toBe(
      `Cannot write 1 record to ${path}: ENXIO`,
    );
    const reader = openSync(path, "r+");
    onTestFinished(() => closeSync(reader));
    expect(await send(exporter, numbered(1))).toEqual({ code: 0 });
  });
});
