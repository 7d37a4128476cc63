import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { FILTERS_VERSION_WORD } from "../../../processors/queue/queue-layout.ts";
import { ConsumerFilters } from "../../../processors/worker/consumer-filters.ts";
import type { FilterDescriptor, FilterSetup } from "../../../src/filters/rules/filter-descriptor.ts";
import { makeRecord } from "../../formatters/make-record.ts";
import { TestQueue } from "../queue/queue-fixture.ts";

const HOUR = 3_600_000;
const THROWING: FilterDescriptor = {
  id: 1,
  kind: "module",
  module: new URL("../../contract/filter-module.ts", import.meta.url).href,
  options: { mode: "throw" },
};

function dedup(id: number): FilterDescriptor {
  const options = { windowMillis: HOUR, attributes: true, keysMax: 10, summary: true, keepSeverity: 25 };
  return { id, kind: "dedup", options };
}

/** Filters of a consumer, what they report, and how the thread that made the handler changes them. */
function open(...filters: readonly FilterDescriptor[]): {
  readonly judged: ConsumerFilters;
  readonly reports: string[];
  readonly change: (...changed: readonly FilterDescriptor[]) => void;
} {
  const queue = new TestQueue();
  const sent: FilterSetup[] = [];
  const reports: string[] = [];
  let version = 1;
  const word = queue.geometry.at / 4 + FILTERS_VERSION_WORD;
  queue.arena.words[word] = version;
  const judged = ConsumerFilters.open(
    queue.arena,
    { handlerSlot: queue.handlerSlot, filters: { version, filters } },
    { report: (message) => reports.push(message), receiveFilters: () => sent.shift() },
  );
  const change = (...changed: readonly FilterDescriptor[]): void => {
    sent.push({ version: ++version, filters: changed });
    queue.arena.words[word] = version;
  };
  return { judged, reports, change };
}

/** The bodies of the summaries that are due, or of all. */
function summariesOf(judged: ConsumerFilters, isAll = false): number {
  let count = 0;
  judged.takeSummaries(isAll, () => count++);
  return count;
}

describe("ConsumerFilters", () => {
  test("of a filter that fails for each record little is reported: a report is a message to another thread", () => {
    const { judged, reports } = open(THROWING);
    const record = makeRecord({ template: "hello" });
    for (let i = 0; i < 1000; i++) expect(judged.judge(record)).toBe(record);
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.length).toBeLessThan(10);
    expect(reports[0]).toContain("no filter today");
  });

  test("several changes at once are seen in their order, by the next record", () => {
    const { judged, change } = open();
    const record = makeRecord({ template: "hello", severityNumber: 9 });
    expect(judged.judge(record)).toBe(record);
    change({ id: 1, kind: "level", options: { minimum: 9, maximum: 25 } });
    change({ id: 1, kind: "level", options: { minimum: 17, maximum: 25 } });
    expect(judged.judge(record)).toBeUndefined();
  });

  test("a filter that is taken away tells at once what it has left out; one that stays goes on counting", () => {
    const { judged, change } = open(dedup(1));
    const record = makeRecord({ template: "hello" });
    expect([judged.judge(record), judged.judge(record)]).toEqual([record, undefined]);
    change(dedup(1), { id: 2, kind: "name", options: { name: "", action: "keep" } });
    expect(judged.judge(record)).toBeUndefined();
    expect([judged.isPending, judged.hasReady, summariesOf(judged)]).toEqual([true, false, 0]);
    change(dedup(3));
    expect(judged.judge(record)).toBe(record);
    expect([judged.hasReady, summariesOf(judged), judged.isPending]).toEqual([true, 1, false]);
  });

  test("a summary that a filter behind makes unfit is left out, and that is reported", () => {
    const path = fileURLToPath(new URL("../../contract/filter-module.ts", import.meta.url));
    const unfit = { ...THROWING, module: new URL(`file://${path}`).href, options: { mode: "unfit" } };
    const { judged, reports } = open(dedup(1), unfit);
    const record = makeRecord({ template: "hello" });
    judged.judge(record);
    judged.judge(record);
    expect(summariesOf(judged, true)).toBe(0);
    expect(judged.isPending).toBe(false);
    expect(reports.length).toBeGreaterThan(0);
  });
});
