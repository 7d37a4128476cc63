import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import type { RecordBatch } from "./record-batches.ts";

/** What became of a batch. */
export interface BatchDelivery {
  readonly deliveredCount: number;
  /** Why the others were not delivered, or what else went wrong. */
  readonly error: Error | undefined;
}

/** What an exporter renders with, and where its batches go. */
export interface StockOutlet {
  readonly renderer: BatchRenderer;
  /** Records in one batch at most. */
  readonly batchRecordsMax: number;
  /** Batches of one export under way at a time. */
  readonly concurrentBatchesMax: number;
  /**
   * Delivers a batch, or gives it up. Never throws or rejects.
   * @param signal Ends waits.
   */
  deliver(batch: RecordBatch, signal: AbortSignal): BatchDelivery | Promise<BatchDelivery>;
  /** Closes what is open. */
  close(): Promise<void>;
}
