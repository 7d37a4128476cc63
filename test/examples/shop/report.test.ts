import { expect, test } from "vitest";

import { faultsOf, tableOf, type HandlerResult, type ShopResult } from "../../../examples/shop/report.ts";

const NONE_DROPPED = {
  queue_full: 0,
  too_large: 0,
  already_shutdown: 0,
  export_failed: 0,
  rejected: 0,
  spool_full: 0,
  exit_deadline: 0,
};

function handlerOf(
  fields: Partial<HandlerResult>,
  counts: Partial<HandlerResult["stats"]> = {},
): HandlerResult {
  const stats = {
    emitted: 1_000,
    delivered: 1_000,
    filtered: 0,
    summaries: 0,
    queued: 0,
    spooled: 0,
    recovered: 0,
    dropped: NONE_DROPPED,
    droppedTotal: 0,
    failures: {},
    replayed: 0,
    batches: 1,
    bytes: 1,
    ...counts,
  };
  return { title: "file", stats, loggedCount: 1_000, comparison: undefined, ...fields };
}

function resultOf(handlers: readonly HandlerResult[], surprises: readonly string[] = []): ShopResult {
  return {
    handlers,
    costs: Array.from({ length: 100 }, (_, i) => (100 - i) / 1_000),
    clockMillis: 0.000_05,
    latencies: [2, 4, 3],
    statuses: new Map([
      [502, 1],
      [201, 2],
    ]),
    surprises,
  };
}

test("faultsOf() finds nothing wrong when all that was logged was delivered", () => {
  expect(faultsOf(resultOf([handlerOf({})]))).toEqual([]);
});

test("faultsOf() names records that a handler did not take, did not deliver, or dropped", () => {
  const dropped = { ...NONE_DROPPED, queue_full: 2 };
  const handler = handlerOf({ loggedCount: 1_001 }, { delivered: 998, dropped, droppedTotal: 2 });
  expect(faultsOf(resultOf([handler]))).toEqual([
    "file: 1001 records were logged, it took 1000",
    "file: 1001 records were logged, it delivered 998",
    "file: it dropped 2: queue_full",
  ]);
});

test("faultsOf() names differences of content, and answers that were not expected", () => {
  const comparison = { identicalCount: 999, differenceCount: 1, descriptions: ["record 5 is missing"] };
  expect(faultsOf(resultOf([handlerOf({ comparison })], ["order 3 was answered 500, not 201"]))).toEqual([
    "order 3 was answered 500, not 201",
    "file: 1 records are not as they were logged:",
    "record 5 is missing",
  ]);
});

test("tableOf() has a row for each handler, and the percentiles by nearest rank", () => {
  const isSame = { identicalCount: 1_000, differenceCount: 0, descriptions: [] };
  const isOther = { identicalCount: 999, differenceCount: 1, descriptions: [] };
  const handlers = [
    handlerOf({ title: "screen" }),
    handlerOf({ comparison: isSame }),
    handlerOf({ title: "otlp", comparison: isOther }),
  ];
  expect(tableOf(resultOf(handlers))).toBe(
    [
      "                    emitted  delivered    dropped  content",
      "screen                1,000      1,000          0  counted only",
      "file                  1,000      1,000          0  identical",
      "otlp                  1,000      1,000          0  999 identical, 1 not",
      "",
      "                        p50        p99         of",
      "call of a logger      50.00      99.00        100  µs, all handlers; 0.05 is the clock",
      "request                3.00       4.00          3  ms; 2 × 201, 1 × 502",
      "",
    ].join("\n"),
  );
});
