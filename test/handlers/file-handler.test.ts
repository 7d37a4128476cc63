import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FemtoFileHandler, type FileHandlerOptions, FlushTimeoutError } from "../../src/index.ts";
import { Fifo } from "../contract/fifo.ts";
import { loggerOf, logNumbers, numbers, numbersInLines } from "../contract/destination.ts";
import { configErrorOf, endWithTest, makeFolder, messagesIn, troublesOfTest } from "./fixture.ts";

const LONG_MILLIS = 10_000;

function open(options: FileHandlerOptions): FemtoFileHandler {
  return endWithTest(new FemtoFileHandler(options));
}

/** Logs messages to a new handler and flushes it. Returns its path. */
async function write(
  options: Partial<FileHandlerOptions> & { readonly path?: string },
  ...messages: readonly string[]
): Promise<string> {
  const path = options.path ?? join(makeFolder(), "app.log");
  const handler = open({ ...options, path });
  const logger = loggerOf(handler);
  for (const message of messages) logger.info(message);
  await handler.shutdown();
  return path;
}

describe("FemtoFileHandler: where it writes", () => {
  test("appends to what is in the file", async () => {
    const path = join(makeFolder(), "app.log");
    await write({ path }, "first");
    await write({ path }, "second");
    expect(messagesIn(path)).toEqual(["first", "second"]);
  });

  test.each([
    { mode: "truncate", delay: false },
    { mode: "truncate", delay: true },
    { mode: "w", delay: false },
  ] as const)("mode %o empties the file once", async (options) => {
    const path = join(makeFolder(), "app.log");
    await write({ path }, "old");
    const handler = open({ path, ...options });
    const logger = loggerOf(handler);
    logger.info("first");
    await handler.reopen();
    logger.info("second");
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(["first", "second"]);
  });

  test("the file is there, empty, as soon as the handler is; with delay: true from the first record on", async () => {
    const folder = makeFolder();
    open({ path: join(folder, "now.log") });
    const delayed = open({ path: join(folder, "later.log"), delay: true });
    expect(readFileSync(join(folder, "now.log"), "utf8")).toBe("");
    await delayed.forceFlush();
    expect(existsSync(delayed.path)).toBe(false);
    loggerOf(delayed).info("now");
    await delayed.forceFlush();
    expect(messagesIn(delayed.path)).toEqual(["now"]);
  });

  test("a relative path is made absolute when the handler is made", async () => {
    const path = join(makeFolder(), "app.log");
    const handler = open({ path: relative(process.cwd(), path) });
    expect(handler.path).toBe(path);
    loggerOf(handler).info("there");
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(["there"]);
  });

  test.each([true, false])("missing folders are made (delay: %s)", async (delay) => {
    const path = join(makeFolder(), "a", "b", "app.log");
    await write({ path, delay }, "there");
    expect(messagesIn(path)).toEqual(["there"]);
  });

  test("fileMode are the permissions of a file that is made, less the umask, and not of one that is there", async () => {
    const umask = process.umask(0o022);
    onTestFinished(() => {
      process.umask(umask);
    });
    const modeOf = (path: string): number => statSync(path).mode & 0o777;
    expect(modeOf(await write({ fileMode: 0o660 }, "new"))).toBe(0o640);
    expect(modeOf(await write({ fileMode: 0o660, delay: true }, "new"))).toBe(0o640);
    const path = await write({}, "old");
    chmodSync(path, 0o600);
    expect(modeOf(await write({ path, fileMode: 0o666 }, "more"))).toBe(0o600);
  });

  test("the builder makes the same handler", async () => {
    const path = join(makeFolder(), "app.log");
    const handler = endWithTest(FemtoFileHandler.builder().path(path).name("built").level("WARN").build());
    loggerOf(handler).warn("there");
    await handler.forceFlush();
    expect([handler.name, handler.level, messagesIn(path)]).toEqual(["built", 13, ["there"]]);
  });
});

