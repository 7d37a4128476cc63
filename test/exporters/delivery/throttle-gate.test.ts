import { expect, test } from "vitest";

import { ThrottleGate } from "../../../exporters/delivery/throttle-gate.ts";

const { signal } = new AbortController();

test("remainingMillis is 0 until the gate is shut", () => {
  expect(new ThrottleGate(1_000).remainingMillis).toBe(0);
});

test("shut() keeps the gate shut for that time, and no longer than the limit", () => {
  const gate = new ThrottleGate(60_000);
  gate.shut(30_000);
  expect(gate.remainingMillis).toBeGreaterThan(20_000);
  expect(gate.remainingMillis).toBeLessThanOrEqual(30_000);
  gate.shut(Number.MAX_SAFE_INTEGER);
  expect(gate.remainingMillis).toBeGreaterThan(50_000);
  expect(gate.remainingMillis).toBeLessThanOrEqual(60_000);
});

test("shut() never opens the gate earlier", () => {
  const gate = new ThrottleGate(60_000);
  gate.shut(30_000);
  gate.shut(0);
  expect(gate.remainingMillis).toBeGreaterThan(20_000);
});

test("whenOpen() waits again when the gate is shut meanwhile", async () => {
  const gate = new ThrottleGate(60_000);
  gate.shut(20);
  const startMillis = performance.now();
  const opened = gate.whenOpen(signal);
  gate.shut(60);
  await opened;
  expect(performance.now() - startMillis).toBeGreaterThanOrEqual(60);
});

test("whenOpen() returns when the signal comes", async () => {
  const gate = new ThrottleGate(60_000);
  gate.shut(60_000);
  const stop = new AbortController();
  const opened = gate.whenOpen(stop.signal);
  stop.abort();
  await opened;
  expect(gate.remainingMillis).toBeGreaterThan(0);
});
