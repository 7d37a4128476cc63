import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import { RecordObjects } from "./record-objects.ts";

/** Records as they go out in one write or request. */
export interface RecordBatch {
  /** The batch's own: nothing else changes them. */
  readonly bytes: Uint8Array;
  readonly recordCount: number;
  /** Where each record ends, in bytes; of renderers of lines exactly. */
  readonly ends: readonly number[];
  /** The highest severity number among them. */
  readonly severityMax: number;
}

/** The records of one export call. */
export interface RenderedRecords {
  readonly batches: readonly RecordBatch[];
  /** Of the records that could not be rendered: why, each. */
  readonly refusals: readonly Error[];
}

/** Renders record objects into batches. One an exporter, on the thread that calls it. */
export class RecordBatches {
  readonly #renderer: BatchRenderer;
  readonly #recordsMax: number;
  readonly #objects = new RecordObjects();

  /** @param recordsMax Records in a batch at most; Infinity for all of a call in one. */
  constructor(renderer: BatchRenderer, recordsMax: number) {
    this.#renderer = renderer;
    this.#recordsMax = recordsMax;
  }

  /** Renders all records of a call. Never throws: what cannot be rendered is refused. */
  render(logs: readonly ReadableLogRecord[]): RenderedRecords {
    const batches: RecordBatch[] = [];
    const refusals: Error[] = [];
    let ends: number[] = [];
    let severityMax = 0;
    const finish = (): void => {
      const bytes = new Uint8Array(this.#renderer.finish());
      if (ends.length > 0) batches.push({ bytes, recordCount: ends.length, ends, severityMax });
      ends = [];
      severityMax = 0;
    };
    for (const log of logs) {
      const refusal = this.#add(log);
      if (refusal === undefined) {
        ends.push(this.#renderer.byteCount);
        severityMax = Math.max(severityMax, log.severityNumber ?? 0);
      } else {
        refusals.push(refusal);
      }
      if (ends.length === this.#recordsMax) finish();
    }
    finish();
    return { batches, refusals };
  }

  #add(log: ReadableLogRecord): Error | undefined {
    try {
      this.#renderer.add(this.#objects.cursorOf(log));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
