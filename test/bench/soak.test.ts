import { expect, test } from "vitest";

import { judgeFlatness, type Point } from "../../bench/soak/flatness.ts";
import { arenaBytes } from "../../bench/soak/samples.ts";
import { runSmoke, SMOKE_TIMEOUT_MILLIS } from "./smoke.ts";

const MEGABYTE = 2 ** 20;

/** A value a second for ten minutes. */
function pointsOf(megabytesAt: (second: number) => number, seconds = 600): Point[] {
  return Array.from({ length: seconds + 1 }, (_, second) => ({
    seconds: second,
    bytes: megabytesAt(second) * MEGABYTE,
  }));
}

test("judgeFlatness() calls a series flat that goes up and down, whatever it did in the first third", () => {
  const sawtooth = pointsOf((second) => (second < 200 ? second : 200) + (second % 10));
  const { verdict, growthBytes, medianBytes, maxBytes } = judgeFlatness(sawtooth, { peakMax: 1.5 });
  expect(verdict).toBe("flat");
  expect(growthBytes / MEGABYTE).toBeCloseTo(0);
  expect([medianBytes, maxBytes]).toStrictEqual([204 * MEGABYTE, 209 * MEGABYTE]);
});

test("judgeFlatness() sees a slow rise under a sawtooth", () => {
  const leak = pointsOf((second) => 50 + (second % 10) + second / 60);
  const { verdict, growthBytes, bytesPerHour, growthBytesMax } = judgeFlatness(leak);
  expect(verdict).toBe("GROWS");
  expect(growthBytes / MEGABYTE).toBeCloseTo(400 / 60, 1);
  expect(bytesPerHour / MEGABYTE).toBeCloseTo(60, 0);
  expect(growthBytesMax).toBe(4 * MEGABYTE);
});

test("judgeFlatness() allows a large series a rise of a twentieth", () => {
  const rising = pointsOf((second) => 1000 + second / 15);
  expect(judgeFlatness(rising)).toMatchObject({ verdict: "flat" });
});

test("judgeFlatness() takes a series that falls for flat", () => {
  const { verdict, growthBytes } = judgeFlatness(pointsOf((second) => 100 - second / 10));
  expect(verdict).toBe("flat");
  expect(growthBytes).toBeLessThan(0);
});

test("judgeFlatness() sees a single peak, where there is a bound", () => {
  const peak = pointsOf((second) => (second === 400 ? 151 : 100));
  expect(judgeFlatness(peak, { peakMax: 1.5 }).verdict).toBe("PEAKS");
  expect(judgeFlatness(peak, { peakMax: 1.52 }).verdict).toBe("flat");
  expect(judgeFlatness(peak).verdict).toBe("flat");
});

test("judgeFlatness() judges nothing in less than a minute", () => {
  expect(judgeFlatness(pointsOf((second) => second * 100, 59)).verdict).toBe("too short");
});

test("arenaBytes() reads the writable mapping of at least 256 MiB, and not V8's range of code", () => {
  const mapping = (permissions: string, kilobytes: number, resident: number): string =>
    `7fa247fff000-7fa258000000 ${permissions} 00000000 00:00 0 \nSize:           ${kilobytes} kB\nKernelPageSize:        4 kB\nRss:               ${resident} kB\n`;
  const text =
    mapping("rwxp", 521_728, 36) +
    mapping("---p", 262_148, 0) +
    mapping("rw-p", 1000, 900) +
    mapping("rw-p", 262_148, 4880);
  expect(arenaBytes(text)).toBe(4880 * 1024);
  expect(arenaBytes(mapping("rw-p", 1000, 900))).toBeUndefined();
});

test(
  "bench/soak.ts: delivers what it logs, and judges nothing in six seconds",
  { timeout: SMOKE_TIMEOUT_MILLIS },
  async () => {
    const { stdout } = await runSmoke("soak.ts", []);
    expect(stdout).toMatch(/\| RSS .* too short \|/);
    expect(stdout).toMatch(/0\.1 minutes, [1-9]\d+ records to each handler/);
  },
);

test("bench/soak.ts refuses what is no time", { timeout: SMOKE_TIMEOUT_MILLIS }, async () => {
  await expect(runSmoke("soak.ts", ["--minutes", "0"])).rejects.toThrow(
    '"--minutes" is 0, must be more than 0',
  );
});
