/** Levels, handlers and propagation are of the process: a change on one thread holds on all, at their next call. */
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { FemtoFileHandler, getLogger } from "../../src/index.ts";
import type { Order } from "./level-worker.ts";

let folder: string;
let handler: FemtoFileHandler;
let worker: Worker;
let readCount = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "femtologging-"));
  handler = new FemtoFileHandler({ path: join(folder, "app.log") });
  worker = new Worker(new URL("level-worker.ts", import.meta.url));
});

afterAll(async () => {
  await worker.terminate();
  await handler.shutdown();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  const log = getLogger("threads");
  log.addHandler(handler);
  log.setLevel("NOTSET");
  log.propagate = true;
  log.disabled = false;
});

/** Resolves when the thread has done it, to the effective level that it sees. */
async function tell(order: Order): Promise<number> {
  worker.postMessage(order, []);
  const [level] = (await once(worker, "message")) as [number];
  return level;
}

async function messages(): Promise<readonly unknown[]> {
  await handler.forceFlush();
  const lines = (await readFile(handler.path, "utf8")).split("\n").slice(0, -1);
  const fresh = lines.slice(readCount);
  readCount = lines.length;
  return fresh.map((line) => (JSON.parse(line) as { msg: unknown }).msg);
}

test("a handler that was added here gets the records of the other thread", async () => {
  await tell({ logger: "threads.a", method: "info", value: "there" });
  getLogger("threads.a").info("here");
  expect(await messages()).toEqual(expect.arrayContaining(["here", "there"]));
  getLogger("threads").removeHandler(handler);
  await tell({ logger: "threads.a", method: "info", value: "gone" });
  expect(await messages()).toEqual([]);
});

test("setLevel() here holds there, for loggers that have logged before", async () => {
  const order: Order = { logger: "threads.b", method: "debug", value: "x" };
  expect(await tell(order)).toBe(9);
  getLogger("threads").setLevel("DEBUG");
  expect(await tell(order)).toBe(5);
  getLogger("threads").setLevel("ERROR");
  expect(await tell({ ...order, method: "info" })).toBe(17);
  expect(await messages()).toEqual(["x"]);
});

test("setLevel() there holds here, for a logger that only the other thread knew", async () => {
  await tell({ logger: "threads.c.d", method: "setLevel", value: "DEBUG" });
  const log = getLogger("threads.c.d");
  expect([log.level, log.effectiveLevel, getLogger("threads.c").effectiveLevel]).toEqual([5, 5, 9]);
  log.debug("x");
  expect(await messages()).toEqual(["x"]);
});

test("disabled and propagate hold on both threads", async () => {
  const order: Order = { logger: "threads.e", method: "info", value: "x" };
  await tell({ ...order, method: "disabled", value: "true" });
  expect(getLogger("threads.e").disabled).toBe(true);
  getLogger("threads.e").info("no");
  getLogger("threads.e").disabled = false;
  await tell(order);
  getLogger("threads.e").propagate = false;
  await tell(order);
  getLogger("threads.e").propagate = true;
  expect(await messages()).toEqual(["x"]);
});
