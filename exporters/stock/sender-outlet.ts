import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import type { BatchSender } from "../sender.ts";
import type { StockOutlet } from "./outlet.ts";

/** What a sender works with. */
export interface SenderParts {
  readonly renderer: BatchRenderer;
  /** Records in one request at most; all of an export when left out. */
  readonly batchRecordsMax?: number;
  /** Requests of one export under way at a time; 1 when left out. */
  readonly concurrentBatchesMax?: number;
  readonly report: (trouble: string) => void;
}

/** An outlet that sends each batch by a sender, which tries again as long as that makes sense. */
export function senderOutlet(sender: BatchSender, parts: SenderParts): StockOutlet {
  const { renderer, batchRecordsMax = Number.POSITIVE_INFINITY, concurrentBatchesMax = 1, report } = parts;
  return {
    renderer,
    batchRecordsMax,
    concurrentBatchesMax,
    deliver: async ({ bytes, recordCount }, signal) => {
      const { delivered, reason, error } = await sender.send(bytes, { recordCount, signal });
      if (reason !== undefined) return { deliveredCount: delivered, error: error ?? new Error(reason) };
      // A peer that took everything, with a warning.
      if (error !== undefined) report(error.message);
      return { deliveredCount: delivered, error: undefined };
    },
    close: () => sender.close(),
  };
}
