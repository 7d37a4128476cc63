import { ExportError } from "../../src/errors.ts";
import type { SendOutcome } from "../sender.ts";

/**
 * Codes of TLS: the peer has not seen the batch, and a certificate can be renewed. Senders give such a batch up at once, since another
 * attempt changes nothing; a queue that holds hours may wait until somebody has mended it.
 */
const TLS_CODE =
  /^(?:CERT|CRL|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;

/** Whether this is the end of a batch: the peer has taken it, or has refused it for good. Else it stays in the queue. */
export function isFinal({ failed, reason, error }: SendOutcome): boolean {
  if (failed === 0) return true;
  if (reason !== undefined && TLS_CODE.test(reason)) return false;
  return !(error instanceof ExportError && error.retryable);
}

/** Counts of records, as parts of an outcome. */
export type OutcomeCounts = Pick<SendOutcome, "delivered" | "rejected" | "failed"> &
  Partial<Pick<SendOutcome, "reason">>;

/** Shares the outcome of several batches that went as one out among them: in their order, what was lost first. */
export function shareOut(outcome: OutcomeCounts, recordCounts: readonly number[]): OutcomeCounts[] {
  let failedLeft = outcome.failed;
  let rejectedLeft = outcome.rejected;
  return recordCounts.map((recordCount) => {
    const failed = Math.min(recordCount, failedLeft);
    const rejected = Math.min(recordCount - failed, rejectedLeft);
    failedLeft -= failed;
    rejectedLeft -= rejected;
    const delivered = recordCount - failed - rejected;
    return { delivered, rejected, failed, reason: failed + rejected > 0 ? outcome.reason : undefined };
  });
}
