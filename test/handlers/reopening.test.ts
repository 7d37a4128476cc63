import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { FemtoFileHandler, FemtoRotatingFileHandler, type FileHandlerOptions } from "../../src/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { endWithTest, makeFolder, messagesIn } from "./fixture.ts";
import { allNumbersIn } from "./rotating-fixture.ts";

const LONG = { timeout: 20_000, interval: 10 };
const LOGROTATE = ["/usr/sbin/logrotate", "/usr/bin/logrotate"].find((path) => existsSync(path));

function open(options: Partial<FileHandlerOptions> = {}): FemtoFileHandler {
  return endWithTest(new FemtoFileHandler({ path: join(makeFolder(), "app.log"), ...options }));
}

async function log(handler: FemtoFileHandler, message: string): Promise<void> {
  loggerOf(handler).info(message);
  await handler.forceFlush();
}

describe.each(["own", "inline"] as const)("reopenWhenMoved (thread: %s)", (thread) => {
  test("a renamed file is left, and the path made again", async () => {
    const handler = open({ thread });
    await log(handler, "before");
    renameSync(handler.path, `${handler.path}.1`);
    await log(handler, "after");
    expect([messagesIn(`${handler.path}.1`), messagesIn(handler.path)]).toEqual([["before"], ["after"]]);
  });

  test("false: records go on into the renamed file", async () => {
    const handler = open({ thread, reopenWhenMoved: false });
    await log(handler, "before");
    renameSync(handler.path, `${handler.path}.1`);
    await log(handler, "after");
    expect(messagesIn(`${handler.path}.1`)).toEqual(["before", "after"]);
    expect(existsSync(handler.path)).toBe(false);
  });

  test("a folder that is removed while the handler runs is made again", async () => {
    const folder = join(makeFolder(), "logs");
    const handler = open({ thread, path: join(folder, "app.log") });
    await log(handler, "before");
    rmSync(folder, { recursive: true });
    await log(handler, "after");
    expect(messagesIn(handler.path)).toEqual(["after"]);
    expect(handler.stats()).toMatchObject({ delivered: 2, droppedTotal: 0 });
  });

  test("a folder that takes the file's place holds records up until it has gone", async () => {
    const handler = open({ thread, blockTimeoutMillis: 50 });
    await log(handler, "before");
    rmSync(handler.path);
    mkdirSync(handler.path);
    loggerOf(handler).info("after");
    await expect(handler.forceFlush({ timeoutMillis: 200 })).rejects.toThrow("1 record left");
    rmSync(handler.path, { recursive: true });
    await handler.forceFlush();
    expect(messagesIn(handler.path)).toEqual(["after"]);
  });
});

test.skipIf(!canMount()).each(["own", "inline"] as const)(
  "a file that is renamed while a full disk holds up half of a batch gets the other half (thread: %s)",
  async (thread) => {
    const folder = makeFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
    onTestFinished(() => {
      execFileSync("umount", [folder]);
    });
    const filler = join(folder, "filler");
    writeFileSync(filler, Buffer.alloc(200_000));
    const handler = open({ path: join(folder, "app.log"), thread, blockTimeoutMillis: 50 });
    logNumbers(loggerOf(handler), { to: 1200 });
    await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow("left");
    await vi.waitFor(
      () => expect(readFileSync(handler.path, "utf8").split("\n").length).toBeGreaterThan(300),
      LONG,
    );
    renameSync(handler.path, `${handler.path}.1`);
    rmSync(filler);
    await handler.forceFlush();
    await log(handler, "after");
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 1200 }));
    expect(messagesIn(handler.path).at(-1)).toBe("after");
    expect(messagesIn(`${handler.path}.1`).length).toBeGreaterThan(300);
  },
);

function canMount(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}

describe("reopenOnSighup", () => {
  test("each handler that asked for it opens its path again; the last one takes its listener along", async () => {
    const listenerCount = process.listenerCount("SIGHUP");
    const options = { reopenOnSighup: true, reopenWhenMoved: false };
    const rotating = endWithTest(
      new FemtoRotatingFileHandler({ ...options, path: join(makeFolder(), "rotating.log") }),
    );
    const handlers = [open(options), open({ ...options, thread: "inline" }), rotating];
    expect(process.listenerCount("SIGHUP")).toBe(listenerCount + 1);
    for (const handler of handlers) {
      loggerOf(handler).info("before");
      await handler.forceFlush();
      renameSync(handler.path, `${handler.path}.old`);
    }
    process.kill(process.pid, "SIGHUP");
    await vi.waitFor(() => expect(handlers.every(({ path }) => existsSync(path))).toBe(true), LONG);
    for (const handler of handlers) {
      loggerOf(handler).info("after");
      await handler.forceFlush();
      expect(messagesIn(handler.path)).toEqual(["after"]);
      await handler.shutdown();
    }
    expect(process.listenerCount("SIGHUP")).toBe(listenerCount);
  });
});

describe.skipIf(LOGROTATE === undefined)("the logrotate of the distribution", () => {
  function logrotate(path: string, lines: readonly string[]): void {
    const folder = makeFolder();
    const config = join(folder, "logrotate.conf");
    writeFileSync(config, `${path} {\n${["rotate 50", "nomail", ...lines].join("\n")}\n}\n`, { mode: 0o644 });
    execFileSync(LOGROTATE ?? "", ["--force", "--state", join(folder, "state"), config]);
  }

  test.each([
    ["create", ["create 0644"]],
    ["nocreate", ["nocreate"]],
    ["compress, delayed", ["create 0644", "compress", "delaycompress"]],
  ])("%s: no record is lost while it rotates ten times", async (_name, lines) => {
    const handler = open();
    const logger = loggerOf(handler);
    for (let round = 0; round < 10; round++) {
      logNumbers(logger, { from: round * 1000, to: (round + 1) * 1000 });
      await handler.forceFlush();
      logrotate(handler.path, lines);
    }
    logNumbers(logger, { from: 10_000, to: 10_001 });
    await handler.forceFlush();
    expect(readdirSync(join(handler.path, "..")).length).toBeGreaterThanOrEqual(11);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 10_001 }));
  });
});
