import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";

import { monotonicMillis } from "../../../bench/clock.ts";
import { ROW_MASK, tables } from "../../../bench/data.ts";
import type { Schedule } from "../../../bench/overload/schedule.ts";
import { SinkProcess } from "../../../bench/overload/sink-process.ts";

const FAST_MILLIS = 1500;
const SLOW_MILLIS = 1000;
const EARLY_COUNT = 100;
const COUNT = 1100;

function linesOf(begin: number, end: number): string {
  const lines = Array.from({ length: end - begin }, (_, at) => {
    const row = (begin + at) & ROW_MASK;
    const values = { path: tables.text[row], cached: tables.flag[row], ms: tables.double[row] };
    return `${JSON.stringify({ seq: begin + at, ...values })}\n`;
  });
  return lines.join("");
}

function scheduleOf(share: number): Schedule {
  const beginMillis = monotonicMillis();
  const slowFromMillis = beginMillis + FAST_MILLIS;
  const slowUntilMillis = slowFromMillis + SLOW_MILLIS;
  return { beginMillis, slowFromMillis, slowUntilMillis, ratePerSecond: 1000, share, count: COUNT };
}

async function startPipe(): Promise<SinkProcess> {
  const directory = mkdtempSync(join(tmpdir(), "femtologging-sink-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return SinkProcess.start("pipe", join(directory, "pipe"));
}

test.for([0, 0.1])("a slow pipe takes %d of what is offered, and all of it in the end", async (share) => {
  const sink = await startPipe();
  const schedule = scheduleOf(share);
  sink.begin(schedule);
  const pipe = await open(sink.target, "a");
  await pipe.write(linesOf(0, EARLY_COUNT));
  await sleep(schedule.slowFromMillis - monotonicMillis());
  await pipe.write(linesOf(EARLY_COUNT, COUNT));
  await pipe.close();
  const { received, receivedWhileSlow } = await sink.finish();
  expect(received).toBe(COUNT);
  // Lines differ a little in length from those that came before.
  expect(receivedWhileSlow).toBeLessThanOrEqual(share * SLOW_MILLIS * 1.2);
});

test("finish() rejects when a record has arrived twice", async () => {
  const sink = await startPipe();
  sink.begin(scheduleOf(1));
  const pipe = await open(sink.target, "a");
  await pipe.write(linesOf(0, 2) + linesOf(1, 2));
  await pipe.close();
  await expect(sink.finish()).rejects.toThrow("Record 1 is there twice");
});
