// Which failures over HTTP are worth another attempt, and what a peer says about when. Pure.
import { responseTooLarge } from "../delivery/failure-codes.ts";
import { notHttp, proxyRefused } from "./exchange-codes.ts";

/**
 * Failures without a response that another attempt cannot mend: the request itself, and a peer that does not speak TLS or
 * HTTP/1.1 or answers without end. Everything else is tried again, but for certificates: "if the client cannot connect or
 * disconnects without a response, it SHOULD retry".
 */
const hopelessCodes: ReadonlySet<string> = new Set([
  notHttp,
  proxyRefused,
  responseTooLarge,
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_HEADERS_OVERFLOW",
  "ERR_SSL_WRONG_VERSION_NUMBER",
]);
const certificateCodes: ReadonlySet<string> = new Set([
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

/** Whether a failure is that a peer is not who it should be, as far as our certificates tell. */
export function isCertificateFault(code: string): boolean {
  return certificateCodes.has(code) || certificateCode.test(code);
}

/** Whether a failure without a response is worth another attempt. */
export function isRetryableFault(code: string): boolean {
  return !hopelessCodes.has(code) && !isCertificateFault(code);
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
