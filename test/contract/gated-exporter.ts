import { appendFileSync } from "node:fs";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";

const OPEN = 0;
const BATCH_COUNT = 1;

type OnResult = Parameters<LogRecordExporter["export"]>[1];

/** What the exporter is made with: data, for it may live in a worker. */
export interface GatedExporterOptions {
  /** Two words: 0 while the exporter may not answer; how many batches it was given. */
  readonly gate: Int32Array;
  /** Gets a line for each record, before the answer. */
  readonly path: string;
}

/** An exporter that writes records to a file, once its gate is open. For the handler's thread, or the application's. */
export function createExporter({ gate, path }: GatedExporterOptions): LogRecordExporter {
  const deliver = (records: readonly ReadableLogRecord[]): void => {
    appendFileSync(
      path,
      records.map(({ attributes }) => `${JSON.stringify({ i: attributes["i"] })}\n`).join(""),
    );
  };
  const deliverWhenOpen = async (
    records: readonly ReadableLogRecord[],
    onResult: OnResult,
  ): Promise<void> => {
    Atomics.add(gate, BATCH_COUNT, 1);
    await isOpen(gate);
    deliver(records);
    onResult({ code: 0 });
  };
  return {
    export: (records, onResult) => void deliverWhenOpen(records, onResult),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

async function isOpen(gate: Int32Array): Promise<void> {
  while (Atomics.load(gate, OPEN) === 0) await Atomics.waitAsync(gate, OPEN, 0).value;
}

/** A gate that is closed. */
export function makeGate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Batches that the exporter was given so far. */
export function batchCountOf(gate: Int32Array): number {
  return Atomics.load(gate, BATCH_COUNT);
}

/** Lets the exporter answer. */
export function openGate(gate: Int32Array): void {
  Atomics.store(gate, OPEN, 1);
  Atomics.notify(gate, OPEN);
}
