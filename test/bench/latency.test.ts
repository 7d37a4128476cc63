import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

import { monotonicMillis } from "../../bench/clock.ts";
import { Distribution } from "../../bench/latency/distribution.ts";
import { callCountOf, runLoad } from "../../bench/latency/load.ts";
import { PauseWatch } from "../../bench/latency/pauses.ts";
import { planLatency } from "../../bench/latency/plan.ts";
import { runSmoke, SMOKE_TIMEOUT_MILLIS } from "./smoke.ts";

test("monotonicMillis() is the clock of process.hrtime, for threads and processes alike", () => {
  const before = Number(process.hrtime.bigint()) / 1e6;
  const now = monotonicMillis();
  const after = Number(process.hrtime.bigint()) / 1e6;
  // A reading of both clocks lies between, and rounding.
  expect(now).toBeGreaterThan(before - 0.1);
  expect(now).toBeLessThan(after + 0.1);
});

test("Distribution gives the points of what it took, in microseconds", () => {
  const distribution = new Distribution();
  for (let i = 1; i <= 1000; i++) distribution.record(i / 1000);
  const { count, p50, p99, p999, max } = distribution.summary();
  expect(count).toBe(1000);
  expect(p50).toBeCloseTo(500, -1);
  expect(p99).toBeCloseTo(990, -1);
  expect(p999).toBeCloseTo(999, -1);
  expect(max).toBeCloseTo(1000, -1);
});

test("Distribution is all 0 when it took nothing, and takes what has no length", () => {
  const distribution = new Distribution();
  expect(distribution.summary()).toStrictEqual({ count: 0, p50: 0, p99: 0, p999: 0, max: 0 });
  distribution.record(0);
  expect(distribution.summary().count).toBe(1);
});

test("runLoad() makes each call once, in order, from the first number on, and leaves turns to others", async () => {
  const load = { burstSize: 3, intervalMillis: 1, bursts: 4 };
  const calls: number[] = [];
  const turns: number[] = [];
  const turn = setInterval(() => turns.push(calls.length), 0);
  await runLoad(load, 100, (index) => calls.push(index));
  clearInterval(turn);
  expect(calls).toStrictEqual(Array.from({ length: callCountOf(load) }, (_, i) => 100 + i));
  expect(turns.every((count) => count % 3 === 0)).toBe(true);
  expect(turns.length).toBeGreaterThan(0);
});

test("PauseWatch tells slow calls in which the heap was collected from the others", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const watch = new PauseWatch();
  watch.take(0, 0.05);
  watch.take(1, 8);
  const begin = performance.now();
  collect();
  watch.take(begin, performance.now());
  const summary = await watch.finish();
  expect(summary).toMatchObject({ slowCount: 2, slowInCollectionCount: 1 });
  expect(summary.maxOutsideMicros).toBeCloseTo(7000);
  expect(summary.collectionCount).toBeGreaterThan(0);
  expect(summary.collectionMillisMax).toBeLessThanOrEqual(summary.collectionMillis);
});

test("planLatency() gives each case a name of its own, and each subject one in a smoke run", () => {
  const ids = planLatency({ isSmoke: false }).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const subjectsOf = (isSmoke: boolean): Set<string> =>
    new Set(
      planLatency({ isSmoke }).map(({ program, args }) =>
        [program, args["subject"], args["scheduledDelayMillis"]].join(" "),
      ),
    );
  expect(subjectsOf(true)).toStrictEqual(subjectsOf(false));
  expect(planLatency({ isSmoke: true })).toHaveLength(subjectsOf(false).size);
});

test(
  "bench/latency.ts: its cases deliver what they log, and are in the tables",
  { timeout: SMOKE_TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runSmoke("latency.ts", []);
    for (const { id } of planLatency({ isSmoke: true }))
      expect(stdout).toContain(`\n| ${id.slice(id.indexOf("/") + 1)} `);
  },
);
