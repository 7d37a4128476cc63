import { expect, test } from "vitest";

import { readStats } from "../../../processors/queue/counters.ts";
import { readExportCounts, readOperations } from "../../../processors/queue/export-counts.ts";
import { RING_COUNT } from "../../../processors/queue/export-layout.ts";
import { consumerCounters } from "../../../processors/queue/counters.ts";
import { countAbandoned, ExportLedger } from "../../../processors/queue/export-ledger.ts";
import { DELIVERED_COUNTER, FAILED_COUNTER } from "../../../processors/queue/queue-layout.ts";
import { TestQueue } from "./queue-fixture.ts";

interface Ledger {
  readonly queue: TestQueue;
  readonly ledger: ExportLedger;
  readonly counts: () => ReturnType<typeof readExportCounts>;
  readonly failures: () => Readonly<Record<string, number>>;
  /** Ends a batch as consumers do: first in the ledger, then in the queue's counters. */
  readonly end: (serial: number, end: { delivered?: number; failed?: number; reason?: string }) => void;
}

function open(queue: TestQueue = new TestQueue()): Ledger {
  const { arena, geometry } = queue;
  const ledger = new ExportLedger(arena, geometry);
  const counters = consumerCounters(geometry);
  return {
    queue,
    ledger,
    counts: () => readExportCounts(arena, geometry),
    failures: () => readStats(arena, geometry).failures,
    end: (serial, { delivered = 0, failed = 0, reason }) => {
      ledger.end(serial, { failed, reason });
      arena.floats[counters + DELIVERED_COUNTER]! += delivered;
      arena.floats[counters + FAILED_COUNTER]! += failed;
    },
  };
}

test("begin() counts the records as submitted and in flight, end() takes them out of flight", () => {
  const { ledger, counts, end } = open();
  ledger.begin(1, 10);
  ledger.begin(2, 5);
  expect(counts()).toMatchObject({ submitted: 15, inFlight: 15, reasons: [] });
  end(1, { delivered: 10 });
  expect(counts()).toMatchObject({ submitted: 15, inFlight: 5 });
  end(2, { delivered: 5 });
  expect(counts()).toMatchObject({ submitted: 15, inFlight: 0 });
});

test("begin() of a batch that is gone on with counts nothing", () => {
  const { ledger, counts } = open();
  ledger.begin(1, 10);
  ledger.begin(1, 10);
  expect(counts()).toMatchObject({ submitted: 10, inFlight: 10 });
});

test("begin() and end() of a batch without records are no operation", () => {
  const { ledger, counts, end } = open();
  ledger.begin(1, 0);
  end(1, {});
  expect(counts()).toMatchObject({ submitted: 0, inFlight: 0, reasons: [] });
});

test("a new owner begins with nothing in flight, and what it is given again is not counted as submitted again", () => {
  const first = open();
  first.ledger.begin(1, 10);
  first.end(1, { delivered: 10 });
  first.ledger.begin(2, 10);
  const second = open(first.queue);
  expect(second.counts()).toMatchObject({ submitted: 20, inFlight: 0 });
  second.ledger.begin(1, 4);
  expect(second.counts()).toMatchObject({ submitted: 20, inFlight: 4 });
  second.ledger.begin(2, 7);
  expect(second.counts()).toMatchObject({ submitted: 21, inFlight: 11 });
});

test("end() counts failures by their reasons, a new owner goes on with them", () => {
  const first = open();
  first.ledger.begin(1, 10);
  first.end(1, { failed: 10, reason: "503" });
  const second = open(first.queue);
  second.ledger.begin(1, 3);
  second.end(1, { failed: 3, reason: "503" });
  second.ledger.begin(2, 2);
  second.end(2, { failed: 2, reason: "ECONNREFUSED" });
  expect(second.failures()).toEqual({ 503: 13, ECONNREFUSED: 2 });
});

test("end() without a reason counts what failed as _OTHER", () => {
  const { ledger, end, failures } = open();
  ledger.begin(1, 10);
  end(1, { delivered: 8, failed: 2 });
  expect(failures()).toEqual({ _OTHER: 2 });
});

test("end() counts as _OTHER what has no room among the reasons, and loses no record", () => {
  const { ledger, end, failures } = open();
  for (let serial = 0; serial < 40; serial++) {
    ledger.begin(serial, 1);
    end(serial, { failed: 1, reason: `E${serial}` });
  }
  const { _OTHER: other, ...named } = failures();
  expect([Object.keys(named).length, other]).toEqual([30, 10]);
});

test("end() cuts names to their place and keeps them printable", () => {
  const { ledger, end, failures } = open();
  ledger.begin(1, 1);
  end(1, { failed: 1, reason: `zu viel\n${"x".repeat(100)}` });
  expect(failures()).toEqual({ [`zu_viel_${"x".repeat(31)}`]: 1 });
});

test("failures of which no reason was written are _OTHER, so that the sum is that of export_failed", () => {
  const { queue, failures } = open();
  queue.arena.floats[consumerCounters(queue.geometry) + FAILED_COUNTER] = 7;
  expect(failures()).toEqual({ _OTHER: 7 });
});

test("readOperations() gives each operation once, with its reason and the time it took", () => {
  const { queue, ledger, end } = open();
  ledger.begin(1, 1);
  end(1, { delivered: 1 });
  ledger.begin(2, 1);
  end(2, { failed: 1, reason: "timeout" });
  const { sequence, operations } = readOperations(queue.arena, queue.geometry, 0);
  expect(operations.map(({ reason }) => reason)).toEqual([undefined, "timeout"]);
  expect(operations.every(({ seconds }) => seconds >= 0 && seconds < 60)).toBe(true);
  expect(readOperations(queue.arena, queue.geometry, sequence).operations).toEqual([]);
});

test("readOperations() leaves out what was, or may be being, written over; the counts by reason have all", () => {
  const { queue, ledger, end, counts } = open();
  for (let serial = 0; serial < RING_COUNT + 10; serial++) {
    ledger.begin(serial, 1);
    end(serial, { delivered: 1 });
  }
  expect(readOperations(queue.arena, queue.geometry, 0).operations).toHaveLength(RING_COUNT - 1);
  expect(counts().reasons).toMatchObject([{ reason: undefined, operations: RING_COUNT + 10 }]);
});

test("countAbandoned() counts of what is left what the exporter had, and ends the flight", () => {
  const { queue, ledger, counts } = open();
  ledger.begin(1, 10);
  countAbandoned(queue.arena, queue.geometry, 25);
  expect(counts()).toMatchObject({ abandoned: 10, inFlight: 0 });
});
