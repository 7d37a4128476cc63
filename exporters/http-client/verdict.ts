// What an attempt over HTTP came to. Pure.
import { responseTooLarge, shutDown, timedOut } from "../delivery/failure-codes.ts";
import { escapePeerText, quotePeerText } from "../delivery/peer-text.ts";
import type { Failure } from "../delivery/verdict.ts";
import type { ExchangeFault, HttpResponse } from "./connection.ts";
import { notHttp } from "./exchange-codes.ts";
import { isRetryableFault, parseRetryAfter } from "./retry.ts";

/** Codes of undici that Node has names for: what people search for, and what stays should undici go. */
const nodeCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "ECONNRESET",
};

/** What OpenSSL says of a peer that answers in plain text; the message is a dump of its own. */
const noTls = "ERR_SSL_WRONG_VERSION_NUMBER";

/** Codes of ours: their messages say it all. */
const ownCodes: ReadonlySet<string> = new Set([timedOut, shutDown, responseTooLarge]);

/** Whether a response says that the request was taken. */
export function isSuccess({ statusCode }: HttpResponse): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

/**
 * The failure that a response without success is.
 *
 * @param words.message What the peer says about it, if it does.
 * @param words.isRetryable Whether this status is worth another attempt.
 */
export function refusal(
  response: HttpResponse,
  words: { readonly message: string | undefined; readonly isRetryable: boolean },
): Failure {
  return {
    isAccepted: false,
    reason: String(response.statusCode),
    detail: statusDetail(response, words.message),
    isRetryable: words.isRetryable,
    retryAfterMillis: retryAfterOf(response),
    isUnanswered: false,
    cause: undefined,
  };
}

/**
 * Judges an attempt without a response.
 *
 * @param notHttpHint What to look at when the peer does not speak HTTP.
 */
export function judgeFault({ code, isRequestSent, cause }: ExchangeFault, notHttpHint: string): Failure {
  return {
    isAccepted: false,
    reason: nodeCodes[code] ?? code,
    detail: faultDetail({ code, cause, notHttpHint }),
    isRetryable: isRetryableFault(code),
    retryAfterMillis: undefined,
    isUnanswered: isRequestSent,
    cause,
  };
}

/** The value of a header, by its lower-case name; of one given more than once the first. */
export function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function statusDetail(response: HttpResponse, message: string | undefined): string {
  const { statusCode } = response;
  const status = `status ${statusCode}${message === undefined ? "" : ` (${quotePeerText(message)})`}`;
  const location = headerOf(response, "location");
  if (statusCode < 300 || statusCode > 399 || location === undefined) return status;
  return `${status}, a redirect to ${quotePeerText(withoutSecrets(location))}, which is not followed: "url" must be the final address`;
}

/** A URL as it may be shown: a query often holds keys, and may be our own sent back. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, "//").replace(/\?[^]*/, "?…");
}

function faultDetail(fault: {
  readonly code: string;
  readonly cause: Error;
  readonly notHttpHint: string;
}): string {
  const { code, cause, notHttpHint } = fault;
  if (code === noTls) return `the peer does not speak TLS (${code}): must "url" begin with http://?`;
  const message = escapePeerText(cause.message);
  if (message === "") return code;
  if (ownCodes.has(code) || message.includes(code)) return message;
  const hint = code === notHttp ? `; ${notHttpHint}` : "";
  return `${message} (${nodeCodes[code] ?? code})${hint}`;
}

function retryAfterOf(response: HttpResponse): number | undefined {
  const text = headerOf(response, "retry-after");
  if (text === undefined) return undefined;
  return parseRetryAfter(text, { date: headerOf(response, "date"), nowMillis: Date.now() });
}
