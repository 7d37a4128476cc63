import { getEventListeners } from "node:events";

import { expect, test } from "vitest";

import { startTimer, waitFor } from "../../../exporters/delivery/waiting.ts";

function timerCount(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

test("waitFor() waits as long as it is told and leaves nothing behind", async () => {
  const { signal } = new AbortController();
  const startMillis = performance.now();
  await waitFor(30, signal);
  // Timers count whole milliseconds.
  expect(performance.now() - startMillis).toBeGreaterThanOrEqual(29);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("waitFor() holds no event loop open, ends with the signal and leaves no listener behind", async () => {
  const stop = new AbortController();
  const before = timerCount();
  const waiting = waitFor(1_000_000, stop.signal);
  // Counted are those that keep the loop alive.
  expect(timerCount()).toBe(before);
  stop.abort();
  await waiting;
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
});

test("waitFor() does not wait when the signal has come before", async () => {
  const before = timerCount();
  const waiting = waitFor(1_000_000, AbortSignal.abort());
  expect(timerCount()).toBe(before);
  await waiting;
});

test("startTimer() starts none when there is no limit", () => {
  expect(startTimer(undefined, () => {})).toBeUndefined();
  expect(startTimer(Infinity, () => {})).toBeUndefined();
});

test("startTimer() does not fire at once for more than a timer can count", async () => {
  const order: string[] = [];
  const timer = startTimer(2 ** 31, () => order.push("25 days"));
  await waitFor(5, new AbortController().signal);
  order.push("5 ms");
  clearTimeout(timer);
  expect(order).toEqual(["5 ms"]);
});
