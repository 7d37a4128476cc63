import { expect, test } from "vitest";

import { planCases } from "../../bench/plan.ts";
import { requirements } from "../../bench/requirements.ts";

function idsOf(isSmoke: boolean): string[] {
  return planCases({ isSmoke }).map(({ id }) => id);
}

test("requirements name only cases that are planned", () => {
  const planned = new Set(idsOf(false));
  const missing = requirements.flatMap(({ cases }) => cases).filter((id) => !planned.has(id));
  expect(missing).toStrictEqual([]);
});

test("requirements have names of their own", () => {
  const ids = requirements.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("planCases() gives each case a name of its own, and the same ones to a smoke run", () => {
  const ids = idsOf(false);
  expect(new Set(ids).size).toBe(ids.length);
  expect(idsOf(true)).toStrictEqual(ids);
});

test("the share of a further handler is half of what two further ones add, divided by the first one's call", () => {
  const row = requirements.find(({ id }) => id === "handlers/share");
  expect(row?.value((id) => (id === "handlers/3" ? 250 : 150))).toBeCloseTo(50 / 150);
});

test("a call by OTLP is held against one to a file, beyond what two of those differ by", () => {
  const row = requirements.find(({ id }) => id === "call/femtologging-otlp-http/nsPerCall");
  const apart = requirements.find(({ id }) => id === row?.beyond);
  const nanos: Readonly<Record<string, number>> = { "call/femtologging": 100, "call/femtologging-again": 80 };
  const read = (id: string): number => nanos[id] ?? 120;
  expect(row?.value(read)).toBeCloseTo(1.2);
  expect(apart?.value(read)).toBeCloseTo(1.25);
});

test("memory is what the handler's process has more than the one with an empty worker", () => {
  const row = requirements.find(({ id }) => id === "memory/file");
  expect(row?.value((id) => (id === "memory/empty-worker" ? 100 : 104))).toBe(4);
});

test("latency with logs is divided by the higher of the two measurements without", () => {
  const row = requirements.find(({ id }) => id === "service/femtologging/p99Millis");
  const millis: Readonly<Record<string, number>> = { "service/none": 4, "service/none-again": 5 };
  expect(row?.value((id) => millis[id] ?? 6)).toBeCloseTo(6 / 5);
});

test("all cases of the HTTP server share one calibration, whose half is their rate", () => {
  const cases = planCases({ isSmoke: false }).filter(({ program }) => program === "service");
  const [calibration, ...others] = new Set(cases.map((planned) => planned.calibration));
  expect(others).toStrictEqual([]);
  expect(calibration?.argsFrom({ requestsPerSecond: 4001 })).toStrictEqual({ ratePerSecond: 2001 });
});
