import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  nextRollover,
  type OffsetOf,
  type Schedule,
  suffixOf,
  suffixPattern,
  type When,
} from "../../../exporters/rotating/schedule.ts";
import { secondsOfDay } from "../../../src/options/timed-rotating-options.ts";

const DAY = 86_400;
const SCRIPT = fileURLToPath(new URL("./cpython_rollovers.py", import.meta.url));
const GOLDEN = readFileSync(new URL("./cpython-rollovers.jsonl", import.meta.url), "utf8");

type Case = readonly [
  zone: string,
  when: When,
  interval: number,
  utc: boolean,
  atTime: string | null,
  now: number,
  rolloverAt: number,
  later: number,
  suffix: string,
  next: number,
];

/** Seconds that a zone is ahead of UTC. */
function offsetIn(zone: string): OffsetOf {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const known = new Map<number, number>();
  return (epochSeconds) => {
    // No clock is changed within a quarter of an hour.
    const quarter = Math.floor(epochSeconds / 900);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const name = format.formatToParts(quarter * 900_000).find(({ type }) => type === "timeZoneName")?.value;
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name ?? "") ?? [];
    const offset = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60) * (sign === "-" ? -1 : 1);
    known.set(quarter, offset);
    return offset;
  };
}

function scheduleOf(when: When, options: Partial<Omit<Schedule, "when">> = {}): Schedule {
  return { when, interval: 1, utc: true, atSecond: DAY, ...options };
}

function at(text: string): number {
  return Date.parse(text) / 1000;
}

describe("a schedule against CPython 3.13", () => {
  const cases = answersIn(GOLDEN);
  const zones = [...new Set(cases.map(([zone]) => zone))];

  test("there are thousands of answers, of a dozen zones", () => {
    expect(cases.length).toBeGreaterThanOrEqual(3000);
    expect(zones).toHaveLength(12);
  });

  test.each(zones)("in %s rotations are due when CPython's are, and files are called the same", (zone) => {
    const offsetOf = offsetIn(zone);
    const wrong = cases.flatMap((one) => {
      const [caseZone, when, interval, utc, atTime, now, rolloverAt, later, suffix, next] = one;
      if (caseZone !== zone) return [];
      const schedule = { when, interval, utc, atSecond: secondsOfDay(atTime) ?? DAY };
      const ours = [
        nextRollover(schedule, now, offsetOf),
        suffixOf(schedule, { rolloverAt, now: later }, offsetOf),
        nextRollover(schedule, later, offsetOf),
      ];
      return String(ours) === String([rolloverAt, suffix, next]) ? [] : [{ one, ours }];
    });
    expect(wrong).toEqual([]);
  });

  const python = findPython();
  test.skipIf(python === undefined)("the answers are those that the script gives", () => {
    const now = execFileSync(python ?? "", [SCRIPT], { encoding: "utf8" });
    expect(answersIn(now)).toEqual(answersIn(GOLDEN));
  });
});

/** The first line says what is asked. */
function answersIn(text: string): Case[] {
  const lines = text.trimEnd().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line) as Case);
}

/** A CPython that is new enough. */
function findPython(): string | undefined {
  const isNew = "import sys; sys.exit(sys.version_info < (3, 13))";
  return ["python3.13", "python3.14", "python3"].find((command) => {
    try {
      execFileSync(command, ["-c", isNew], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

describe("nextRollover() and suffixOf()", () => {
  test("W0 without a time rotates when Monday is over; with 00:00 when it begins", () => {
    const sunday = at("2024-06-02T12:00:00Z");
    expect(nextRollover(scheduleOf("W0"), sunday)).toBe(at("2024-06-04T00:00:00Z"));
    expect(nextRollover(scheduleOf("W0", { atSecond: 0 }), sunday)).toBe(at("2024-06-03T00:00:00Z"));
  });

  test("MIDNIGHT with an interval of 3 is the third midnight", () => {
    const schedule = scheduleOf("MIDNIGHT", { interval: 3 });
    expect(nextRollover(schedule, at("2024-06-02T12:00:00Z"))).toBe(at("2024-06-05T00:00:00Z"));
  });

  test("a day of 23 hours and one of 25 end at midnight of the wall's clock", () => {
    const offsetOf = offsetIn("Europe/Berlin");
    const schedule = scheduleOf("MIDNIGHT", { utc: false });
    expect(nextRollover(schedule, at("2024-03-30T23:00:00Z"), offsetOf)).toBe(at("2024-03-31T22:00:00Z"));
    expect(nextRollover(schedule, at("2024-10-26T22:00:00Z"), offsetOf)).toBe(at("2024-10-27T23:00:00Z"));
  });

  test("half an hour of daylight saving is half an hour, where CPython takes a whole one", () => {
    const offsetOf = offsetIn("Australia/Lord_Howe");
    const schedule = scheduleOf("MIDNIGHT", { utc: false });
    // Clocks go back from 11:00 to 10:30 hours ahead of UTC on the morning of that day.
    expect(nextRollover(schedule, at("2024-04-06T13:00:00Z"), offsetOf)).toBe(at("2024-04-07T13:30:00Z"));
  });

  test.each(["S", "M", "H", "D", "MIDNIGHT", "W3"] as const)(
    "the name for %s matches its pattern, and is that of the start of the interval",
    (when) => {
      const names = {
        S: "2024-06-05_11-59-59",
        M: "2024-06-05_11-59",
        H: "2024-06-05_11",
        D: "2024-06-04",
        MIDNIGHT: "2024-06-04",
        W3: "2024-05-29",
      };
      const schedule = scheduleOf(when);
      const rolloverAt = at("2024-06-05T12:00:00Z");
      const suffix = suffixOf(schedule, { rolloverAt, now: rolloverAt });
      expect(suffix).toBe(names[when]);
      expect(suffix).toMatch(new RegExp(`^${suffixPattern(schedule)}$`));
    },
  );
});
