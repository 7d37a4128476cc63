import { describe, expect, test } from "vitest";

import {
  ConfigError,
  FemtoAttributeFilter,
  type FemtoFilter,
  FemtoLevelFilter,
  type FemtoLogRecord,
  FemtoMessageFilter,
  FemtoNameFilter,
  FemtoSamplingFilter,
  type FemtoValue,
} from "../../src/index.ts";
import { record, span } from "./records.ts";

function passing<Given>(
  filter: FemtoFilter,
  given: readonly Given[],
  make: (one: Given) => FemtoLogRecord,
): Given[] {
  return given.filter((one) => filter.filter(make(one)));
}

describe("FemtoLevelFilter", () => {
  const levels = [1, 5, 9, 10, 13, 17, 21, 24] as const;
  const passed = (filter: FemtoFilter): number[] =>
    passing(filter, levels, (severityNumber) => record({ severityNumber }));

  test("without options lets everything pass", () => {
    expect(passed(new FemtoLevelFilter())).toEqual(levels);
  });

  test("lets a range pass, both ends included", () => {
    expect(passed(new FemtoLevelFilter({ minimum: "DEBUG", maximum: "WARN" }))).toEqual([5, 9, 10, 13]);
    expect(passed(new FemtoLevelFilter({ maximum: "INFO" }))).toEqual([1, 5, 9]);
    expect(passed(new FemtoLevelFilter({ minimum: 17 }))).toEqual([17, 21, 24]);
  });

  test("lets a record pass that names no level", () => {
    const { severityNumber: _severity, ...rest } = record();
    expect(new FemtoLevelFilter({ minimum: "ERROR" }).filter(rest)).toBe(true);
  });

  test("refuses a range that holds nothing", () => {
    expect(() => new FemtoLevelFilter({ minimum: "ERROR", maximum: "INFO" })).toThrow(
      'Cannot make FemtoLevelFilter: "minimum" is 17, must be at most 9, the value of "maximum"',
    );
  });

  test("update() changes what is given and keeps the rest; a wrong one changes nothing", () => {
    const filter = new FemtoLevelFilter({ minimum: "INFO", maximum: "ERROR" });
    filter.update({ minimum: "WARN" });
    expect(passed(filter)).toEqual([13, 17]);
    expect(() => filter.update({ minimum: "LOUD" as "INFO" })).toThrow(ConfigError);
    expect(passed(filter)).toEqual([13, 17]);
    filter.update({ minimum: undefined });
    expect(passed(filter)).toEqual([1, 5, 9, 10, 13, 17]);
    expect(filter.options).toEqual({ minimum: undefined, maximum: "ERROR" });
  });
});

describe("FemtoNameFilter", () => {
  const names = ["A", "A.B", "A.B.C", "A.BB", "A.B.", "B.A.B", ""];
  const passed = (filter: FemtoFilter): string[] =>
    passing(filter, names, (loggerName) => record({ loggerName }));

  test("is about a logger and those below it, as Python's", () => {
    expect(passed(new FemtoNameFilter({ name: "A.B" }))).toEqual(["A.B", "A.B.C", "A.B."]);
    expect(passed(new FemtoNameFilter({ name: "" }))).toEqual(names);
  });

  test("with action drop lets the others pass", () => {
    expect(passed(new FemtoNameFilter({ name: "A.B", action: "drop" }))).toEqual(["A", "A.BB", "B.A.B", ""]);
  });
});

describe("FemtoMessageFilter", () => {
  const bodies: FemtoValue[] = ["GET /health", "get /health 200", "POST /orders", "", { path: "/health" }, 7];
  const passed = (filter: FemtoFilter): unknown[] => passing(filter, bodies, (body) => record({ body }));

  test("is about texts that contain another, in any case if asked", () => {
    expect(passed(new FemtoMessageFilter({ contains: "GET" }))).toEqual(["GET /health"]);
    expect(passed(new FemtoMessageFilter({ contains: "GET", ignoreCase: true }))).toEqual(bodies.slice(0, 2));
  });

  test("is about texts that match a pattern, given as expression or as data", () => {
    expect(passed(new FemtoMessageFilter({ pattern: /health( \d+)?$/ }))).toEqual(bodies.slice(0, 2));
    const data = new FemtoMessageFilter({ pattern: { source: "^post", flags: "i" } });
    expect(passed(data)).toEqual(["POST /orders"]);
    expect(passed(new FemtoMessageFilter({ pattern: /^post/, ignoreCase: true }))).toEqual(["POST /orders"]);
  });

  test("with action drop lets the others pass, those without a text too", () => {
    const filter = new FemtoMessageFilter({ contains: "/", action: "drop" });
    expect(passed(filter)).toEqual(["", { path: "/health" }, 7]);
  });

  test.each(["g", "y", "gy"])("a pattern with the flags %s begins anew for each record", (flags) => {
    const pattern = new RegExp("he", flags);
    const filter = new FemtoMessageFilter({ pattern });
    expect([1, 2, 3].map(() => filter.filter(record()))).toEqual([true, true, true]);
    expect(pattern.lastIndex).toBe(0);
  });

  test.each([
    [{}, '"contains" is missing, or "pattern" must be given'],
    [{ contains: "" }, '"contains" is ""'],
    [{ contains: "a", pattern: /a/ }, 'must not be given together with "pattern"'],
    [
      { pattern: { source: "(" } },
      '"pattern" is an object, must be a regular expression, or { source, flags }',
    ],
  ])("refuses %o", (options, message) => {
    expect(() => new FemtoMessageFilter(options)).toThrow(message);
  });
});

