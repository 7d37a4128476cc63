// Which failures are worth another attempt, and when. Pure: clock and dice are parameters.
import { notHttp, responseTooLarge } from "./exchange-codes.ts";

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

/**
 * Failures without a response that another attempt cannot mend: the request itself, a peer that does not speak TLS or
 * HTTP/1.1 or answers without end, and a peer that is not who it should be. Everything else is tried again: "if the client cannot connect or
 * disconnects without a response, it SHOULD retry".
 */
const hopelessCodes: ReadonlySet<string> = new Set([
  notHttp,
  responseTooLarge,
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_HEADERS_OVERFLOW",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
]);
/** CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE, CRL_NOT_YET_VALID, …: what OpenSSL finds wrong with a certificate. */
const certificateCode: RegExp = /^(?:CERT|CRL|UNABLE_TO)_/;

/** Whether a failure without a response is worth another attempt. */
export function isRetryableFault(code: string): boolean {
  return !hopelessCodes.has(code) && !certificateCode.test(code);
}

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

/** What `Retry-After` is read against. */
export interface RetryAfterContext {
  /** The response's `Date` header: with it a date holds although the two clocks differ. */
  readonly date: string | undefined;
  /** Milliseconds since 1970, for when there is no `Date`. */
  readonly nowMillis: number;
}

/**
 * Reads a `Retry-After` header, which is a number of seconds or a date.
 *
 * @returns Milliseconds from now, 0 for a time that has come; `undefined` for text that is neither.
 * @see RFC 9110, 10.2.3 Retry-After
 */
export function parseRetryAfter(text: string, context: RetryAfterContext): number | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return Math.min(Number(trimmed) * 1_000, Number.MAX_SAFE_INTEGER);
  const atMillis = parseHttpDate(trimmed);
  if (atMillis === undefined) return undefined;
  const nowMillis =
    (context.date === undefined ? undefined : parseHttpDate(context.date)) ?? context.nowMillis;
  return Math.max(0, atMillis - nowMillis);
}

/**
 * Reads the three forms of a date that HTTP knows. (`Date.parse` alone takes almost any text: "1" is the year 2001.)
 *
 * @see RFC 9110, 5.6.7 Date/Time Formats
 */
function parseHttpDate(text: string): number | undefined {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  const millis = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(millis) ? undefined : millis;
}
