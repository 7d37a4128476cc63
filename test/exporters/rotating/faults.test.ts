import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { lockPathOf, withLock } from "../../../exporters/rotating/process-lock.ts";
import {
  FemtoRotatingFileHandler,
  FlushTimeoutError,
  type RotatingFileHandlerOptions,
} from "../../../src/index.ts";
import { loggerOf, logNumbers, numbers } from "../../contract/destination.ts";
import { endWithTest, makeFolder, troublesOfTest } from "../../handlers/fixture.ts";
import { allNumbersIn, backupsOf, hiddenFilesBeside } from "../../handlers/rotating-fixture.ts";
import { QUIET_END, startLogging } from "./run-log-program.ts";

const LONG = { timeout: 20_000, interval: 10 };
const THREADS = ["own", "inline"] as const;
const CAN_MOUNT = process.platform === "linux" && process.getuid?.() === 0;
const NOBODY = 65_534;

const workers: Worker[] = [];

beforeAll(() => {
  process.on("worker", (worker) => workers.push(worker));
});

type Options = Partial<RotatingFileHandlerOptions>;

function open(options: Options = {}): FemtoRotatingFileHandler {
  const path = join(makeFolder(), "app.log");
  return endWithTest(
    new FemtoRotatingFileHandler({
      path,
      maxBytes: 10_000,
      backupCount: 1000,
      blockTimeoutMillis: 50,
      ...options,
    }),
  );
}

async function fill(handler: FemtoRotatingFileHandler, range: { from?: number; to: number }): Promise<void> {
  logNumbers(loggerOf(handler), range);
  await handler.forceFlush();
}

/** Logs until the fault that has ended is no longer waited for. Returns how many records there are then. */
async function fillUntilRotated(handler: FemtoRotatingFileHandler, from: number): Promise<number> {
  const before = backupsOf(handler.path).length;
  let count = from;
  await vi.waitFor(async () => {
    await fill(handler, { from: count, to: ++count });
    expect(backupsOf(handler.path).length).toBeGreaterThan(before);
  }, LONG);
  return count;
}

function mountSmall(folder: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", [folder]);
  });
}

