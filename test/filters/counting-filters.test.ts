import { describe, expect, test } from "vitest";

import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoDedupFilter,
  FemtoInMemoryExporter,
  type FemtoLogger,
  type FemtoLogRecord,
  FemtoRateLimitFilter,
} from "../../src/index.ts";
import { endWithTest } from "../handlers/fixture.ts";
import { record } from "./records.ts";

const HOUR = 3_600_000;

/** What of the times passes. */
function passing(filter: FemtoRateLimitFilter | FemtoDedupFilter, times: readonly number[]): number[] {
  return times.filter((atMillis) => filter.filter(record({ atMillis })));
}

/** What a handler with this filter delivers. */
async function throughHandler(
  filter: FemtoRateLimitFilter | FemtoDedupFilter,
  log: (logger: FemtoLogger) => void,
): Promise<FemtoLogRecord[]> {
  const exporter = new FemtoInMemoryExporter();
  const handler = endWithTest(new FemtoBatchLogRecordProcessor({ exporter, filters: [filter] }));
  log(createLogging({ handlers: [handler] }).getLogger("shop"));
  await handler.forceFlush();
  return exporter.getFinishedLogRecords() as unknown as FemtoLogRecord[];
}

function bodiesOf(records: readonly FemtoLogRecord[]): unknown[] {
  return records.map(({ body }) => body);
}

describe("FemtoRateLimitFilter", () => {
  test("lets `count` records pass in an interval, which begins with the first of them", () => {
    const filter = new FemtoRateLimitFilter({ count: 2, intervalMillis: 100 });
    const times = [50, 60, 70, 149, 150, 151, 152, 500, 501, 599, 601];
    expect(passing(filter, times)).toEqual([50, 60, 150, 151, 500, 501, 601]);
  });

  test("saves up what was not used, up to `burst`", () => {
    const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: 100, burst: 3 });
    expect(passing(filter, [0, 1, 2, 3, 100, 101, 300, 301, 302])).toEqual([0, 1, 2, 100, 300, 301]);
    expect(passing(filter, [9000, 9001, 9002, 9003])).toEqual([9000, 9001, 9002]);
  });

  test("goes on where the clock was set back by more than an interval", () => {
    const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: 100 });
    expect(passing(filter, [90_000, 90_001, 0, 1, 100])).toEqual([90_000, 0, 100]);
  });

  test.each([
    ["template", [true, false, true, true, true]],
    ["logger", [true, false, false, true, false]],
    ["all", [true, false, false, false, false]],
  ] as const)("holds for each %s", (per, answers) => {
    const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR, per });
    const given = [
      { template: "a {x}", body: "a 1" },
      { template: "a {x}", body: "a 2" },
      { body: "a 1" },
      { loggerName: "bank", template: "a {x}" },
      { loggerName: "bank", eventName: "paid" },
    ];
    expect(given.map((one) => filter.filter(record(one)))).toEqual(answers);
  });

  test("tells records apart by an attribute", () => {
    const limits = { count: 1, per: "all", intervalMillis: HOUR, attribute: "tenant" } as const;
    const filter = new FemtoRateLimitFilter(limits);
    const tenants = ["a", "b", "a", 1, 1n, undefined, "undefined", undefined];
    const answers = tenants.map((tenant) =>
      filter.filter(record({ attributes: tenant === undefined ? {} : { tenant } })),
    );
    expect(answers).toEqual([true, true, false, true, false, true, true, false]);
  });

  test("forgets the oldest kind beyond `keysMax`, so that its memory is bounded", () => {
    const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR, keysMax: 2 });
    const answers = ["a", "b", "a", "c", "a"].map((body) => filter.filter(record({ body })));
    expect(answers).toEqual([true, true, false, true, true]);
  });

  test("records of keepSeverity and above pass, and are not counted", () => {
    const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR, keepSeverity: "ERROR" });
    const levels = [17, 17, 9, 9, 17] as const;
    const answers = levels.map((severityNumber) => filter.filter(record({ severityNumber })));
    expect(answers).toEqual([true, true, true, false, true]);
  });

  test("update() keeps the counts", () => {
    const filter = new FemtoRateLimitFilter({ count: 2, intervalMillis: HOUR });
    expect(passing(filter, [0])).toEqual([0]);
    filter.update({ keepSeverity: "ERROR" });
    expect(passing(filter, [1, 2])).toEqual([1]);
  });

  test("tells what it has left out, before the next record that passes and at a flush", async () => {
    const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: 1000 });
    const start = new Date("2026-11-22T17:28:06.000Z").getTime();
    const calls = [
      [0, 9],
      [10, 9],
      [20, 13],
      [30, 9],
      [1000, 9],
      [1001, 9],
    ] as const;
    const records = await throughHandler(filter, (logger) => {
      for (const [millis, severityNumber] of calls) {
        const time = new Date(start + millis);
        logger.emit({ body: "disk is full", severityNumber, timestamp: time, observedTimestamp: time });
      }
    });
    expect(bodiesOf(records)).toEqual([
      "disk is full",
      "repeated 3 times: disk is full",
      "disk is full",
      "repeated 1 time: disk is full",
    ]);
    expect(records[1]).toMatchObject({
      severityNumber: 13,
      loggerName: "shop",
      hrTime: [start / 1000, 30_000_000],
      attributes: {
        "repeated.count": 3,
        "repeated.first": "2026-11-22T17:28:06.010Z",
        "repeated.last": "2026-11-22T17:28:06.030Z",
      },
    });
    expect(records[1]?.resource).toBe(records[0]?.resource);
    expect(records[1]?.instrumentationScope).toBe(records[0]?.instrumentationScope);
  });

  test("repeats the template, not one of the texts made from it; without one it only counts", async () => {
    const log = (logger: FemtoLogger): void => {
      for (let id = 0; id < 4; id++) logger.info("User {id}", { id });
    };
    const bodies = async (options: object): Promise<unknown[]> => {
      const filter = new FemtoRateLimitFilter({ count: 1, intervalMillis: HOUR, ...options });
      return bodiesOf(await throughHandler(filter, log));
    };
    expect(await bodies({})).toEqual(["User 0", "repeated 3 times: User {id}"]);
    expect(await bodies({ per: "logger" })).toEqual(["User 0", "3 records left out"]);
    expect(await bodies({ summary: false })).toEqual(["User 0"]);
  });
});

