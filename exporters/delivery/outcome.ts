// The words in which a sender says what became of a batch. Pure.
import { ExportError } from "../../src/errors.ts";
import type { SendOutcome } from "../sender.ts";
import { shutDown } from "./failure-codes.ts";
import type { Acceptance } from "./verdict.ts";

/** What a message is about. */
export interface BatchSubject {
  readonly recordCount: number;
  /** Without credentials and query. */
  readonly shownUrl: string;
}

/** Why a batch is given up. */
export interface GiveUp {
  /** `error.type`. */
  readonly reason: string;
  /** What happened, for people. */
  readonly detail: string;
  /** Whether the same bytes may succeed later. */
  readonly isRetryable: boolean;
  /** Whether a request went unanswered, so that the peer may have the records all the same. */
  readonly isUnanswered: boolean;
  readonly cause: Error | undefined;
}

/** The peer took the batch, or most of it. */
export function acceptedOutcome(acceptance: Acceptance, subject: BatchSubject): SendOutcome {
  const { recordCount, shownUrl } = subject;
  const { remark } = acceptance;
  const rejected = Math.min(Math.max(acceptance.rejectedCount, 0), recordCount);
  const delivered = recordCount - rejected;
  if (rejected === 0) {
    const warning = `Sent ${records(recordCount)} to ${shownUrl}, which took them with a warning: ${remark}`;
    const error = remark === "" ? undefined : new ExportError(warning, { retryable: false });
    return { delivered, rejected, failed: 0, reason: undefined, error };
  }
  const why = remark === "" ? "without saying why" : `because ${remark}`;
  const message = `Cannot send ${rejected} of ${records(recordCount)} to ${shownUrl}: the peer rejected them ${why}; they are not sent again`;
  const error = new ExportError(message, { retryable: false });
  return { delivered, rejected, failed: 0, reason: "rejected", error };
}

/** The batch is given up. */
export function failedOutcome(giveUp: GiveUp, subject: BatchSubject): SendOutcome {
  const { recordCount, shownUrl } = subject;
  const doubt = giveUp.isUnanswered
    ? "; a request went unanswered, so the peer may have them all the same"
    : "";
  const account = giveUp.reason === shutDown ? "" : `; ${records(recordCount)} counted as export_failed`;
  const message = `Cannot send ${records(recordCount)} to ${shownUrl}: ${giveUp.detail}${doubt}${account}`;
  const error = new ExportError(message, { retryable: giveUp.isRetryable, cause: giveUp.cause });
  return { delivered: 0, rejected: 0, failed: recordCount, reason: giveUp.reason, error };
}

/** `350 ms`, `12 s`, `5 minutes`. */
export function describeDuration(millis: number): string {
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  if (millis < 120_000) return `${Math.round(millis / 1_000)} s`;
  return `${Math.round(millis / 60_000)} minutes`;
}

/** `1 attempt`, `3 attempts`. */
export function attempts(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}

function records(count: number): string {
  return count === 1 ? "1 record" : `${count} records`;
}
