// When a batch is tried again. Pure: clock and dice are parameters.

/**
 * The waits grow by half from one attempt to the next, from 1 s to 10 s, and each is multiplied by 0.5 to 1.5 at random.
 * (1, 1.5, 2.2, 3.4, 5.1, 7.6, 10, 10, …: about 35 attempts in 5 minutes.) The start and the factor are those of the
 * other OpenTelemetry SDKs; their cap of 5 s is made for a budget of 10 s, and the collector's own of 30 s would leave
 * a full queue waiting long after the peer is back. The dice are wide, so that a fleet that lost its collector at one
 * instant does not come back at one instant.
 */
const backoffMillisDefault = 1_000;
const backoffFactor = 1.5;
const backoffMillisMax = 10_000;
const jitterMin = 0.5;
const jitterMax = 1.5;

/** What a backoff depends on. */
export interface BackoffOptions {
  /** First wait before jitter, in milliseconds; default 1000. */
  readonly firstMillis?: number | undefined;
  /** From 0 to 1, like `Math.random()`. */
  readonly random: number;
}

/**
 * The wait before the next attempt.
 *
 * @param failureCount Attempts that failed so far, at least 1.
 * @returns Milliseconds.
 * @see OTLP/HTTP: "the client SHOULD use an exponential backoff"; OTLP exporter, Retry: "MUST use … jitter"
 */
export function backoffMillis(failureCount: number, options: BackoffOptions): number {
  const firstMillis = options.firstMillis ?? backoffMillisDefault;
  const meanMillis = Math.min(firstMillis * backoffFactor ** (failureCount - 1), backoffMillisMax);
  return meanMillis * (jitterMin + (jitterMax - jitterMin) * options.random);
}

/** Longest wait that a peer gets by `Retry-After` when no budget bounds it, in milliseconds. */
export const retryAfterMillisMax = 3_600_000;

/** Where a batch stands after a failure that is worth another attempt. Times in milliseconds. */
export interface RetryMoment extends BackoffOptions {
  /** Attempts that failed so far, at least 1. */
  readonly failureCount: number;
  /** What this peer asked for in its latest answer; `undefined` when it did not. */
  readonly retryAfterMillis: number | undefined;
  /** How long the peer is left alone by all batches. */
  readonly heldBackMillis: number;
  /** What is left of the budget; `Infinity` without one. */
  readonly leftMillis: number;
}

/**
 * The wait before the next attempt: what the peer asks for, else the backoff, and never before the peer takes requests again.
 * (A peer that says "now" says nothing: without a wait of our own we would ask it again and again.)
 *
 * @returns Milliseconds; `undefined` when the budget would be over by then.
 */
export function retryWaitMillis(moment: RetryMoment): number | undefined {
  const { failureCount, retryAfterMillis, heldBackMillis, leftMillis } = moment;
  const waitMillis = Math.max(retryAfterMillis || backoffMillis(failureCount, moment), heldBackMillis);
  if (leftMillis === Infinity) return Math.min(waitMillis, retryAfterMillisMax);
  return waitMillis < leftMillis ? waitMillis : undefined;
}