describe("FemtoAttributeFilter", () => {
  const values = [undefined, "acme", "north", 5, 5n, "5", true, null, Number.NaN, 5.5];
  const passed = (filter: FemtoFilter): unknown[] =>
    passing(filter, values, (value) => record({ attributes: value === undefined ? {} : { tenant: value } }));

  test("is about records that have the attribute", () => {
    expect(passed(new FemtoAttributeFilter({ key: "tenant" }))).toEqual(values.slice(1));
    expect(passed(new FemtoAttributeFilter({ key: "tenant", action: "drop" }))).toEqual([undefined]);
    expect(passed(new FemtoAttributeFilter({ key: "toString" }))).toEqual([]);
  });

  test("is about a value, or one of several; an integer is the same as bigint", () => {
    expect(passed(new FemtoAttributeFilter({ key: "tenant", value: "acme" }))).toEqual(["acme"]);
    expect(passed(new FemtoAttributeFilter({ key: "tenant", value: 5 }))).toEqual([5, 5n]);
    const several = new FemtoAttributeFilter({ key: "tenant", value: [5n, null, true] });
    expect(passed(several)).toEqual([5, 5n, true, null]);
    expect(passed(new FemtoAttributeFilter({ key: "tenant", value: Number.NaN }))).toEqual([Number.NaN]);
  });

  test("is about texts that match a pattern", () => {
    const filter = new FemtoAttributeFilter({ key: "tenant", pattern: /^[an5]/ });
    expect(passed(filter)).toEqual(["acme", "north", "5"]);
  });
});

describe("FemtoSamplingFilter", () => {
  /** Ids whose random part is evenly spread. */
  const traceIds = Array.from({ length: 1000 }, (_, index) => {
    const random = Math.floor((index / 1000) * 2 ** 52);
    return `${"a".repeat(18)}${random.toString(16).padStart(13, "0")}0`;
  });
  const passed = (filter: FemtoFilter): string[] =>
    passing(filter, traceIds, (traceId) => record({ spanContext: span(traceId) }));

  test("takes a share of the traces, and a smaller share out of a greater one", () => {
    const tenth = passed(new FemtoSamplingFilter({ ratio: 0.1 }));
    const half = passed(new FemtoSamplingFilter({ ratio: 0.5 }));
    expect(tenth.length).toBeGreaterThanOrEqual(99);
    expect(tenth.length).toBeLessThanOrEqual(100);
    expect(half).toHaveLength(500);
    expect(half).toEqual(expect.arrayContaining(tenth));
    expect(passed(new FemtoSamplingFilter({ ratio: 0 }))).toEqual([]);
    expect(passed(new FemtoSamplingFilter({ ratio: 1 }))).toEqual(traceIds);
  });

  test("takes a share of the records without a trace by chance", () => {
    const filter = new FemtoSamplingFilter({ ratio: 0.5 });
    const count = traceIds.filter(() => filter.filter(record())).length;
    // Further away than 10 standard deviations is as good as never.
    expect(count).toBeGreaterThan(340);
    expect(count).toBeLessThan(660);
  });

  test("lets ERROR and above pass always, unless told otherwise", () => {
    const levels = [9, 16, 17, 21] as const;
    const none = (keepSeverity?: "OFF"): number[] =>
      passing(new FemtoSamplingFilter({ ratio: 0, keepSeverity }), levels, (severityNumber) =>
        record({ severityNumber }),
      );
    expect(none()).toEqual([17, 21]);
    expect(none("OFF")).toEqual([]);
  });

  test("by trace lets records of sampled traces pass, and those without as told", () => {
    const [traceId] = traceIds as [string];
    const given = [
      record({ spanContext: span(traceId, 1) }),
      record({ spanContext: span(traceId, 0) }),
      record(),
    ];
    const answers = (withoutTrace?: "keep" | "drop" | "ratio"): boolean[] => {
      const filter = new FemtoSamplingFilter({ by: "trace", ratio: 0, withoutTrace });
      return given.map((one) => filter.filter(one));
    };
    expect(answers()).toEqual([true, false, true]);
    expect(answers("drop")).toEqual([true, false, false]);
    expect(answers("ratio")).toEqual([true, false, false]);
  });
});