describe.each(THREADS)("a rotation that fails (thread: %s)", (thread) => {
  test("EISDIR: records go on into the file, that is told, and it rotates when the fault has ended", async () => {
    const troubles = troublesOfTest();
    const handler = open({ thread });
    mkdirSync(`${handler.path}.1`);
    await fill(handler, { to: 500 });
    expect(statSync(handler.path).size).toBeGreaterThan(30_000);
    const expected = /Cannot rotate .*app\.log: E\w+; records go on into the file, and it is tried again/;
    await vi.waitFor(() => expect(troubles.join("\n")).toMatch(expected), LONG);
    rmdirSync(`${handler.path}.1`);
    const count = await fillUntilRotated(handler, 500);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: count }));
    expect(handler.stats()).toMatchObject({ delivered: count, droppedTotal: 0 });
  });

  test.skipIf(!CAN_MOUNT)("EBUSY of a backup that cannot be renamed: the same", async () => {
    const troubles = troublesOfTest();
    const path = join(makeFolder(), "app.log");
    writeFileSync(`${path}.1`, "");
    execFileSync("mount", ["--bind", `${path}.1`, `${path}.1`]);
    let isMounted = true;
    const unmount = (): void => {
      if (isMounted) execFileSync("umount", [`${path}.1`]);
      isMounted = false;
    };
    onTestFinished(unmount);
    const handler = open({ path, thread });
    await fill(handler, { to: 500 });
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("app.log: EBUSY; records go on"), LONG);
    unmount();
    const count = await fillUntilRotated(handler, 500);
    expect(allNumbersIn(path)).toEqual(numbers({ to: count }));
    expect(handler.stats()).toMatchObject({ delivered: count, droppedTotal: 0 });
  });

  test("a lock that someone else keeps: records go on into the file until it is free", async () => {
    const handler = open({ thread });
    const action = (): void => {
      logNumbers(loggerOf(handler), { to: 500 });
      expect(handler.flushSync(10_000)).toBe(true);
      expect(backupsOf(handler.path)).toEqual([]);
    };
    withLock(lockPathOf(handler.path), { waitMillis: 0, fileMode: 0o666, action });
    const count = await fillUntilRotated(handler, 500);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: count }));
  });

  test("no locks there: it is told, and rotates all the same", async () => {
    const troubles = troublesOfTest();
    const handler = open({ thread });
    mkdirSync(lockPathOf(handler.path));
    await fill(handler, { to: 500 });
    expect(backupsOf(handler.path).length).toBeGreaterThan(2);
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("which is safe for one process only"), LONG);
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 500 }));
  });

  test("the folder is removed: it is made again, and rotation goes on", async () => {
    const folder = join(makeFolder(), "logs");
    const handler = open({ thread, path: join(folder, "app.log") });
    await fill(handler, { to: 300 });
    rmSync(folder, { recursive: true });
    await fill(handler, { from: 300, to: 800 });
    expect(allNumbersIn(handler.path)).toEqual(numbers({ from: 300, to: 800 }));
    expect(backupsOf(handler.path).length).toBeGreaterThan(2);
    expect(handler.stats()).toMatchObject({ delivered: 800, droppedTotal: 0 });
  });

  test.skipIf(!CAN_MOUNT)("a disk that is full for a while costs nothing", async () => {
    const folder = makeFolder();
    mountSmall(folder);
    const filler = join(folder, "filler");
    writeFileSync(filler, Buffer.alloc(420_000));
    const handler = open({ thread, path: join(folder, "app.log") });
    logNumbers(loggerOf(handler), { to: 2000 });
    await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow(FlushTimeoutError);
    rmSync(filler);
    await handler.forceFlush();
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 2000 }));
    expect(handler.stats()).toMatchObject({ delivered: 2000, droppedTotal: 0 });
  });

  test.skipIf(!CAN_MOUNT)("a disk too full to compress: that is told, and nothing is touched", async () => {
    const troubles = troublesOfTest();
    const folder = makeFolder();
    mountSmall(folder);
    const path = join(folder, "app.log");
    // Does not get smaller.
    const noise = randomBytes(300_000).toString("latin1").replaceAll("\n", "");
    writeFileSync(`${path}.1`, noise, "latin1");
    const handler = open({ thread, path, compress: "gzip" });
    await vi.waitFor(async () => {
      loggerOf(handler).info("asks for trouble", { i: 0 });
      await handler.forceFlush();
      expect(troubles.join("\n")).toMatch(/Cannot compress rotated files of .*: ENOSPC/);
    }, LONG);
    expect(statSync(`${path}.1`).size).toBe(noise.length);
    expect(hiddenFilesBeside(path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(handler.stats().droppedTotal).toBe(0);
  });
});

