import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { lockPathOf, withLock, type Locked } from "../../../exporters/rotating/process-lock.ts";
import { makeFolder } from "../../handlers/fixture.ts";
import { startProgram } from "./run-log-program.ts";

function makePath(): string {
  return lockPathOf(join(makeFolder(), "app.log"));
}

function tryLock(path: string, waitMillis = 0): Locked<number> {
  return withLock(path, { waitMillis, fileMode: 0o666, action: () => 7 });
}

test("withLock() gives what was done, and the lock's file stays empty", () => {
  const path = makePath();
  expect(path.endsWith("/.app.log.lock")).toBe(true);
  expect(tryLock(path)).toEqual({ kind: "done", value: 7 });
  expect(tryLock(path)).toEqual({ kind: "done", value: 7 });
  expect(readFileSync(path, "utf8")).toBe("");
});

test("withLock() is busy within itself, and free after an error", () => {
  const path = makePath();
  const action = (): Locked<number> => tryLock(path);
  expect(withLock(path, { waitMillis: 0, fileMode: 0o666, action })).toEqual({
    kind: "done",
    value: { kind: "busy" },
  });
  const fail = (): never => {
    throw new Error("in the middle");
  };
  expect(() => withLock(path, { waitMillis: 0, fileMode: 0o666, action: fail })).toThrow("in the middle");
  expect(tryLock(path)).toMatchObject({ kind: "done" });
});

test("a lock dies with its process, also by kill -9", async () => {
  const path = makePath();
  const { child, ended } = startProgram("hold-lock.ts", [path]);
  await once(child.stdout as NodeJS.ReadableStream, "data");
  expect(tryLock(path)).toEqual({ kind: "busy" });
  expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  child.kill("SIGKILL");
  expect(await ended).toMatchObject({ signal: "SIGKILL" });
  expect(tryLock(path)).toMatchObject({ kind: "done" });
});

test("a lock dies with its thread", async () => {
  const path = makePath();
  const worker = new Worker(new URL("./programs/hold-lock.ts", import.meta.url), { workerData: path });
  onTestFinished(async () => {
    await worker.terminate();
  });
  await once(worker, "message");
  expect(tryLock(path)).toEqual({ kind: "busy" });
  await worker.terminate();
  expect(tryLock(path)).toMatchObject({ kind: "done" });
});

test("a file that was deleted is made again", () => {
  const path = makePath();
  tryLock(path);
  unlinkSync(path);
  expect(tryLock(path)).toMatchObject({ kind: "done" });
});

test("withLock() says why there can be no lock", () => {
  const path = makePath();
  mkdirSync(path);
  expect(tryLock(path)).toMatchObject({ kind: "unavailable" });
  expect(tryLock(join(path, "missing", "lock"))).toMatchObject({
    kind: "unavailable",
    reason: expect.stringContaining("ENOENT") as unknown,
  });
});
