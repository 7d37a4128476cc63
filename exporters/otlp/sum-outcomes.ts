import { ExportError } from "../../src/errors.ts";
import type { SendOutcome } from "../sender.ts";

/** Different messages of one batch that are repeated; the others are counted. */
const shownMessagesMax = 3;

/**
 * What became of a batch that went in several requests. Its reason is the one that most records were lost for. Its error
 * names each, and is retryable only if nothing arrived and every request that failed may succeed later: else the same bytes
 * would be sent twice.
 *
 * @param outcomes At least one.
 */
export function sumOutcomes(outcomes: readonly SendOutcome[]): SendOutcome {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only;
  const sum = (count: (outcome: SendOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  return {
    delivered: sum(({ delivered }) => delivered),
    rejected: sum(({ rejected }) => rejected),
    failed: sum(({ failed }) => failed),
    reason: mainReason(outcomes),
    error: joinErrors(outcomes),
  };
}

function mainReason(outcomes: readonly SendOutcome[]): string | undefined {
  const losses = new Map<string, number>();
  for (const { reason, rejected, failed } of outcomes) {
    if (reason !== undefined) losses.set(reason, (losses.get(reason) ?? 0) + rejected + failed);
  }
  return [...losses].toSorted(([, left], [, right]) => right - left)[0]?.[0];
}

function joinErrors(outcomes: readonly SendOutcome[]): Error | undefined {
  const errors = outcomes.map(({ error }) => error).filter((error) => error !== undefined);
  const [first] = errors;
  if (first === undefined) return undefined;
  const messages = [...new Set(errors.map(({ message }) => message))];
  const shown = messages.slice(0, shownMessagesMax).join("; and: ");
  const moreCount = messages.length - shownMessagesMax;
  const more = moreCount > 0 ? `; and ${moreCount} more of the requests of this batch` : "";
  const cause = errors.length === 1 ? first : new AggregateError(errors);
  return new ExportError(`${shown}${more}`, { retryable: outcomes.every(isRetryable), cause });
}

function isRetryable({ delivered, rejected, error }: SendOutcome): boolean {
  return delivered === 0 && rejected === 0 && error instanceof ExportError && error.retryable;
}