describe("FemtoFileHandler: what it writes", () => {
  test.each([
    ["utf8", "utf8", "é€😀"],
    ["utf16le", "utf16le", "é€😀"],
    ["latin1", "latin1", String.raw`é\u20ac\ud83d\ude00`],
    ["ascii", "latin1", String.raw`\u00e9\u20ac\ud83d\ude00`],
  ] as const)("encoding %s", async (encoding, readAs, expected) => {
    const text = readFileSync(await write({ format: "text", encoding }, "é€😀"), readAs);
    expect(text).toMatch(/^\d{4}-/);
    expect(text.endsWith(`${expected}\n`)).toBe(true);
  });

  test.each(["\r\n", "\0", "", "--\n"])("terminator %j ends each record", async (terminator) => {
    const text = readFileSync(await write({ terminator }, "one", "two"), "utf8");
    expect(text.endsWith(`"msg":"two"}${terminator}`)).toBe(true);
    expect(
      text.split(terminator === "" ? /(?=\{"time)/ : terminator).filter((line) => line !== ""),
    ).toHaveLength(2);
  });

  test("format text writes a line for people", async () => {
    const line = readFileSync(await write({ format: "text" }, "for people"), "utf8");
    expect(line).toMatch(/^\S.* INFO .*for people.*\n$/);
  });
});

/** A descriptor of a pipe cannot be synced: the trouble says when the handler tried. */
describe("FemtoFileHandler: fsync", () => {
  test.each([
    ["never", 0, 0],
    ["batch", 1, 1],
    ["error", 0, 1],
  ] as const)("%s", async (fsync, afterInfo, afterError) => {
    const troubles = troublesOfTest();
    const fifo = new Fifo(join(makeFolder(), "fifo"));
    onTestFinished(() => fifo.close());
    fifo.startReading();
    const handler = open({ path: fifo.path, fsync });
    const countTried = (): number =>
      troubles.filter((trouble) => trouble.startsWith(`Cannot sync ${fifo.path}: EINVAL`)).length;
    loggerOf(handler).info("info");
    await handler.forceFlush();
    await vi.waitFor(() => expect(countTried()).toBe(afterInfo));
    loggerOf(handler).error("error");
    await handler.forceFlush();
    // Told once a minute.
    await vi.waitFor(() => expect(countTried()).toBe(afterError));
  });

  test.each(["batch", "error"] as const)("%s of a file works", async (fsync) => {
    const troubles = troublesOfTest();
    const path = join(makeFolder(), "app.log");
    const handler = open({ path, fsync });
    loggerOf(handler).error("safe");
    await handler.shutdown();
    expect([messagesIn(path), troubles]).toEqual([["safe"], []]);
  });
});

describe("FemtoFileHandler: a file that changes under it", () => {
  test.each(["own", "inline"] as const)(
    "reopen() after a rename: what was logged before is in the old file (thread: %s)",
    async (thread) => {
      const folder = makeFolder();
      const path = join(folder, "app.log");
      const handler = open({ path, thread, reopenWhenMoved: false });
      const logger = loggerOf(handler);
      logger.info("opens the file");
      await handler.forceFlush();
      for (let i = 1; i < 1000; i++) logger.info(`before ${i}`);
      renameSync(path, join(folder, "app.log.1"));
      await handler.reopen();
      logger.info("after");
      await handler.forceFlush();
      expect(messagesIn(join(folder, "app.log.1"))).toHaveLength(1000);
      expect(messagesIn(path)).toEqual(["after"]);
    },
  );

  test.each(["own", "inline"] as const)(
    "a file that was deleted is made again for the next batch (thread: %s)",
    async (thread) => {
      const path = join(makeFolder(), "app.log");
      const handler = open({ path, thread });
      const logger = loggerOf(handler);
      logger.info("before");
      await handler.forceFlush();
      unlinkSync(path);
      logger.info("after");
      await handler.forceFlush();
      expect(messagesIn(path)).toEqual(["after"]);
      expect(handler.stats()).toMatchObject({ delivered: 2, droppedTotal: 0 });
    },
  );

  test("records wait while the file cannot be opened, and that is told", async () => {
    const troubles = troublesOfTest();
    const folder = join(makeFolder(), "logs");
    const path = join(folder, "app.log");
    const handler = open({ path, delay: true, mkdir: false });
    loggerOf(handler).info("patient");
    await expect(handler.forceFlush({ timeoutMillis: 200 })).rejects.toThrow(FlushTimeoutError);
    const expected = `Cannot open ${path}: ENOENT; the records wait in the queue`;
    await vi.waitFor(() => expect(troubles).toContain(expected), LONG_MILLIS);
    mkdirSync(folder);
    await handler.forceFlush();
    expect(messagesIn(path)).toEqual(["patient"]);
  });

  test.each(["own", "inline"] as const)(
    "/dev/full: records are kept and that is told (thread: %s)",
    async (thread) => {
      const troubles = troublesOfTest();
      const handler = open({ path: "/dev/full", thread, blockTimeoutMillis: 100 });
      loggerOf(handler).info("kept");
      await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow("1 record left");
      const expected = /Cannot write \d+ bytes to \/dev\/full: ENOSPC; the records wait in the queue/;
      await vi.waitFor(() => expect(troubles.join("\n")).toMatch(expected), LONG_MILLIS);
      expect(handler.stats()).toMatchObject({ emitted: 1, queued: 1, droppedTotal: 0 });
    },
  );

  test.skipIf(!canMount()).each(["own", "inline"] as const)(
    "a disk that is full for a while costs nothing: each record is there once, in whole lines (thread: %s)",
    async (thread) => {
      const folder = makeFolder();
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
      onTestFinished(() => {
        execFileSync("umount", [folder]);
      });
      const troubles = troublesOfTest();
      const filler = join(folder, "filler");
      writeFileSync(filler, Buffer.alloc(200_000));
      const handler = open({ path: join(folder, "app.log"), thread, blockTimeoutMillis: 50 });
      const logger = loggerOf(handler);
      for (let i = 0; i < 1500; i++) logger.info(`record ${i}`);
      await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow(FlushTimeoutError);
      const expected = "ENOSPC; the records wait in the queue";
      await vi.waitFor(() => expect(troubles.join("\n")).toContain(expected), LONG_MILLIS);
      rmSync(filler);
      await handler.forceFlush();
      expect(messagesIn(handler.path)).toEqual(Array.from({ length: 1500 }, (_, i) => `record ${i}`));
      expect(handler.stats()).toMatchObject({ delivered: 1500, droppedTotal: 0 });
    },
  );
});

function canMount(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

describe("FemtoFileHandler: wrong options", () => {
  test("a path that cannot be written", () => {
    const folder = makeFolder();
    const path = join(folder, "sub");
    mkdirSync(path);
    expect(configErrorOf(() => new FemtoFileHandler({ path }))).toBe(
      `Cannot start handler "file": "path" is ${JSON.stringify(path)}, must be a file that can be written (EISDIR); choose another path, or give this process the right to write there (CONFIG.md#path)`,
    );
    const missing = join(folder, "missing", "app.log");
    expect(
      configErrorOf(() => new FemtoFileHandler({ name: "audit", path: missing, mkdir: false })),
    ).toContain(
      `Cannot start handler "audit": "path" is ${JSON.stringify(missing)}, must be a file that can be written (ENOENT)`,
    );
  });

  test("no path", () => {
    expect(configErrorOf(() => new FemtoFileHandler({} as FileHandlerOptions))).toBe(
      'Cannot start handler "file": "path" is missing, must be given; see CONFIG.md#path',
    );
  });

  test("an option that there is not, with the one that is meant", () => {
    const path = join(makeFolder(), "app.log");
    const options = { path, queueByte: 1 } as FileHandlerOptions;
    expect(configErrorOf(() => new FemtoFileHandler(options))).toContain('did you mean "queueBytes"?');
    const pythons = { filename: path } as unknown as FileHandlerOptions;
    expect(configErrorOf(() => new FemtoFileHandler(pythons))).toContain('did you mean "path"?');
  });

  test("all faults at once, and no file is made", () => {
    const path = join(makeFolder(), "app.log");
    const options = {
      name: "audit",
      path,
      queueBytes: 500,
      overflow: "wait",
      mkdir: "yes",
    } as unknown as FileHandlerOptions;
    const text = configErrorOf(() => new FemtoFileHandler(options));
    expect(text).toContain('Cannot start handler "audit": 3 faults');
    expect(text).toContain('"queueBytes" is 500, must be at least 65536 and at most');
    expect(text).toContain('"overflow" is "wait", must be');
    expect(text).toContain('"mkdir" is "yes", must be');
    expect(existsSync(path)).toBe(false);
  });

  test("tryBuild() returns them", () => {
    const result = FemtoFileHandler.builder().path("/dev").tryBuild();
    expect(result).toMatchObject({ ok: false, errors: [{ path: "path", value: "/dev" }] });
  });
});

test("thread 'inline': what a pipe held up goes out as fast as it takes it, also in small batches", async () => {
  const fifo = new Fifo(join(makeFolder(), "fifo"));
  onTestFinished(() => fifo.close());
  const handler = endWithTest(
    new FemtoFileHandler({ path: fifo.path, thread: "inline", maxExportBatchSize: 5, blockTimeoutMillis: 1 }),
  );
  logNumbers(loggerOf(handler), { to: 3000 });
  const { batches, queued } = handler.stats();
  expect(queued).toBeGreaterThan(1000);
  fifo.startReading();
  const start = performance.now();
  await handler.forceFlush();
  // A batch a try would be 20 in a second.
  const millis = performance.now() - start;
  expect((handler.stats().batches - batches) / millis).toBeGreaterThan(0.1);
  expect(numbersInLines(fifo.text)).toEqual(numbers({ to: 3000 }));
});