/** Whether a process of another user can be started, and can read this checkout. */
function canRunAsNobody(): boolean {
  try {
    const script = "require('node:fs').readFileSync(process.argv[1])";
    const args = ["-e", script, fileURLToPath(import.meta.url)];
    execFileSync(process.execPath, args, { uid: NOBODY, gid: NOBODY, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!canRunAsNobody())(
  "EACCES of the folder: a process without rights there logs on into the file",
  async () => {
    const folder = makeFolder();
    const path = join(folder, "app.log");
    writeFileSync(path, "");
    chmodSync(path, 0o666);
    chmodSync(folder, 0o755);
    const { ended } = startLogging(
      { options: { path, maxBytes: 5000, backupCount: 3 }, process: 0, count: 1000 },
      NOBODY,
    );
    const { stdout, ...rest } = await ended;
    expect(rest).toMatchObject({ code: 0, stderr: "" });
    expect(stdout).toContain("Cannot rotate");
    expect(stdout).not.toContain("dropped");
    expect(allNumbersIn(path)).toEqual(numbers({ to: 1000 }));
    expect(readdirSync(folder)).toEqual(["app.log"]);
  },
);

/** A rotator that does so once only: from then on it renames. */
function oneTimeRotator(folder: string, doOnce: string): { readonly module: URL } {
  const module = join(folder, "rotator.mjs");
  writeFileSync(
    module,
    `import { existsSync, renameSync, writeFileSync } from "node:fs";
     import { isMainThread } from "node:worker_threads";
     export function rotator(from, to) {
       const marker = ${JSON.stringify(join(folder, "marker"))};
       if (!existsSync(marker)) { writeFileSync(marker, ""); ${doOnce} }
       renameSync(from, to);
     }`,
  );
  return { module: pathToFileURL(module) };
}

describe("death in the middle of a rotation", () => {
  test.each([
    ["before the rename", ""],
    ["after it", "renameSync(from, to);"],
  ])("of the thread, %s: its successor loses and doubles nothing", async (_name, first) => {
    const folder = makeFolder();
    const sleep = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";
    const { length } = workers;
    const handler = open({ path: join(folder, "app.log"), rotator: oneTimeRotator(folder, first + sleep) });
    logNumbers(loggerOf(handler), { to: 500 });
    await vi.waitFor(() => expect(readdirSync(folder)).toContain("marker"), LONG);
    await vi.waitFor(() => expect(workers.length).toBeGreaterThan(length), LONG);
    await workers.at(-1)?.terminate();
    await handler.forceFlush();
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 500 }));
    expect(handler.stats()).toMatchObject({ delivered: 500, droppedTotal: 0, queued: 0 });
  });

  test.each([
    ["before the rename", ""],
    ["after it", "renameSync(from, to);"],
  ])("of the process, %s: the next one goes on, and what was written is there once", async (_name, first) => {
    const folder = makeFolder();
    const path = join(folder, "app.log");
    const { href } = oneTimeRotator(folder, `${first} process.kill(process.pid, "SIGKILL");`).module;
    const options = { path, maxBytes: 10_000, backupCount: 1000, rotator: { module: href } };
    const killed = startLogging({ options, process: 0, count: 5000 });
    expect(await killed.ended).toMatchObject({ signal: "SIGKILL" });
    const written = allNumbersIn(path).length;
    const next = startLogging({ options, process: 1, count: 500 });
    expect(await next.ended).toEqual(QUIET_END);
    expect(allNumbersIn(path)).toEqual([...numbers({ to: written }), ...numbers({ to: 500 })]);
  });

  test.each([1, 2, 3, 4, 5, 6])("of the thread, at any moment (seed %i)", async (seed) => {
    const { length } = workers;
    const handler = open({ maxBytes: 20_000, overflow: "block", blockTimeoutMillis: 20_000 });
    await vi.waitFor(() => expect(workers.length).toBeGreaterThan(length), LONG);
    let state = seed;
    for (let burst = 0; burst < 20; burst++) {
      logNumbers(loggerOf(handler), { from: burst * 500, to: (burst + 1) * 500 });
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      if (burst % 10 === (seed * 3) % 10) void workers.at(-1)?.terminate();
      // Lets the thread get to another place each time.
      await new Promise((resolve) => setTimeout(resolve, (state >>> 8) % 5));
    }
    await handler.forceFlush();
    expect(allNumbersIn(handler.path)).toEqual(numbers({ to: 10_000 }));
    expect(handler.stats()).toMatchObject({ delivered: 10_000, droppedTotal: 0, queued: 0 });
  });
});

test("an end during compression: the process ends at once and well, and the next one goes on with it", async () => {
  const path = join(makeFolder(), "app.log");
  // Takes a second or more.
  for (const number of [1, 2, 3]) writeFileSync(`${path}.${number}`, `{"i":-${number}}\n`.repeat(2_000_000));
  const options = { path, maxBytes: 10_000_000, backupCount: 5, compress: "gzip" as const };
  const { ended } = startLogging({ options, process: 0, count: 300, exits: true });
  expect(await ended).toEqual(QUIET_END);
  expect(backupsOf(path)).toContain(".1");
  const handler = open(options);
  await vi.waitFor(() => expect(backupsOf(path)).toEqual([".3.gz", ".2.gz", ".1.gz"]), LONG);
  await vi.waitFor(() => expect(hiddenFilesBeside(path).join()).not.toContain(".tmp"), LONG);
  await handler.shutdown();
  expect(allNumbersIn(path)).toHaveLength(6_000_300);
}, 60_000);
