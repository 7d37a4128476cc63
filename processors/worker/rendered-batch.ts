import type { Batch } from "../queue/reader.ts";

/** How much a destination takes in one batch. */
export interface BatchRoom {
  readonly bytes: number;
  /**
   * Not even one record fits: makes room, if that can be.
   * @param byteCount Bytes of the record.
   * @returns Bytes that there is room for now.
   */
  renew(byteCount: number): number;
}

/** For destinations that take anything. */
export const ANY_ROOM: BatchRoom = {
  bytes: Number.POSITIVE_INFINITY,
  renew: () => Number.POSITIVE_INFINITY,
};

/** What became of a batch. The counts add up to its records. */
export interface BatchOutcome {
  readonly delivered: number;
  readonly rejected: number;
  readonly failed: number;
  /** Why not all were delivered: `error.type` of the semantic conventions. */
  readonly reason?: string | undefined;
  /** Records that a persistent queue has on the disk; left out: none. */
  readonly spooled?: number;
  /** Records that a persistent queue had no room for; left out: none. */
  readonly spoolFull?: number;
}

/** Records of a batch that are out of memory for good: the peer has them, or the disk. */
export function safeCount({ delivered, spooled = 0 }: BatchOutcome): number {
  return delivered + spooled;
}

/** A rendered batch, on its way. */
export interface RenderedBatch {
  readonly batch: Batch;
  /** Records in `bytes`: those of the batch that passed the filters and could be rendered, and summaries. */
  readonly recordCount: number;
  /** Records of the batch that filters have left out; counted when the batch is settled. */
  readonly filteredCount: number;
  /** Records that filters have made. */
  readonly summaryCount: number;
  /** Records that could not be rendered; counted when the batch is settled. */
  readonly renderFailedCount: number;
  readonly bytes: Uint8Array;
  /** The highest severity number in the batch. */
  readonly severityMax: number;
}

/** What a settled batch adds to BATCH_COUNTERS. */
export function amountsOf(rendered: RenderedBatch, outcome: BatchOutcome): readonly number[] {
  return [
    rendered.summaryCount,
    rendered.filteredCount,
    outcome.delivered,
    outcome.rejected,
    outcome.failed,
    rendered.renderFailedCount,
    rendered.recordCount > 0 ? 1 : 0,
    rendered.bytes.length,
  ];
}
