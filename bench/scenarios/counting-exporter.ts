/** An exporter that counts, for a batch processor that loads it in a thread of its own. Says how many there were when it is shut down. */
import { writeFileSync } from "node:fs";

import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";

/** What it is made with. */
export interface CountingOptions {
  /** The file that the number is written to. */
  readonly countPath: string;
}

/** @param options Goes through the thread's door as data. */
export function createExporter({ countPath }: CountingOptions): LogRecordExporter {
  let count = 0;
  return {
    export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
      count += records.length;
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => {
      writeFileSync(countPath, String(count));
      return Promise.resolve();
    },
  };
}
