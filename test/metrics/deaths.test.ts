/** What metrics say of a handler whose thread dies: each record once, and no counter ever goes back. */
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";

import { createLogging, FemtoBatchLogRecordProcessor } from "../../src/index.ts";
import { logNumbers } from "../contract/destination.ts";
import { batchCountOf, makeGate, openGate } from "../contract/gated-exporter.ts";
import { endWithTest, makeFolder, troublesOfTest } from "../handlers/fixture.ts";
import { meter } from "../support/metric-reader.ts";
import {
  DURATION,
  expectBalance,
  EXPORTED,
  fileHandler,
  IN_FLIGHT,
  metered,
  PROCESSED,
  WAIT,
} from "./fixture.ts";

const workers: Worker[] = [];
const noteWorker = (worker: Worker): void => void workers.push(worker);

beforeAll(() => void process.on("worker", noteWorker));
afterAll(() => void process.off("worker", noteWorker));

/** Ends the thread that was started last, once it is there and `before` is true. */
async function killWorker(before: () => void): Promise<void> {
  await vi.waitFor(before, { ...WAIT, interval: 1 });
  await (workers.at(-1) as Worker).terminate();
}

test("records that a dead thread's exporter had are processed once, exported once, and in flight in between", async () => {
  troublesOfTest();
  const { meterProvider, collect } = meter();
  const gate = makeGate();
  onTestFinished(() => openGate(gate));
  const module = new URL("../contract/gated-exporter.ts", import.meta.url);
  const exporter = { module, options: { gate, path: join(makeFolder(), "records") } };
  const handler = endWithTest(
    new FemtoBatchLogRecordProcessor({ exporter, meterProvider, scheduledDelayMillis: 0 }),
  );
  logNumbers(createLogging({ handlers: [handler] }).getLogger("metrics"), { to: 100 });
  await vi.waitFor(async () => expect((await collect()).sum(IN_FLIGHT)).toBe(100), WAIT);
  // In flight is what the thread has taken: its exporter may get it a moment later.
  await killWorker(() => expect(batchCountOf(gate)).toBeGreaterThan(0));
  const givenBefore = batchCountOf(gate);
  await vi.waitFor(() => expect(batchCountOf(gate)).toBeGreaterThan(givenBefore), WAIT);
  expect((await collect()).byError(PROCESSED)).toEqual({ "": 100 });
  openGate(gate);
  await handler.forceFlush();
  const collected = await collect();
  expect(collected.byError(PROCESSED)).toEqual({ "": 100 });
  expect(collected.byError(EXPORTED)).toEqual({ "": 100 });
  expectBalance(collected, handler.stats());
});

test("counters of a file handler whose thread dies again and again only grow, and add up in the end", async () => {
  troublesOfTest();
  const { handler, log, collect } = metered((own) => fileHandler({ ...own, overflow: "block" }));
  let before = [0, 0, 0];
  for (let death = 1; death <= 2; death++) {
    const wanted = handler.stats().delivered;
    logNumbers(log, { to: 20_000 });
    await killWorker(() => expect(handler.stats().delivered).toBeGreaterThan(wanted));
    const collected = await collect();
    const now = [PROCESSED, EXPORTED, DURATION].map((name) => collected.sum(name));
    expect(now.every((value, index) => value >= (before[index] as number))).toBe(true);
    before = now;
  }
  await handler.forceFlush();
  const collected = await collect();
  expect(collected.byError(PROCESSED)).toEqual({ "": 40_000 });
  expect(collected.byError(EXPORTED)).toEqual({ "": 40_000 });
  expectBalance(collected, handler.stats());
});
