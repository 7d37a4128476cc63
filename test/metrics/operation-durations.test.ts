import type { Attributes } from "@opentelemetry/api";
import { expect, test } from "vitest";

import type { HandlerFlow, MeteredHandler, OperationCounts } from "../../src/metrics/metered.ts";
import { OperationDurations } from "../../src/metrics/operation-durations.ts";

const FLOW: HandlerFlow = {
  submitted: 0,
  inFlight: 0,
  abandoned: 0,
  delivered: 0,
  filtered: 0,
  queued: 0,
  spooled: 0,
  dropped: { queue_full: 0, too_large: 0, already_shutdown: 0, spool_full: 0, exit_deadline: 0 },
  failures: {},
  capacity: undefined,
  operations: [],
};

interface Operation {
  readonly reason: string | undefined;
  readonly seconds: number;
}

/** An exporter whose operations the test says, and what is recorded of them. */
function exporter(): {
  /** Records: totals, and those that are known one by one. */
  readonly record: (totals: readonly OperationCounts[], latest: readonly Operation[]) => void;
  readonly recorded: (readonly [number, Attributes])[];
} {
  let latest: readonly Operation[] = [];
  const handler: MeteredHandler = {
    name: "test",
    exporter: { type: "test", address: undefined, port: undefined },
    isEnded: false,
    readFlow: () => FLOW,
    latestOperations: (sequence) => ({ sequence: sequence + latest.length, operations: latest }),
  };
  const durations = new OperationDurations(handler, {});
  const recorded: (readonly [number, Attributes])[] = [];
  const histogram = {
    record: (seconds: number, attributes: Attributes = {}) => void recorded.push([seconds, attributes]),
  };
  return {
    recorded,
    record: (operations, known) => {
      latest = known;
      durations.recordInto(histogram, { ...FLOW, operations });
    },
  };
}

test("recordInto() records each operation that is known", () => {
  const { record, recorded } = exporter();
  const operations = [
    { reason: undefined, seconds: 1 },
    { reason: "timeout", seconds: 2 },
  ];
  record(
    [
      { reason: undefined, operations: 1, seconds: 1 },
      { reason: "timeout", operations: 1, seconds: 2 },
    ],
    operations,
  );
  expect(recorded).toEqual([
    [1, {}],
    [2, { "error.type": "timeout" }],
  ]);
});

test("recordInto() records those that are known no more with their mean", () => {
  const { record, recorded } = exporter();
  record([{ reason: undefined, operations: 4, seconds: 10 }], [{ reason: undefined, seconds: 1 }]);
  expect(recorded.map(([seconds]) => seconds)).toEqual([1, 3, 3, 3]);
});

test("recordInto() records no operation twice that was known before it was counted", () => {
  const { record, recorded } = exporter();
  record([], [{ reason: undefined, seconds: 1 }]);
  record([{ reason: undefined, operations: 1, seconds: 1 }], []);
  record([{ reason: undefined, operations: 2, seconds: 3 }], [{ reason: undefined, seconds: 2 }]);
  expect(recorded.map(([seconds]) => seconds)).toEqual([1, 2]);
});

test.each([
  ["503", { "http.response.status_code": 503 }],
  ["UNAVAILABLE", { "rpc.response.status_code": "UNAVAILABLE" }],
  ["ECONNREFUSED", {}],
  ["9999", {}],
])("recordInto() of %s names the status, if it is one", (reason, status) => {
  const { record, recorded } = exporter();
  record([{ reason, operations: 1, seconds: 1 }], [{ reason, seconds: 1 }]);
  expect(recorded).toEqual([[1, { "error.type": reason, ...status }]]);
});
