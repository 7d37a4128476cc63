import type { OutcomeCounts } from "./finality.ts";

/** Who keeps account of the records in a persistent queue. The queue's own thread. */
export interface SpoolLedger {
  /** Records in the queue that were counted before this thread was there. */
  readonly spooledBefore: number;
  /** Records that were found in the queue, and that nobody in this process has counted yet. */
  noteRecovered(recordCount: number): void;
  /** What became of records that were counted as being in the queue. */
  noteLeft(counts: OutcomeCounts): void;
}
