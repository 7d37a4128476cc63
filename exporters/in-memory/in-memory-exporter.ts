import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";

type ResultCallback = Parameters<LogRecordExporter["export"]>[1];

const SUCCESS = 0;
const FAILED = 1;

/** Keeps what it is given: for tests. A `LogRecordExporter` for any processor, ours or the stock ones. */
export class FemtoInMemoryExporter implements LogRecordExporter {
  #records: ReadableLogRecord[] = [];
  #isShutDown = false;

  export(logs: ReadableLogRecord[], resultCallback: ResultCallback): void {
    if (this.#isShutDown) {
      resultCallback({
        code: FAILED,
        error: new Error("Cannot export: the in-memory exporter is shut down"),
      });
      return;
    }
    // Not by spreading: a batch may hold more records than a call takes arguments.
    for (const log of logs) this.#records.push(log);
    resultCallback({ code: SUCCESS });
  }

  /** What was exported, oldest first: a copy. */
  getFinishedLogRecords(): ReadableLogRecord[] {
    return [...this.#records];
  }

  /** Forgets all records. */
  reset(): void {
    this.#records = [];
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes no more records; those it has can still be read. */
  shutdown(): Promise<void> {
    this.#isShutDown = true;
    return Promise.resolve();
  }
}