describe("FemtoDedupFilter", () => {
  test("lets the first of like records pass, and the next one after `windowMillis`", () => {
    const filter = new FemtoDedupFilter({ windowMillis: 100 });
    expect(passing(filter, [0, 1, 99, 100, 150, 199, 200])).toEqual([0, 100, 200]);
  });

  test.each([
    ["all attributes", true, [true, false, true, true]],
    ["no attributes", false, [true, false, false, false]],
    ["some attributes", ["a"], [true, false, false, true]],
  ] as const)("compares %s", (_name, attributes, answers) => {
    const filter = new FemtoDedupFilter({ attributes });
    const given = [
      { a: 1, b: 1 },
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ];
    expect(given.map((one) => filter.filter(record({ attributes: one })))).toEqual(answers);
  });

  test("tells records apart by logger, level, event name and body", () => {
    const filter = new FemtoDedupFilter();
    const given: Partial<FemtoLogRecord>[] = [
      {},
      { loggerName: "bank" },
      { severityNumber: 13 },
      { eventName: "paid" },
      { body: "hell" },
      { body: { a: 1 } },
      { body: 1 },
      { body: "1" },
    ];
    expect(given.map((one) => filter.filter(record(one)))).toEqual(given.map(() => true));
    expect(given.map((one) => filter.filter(record(one)))).toEqual(given.map(() => false));
  });

  test("tells long texts apart that differ at their end only", () => {
    const filter = new FemtoDedupFilter();
    const long = "x".repeat(100_000);
    const answers = [`${long}a`, `${long}b`, `${long}a`].map((body) => filter.filter(record({ body })));
    expect(answers).toEqual([true, true, false]);
  });

  test("tells how often a record was repeated", async () => {
    const records = await throughHandler(new FemtoDedupFilter({ windowMillis: HOUR }), (logger) => {
      for (const id of [1, 1, 2, 1]) logger.warn("User {id} has left", { id });
    });
    const bodies = ["User 1 has left", "User 2 has left", "repeated 2 times: User 1 has left"];
    expect(bodiesOf(records)).toEqual(bodies);
    expect(records[2]).toMatchObject({ severityNumber: 13, severityText: "WARN" });
  });
});
