import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { onTestFinished } from "vitest";

/** What an exporter answers. */
export type Result = Parameters<Parameters<LogRecordExporter["export"]>[1]>[0];

const RESOURCE = resourceFromAttributes({ "service.name": "shop" });

/** A record object, as a processor hands it over. */
export function recordOf(parts: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
  return {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 987_654_321],
    resource: RESOURCE,
    instrumentationScope: { name: "stock", version: "1.2" },
    attributes: {},
    droppedAttributesCount: 0,
    ...parts,
  };
}

/** Records with the bodies "record 0", "record 1" and so on. */
export function numbered(count: number, from = 0): ReadableLogRecord[] {
  return Array.from({ length: count }, (_, i) => recordOf({ body: `record ${from + i}` }));
}

/** Bodies of `numbered`. */
export function bodies(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `record ${from + i}`);
}

/** One export, and its answer. */
export function send(exporter: LogRecordExporter, records: readonly ReadableLogRecord[]): Promise<Result> {
  return new Promise((resolve) => exporter.export([...records], resolve));
}

/** Shuts the exporter down with the test. */
export function endWithTest<Exporter extends LogRecordExporter>(exporter: Exporter): Exporter {
  onTestFinished(() => exporter.shutdown());
  return exporter;
}
