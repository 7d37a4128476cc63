// What an attempt came to. Pure.
import type { ExchangeFault, HttpResponse } from "../http-client/connection.ts";
import { notHttp, responseTooLarge, shutDown, timedOut } from "../http-client/exchange-codes.ts";
import { escapePeerText, quotePeerText } from "../http-client/peer-text.ts";
import { readPartialSuccess, readStatusMessage, type ResponseBody } from "./response.ts";
import { isRetryableFault, isRetryableStatus, parseRetryAfter } from "../http-client/retry.ts";
import type { OtlpHttpSenderOptions } from "./sender-options.ts";

/** The peer took the request. */
export interface Acceptance {
  readonly isAccepted: true;
  /** Records refused, as the peer says. */
  readonly rejectedCount: number;
  /** What the peer has to say, in quotes, or what was wrong with its response; empty when all is well. */
  readonly remark: string;
}

/** The peer did not take the request, or nobody knows. */
export interface Failure {
  readonly isAccepted: false;
  /** `error.type`: a status, `timeout`, `ECONNREFUSED`, … */
  readonly reason: string;
  /** What it is, for people: `status 429 ("slow down")`. */
  readonly detail: string;
  readonly isRetryable: boolean;
  /** How long the peer asks to wait, in milliseconds; `undefined` when it does not. */
  readonly retryAfterMillis: number | undefined;
  /** Whether the peer may have taken the records without our knowing. */
  readonly isUnanswered: boolean;
  readonly cause: Error | undefined;
}

export type Verdict = Acceptance | Failure;

/** Codes of undici that Node has names for: what people search for, and what stays should undici go. */
const nodeCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "ECONNRESET",
};

/** Codes of ours: their messages say it all. */
const ownCodes: ReadonlySet<string> = new Set([timedOut, shutDown, responseTooLarge]);

/**
 * Judges a response. Any 2xx is success: some backends answer 202 or 204.
 *
 * @see OTLP/HTTP, Response: Full Success, Partial Success, Failures
 */
export function judgeResponse(response: HttpResponse, protocol: OtlpHttpSenderOptions["protocol"]): Verdict {
  const { statusCode, body: bytes } = response;
  const contentType = headerOf(response, "content-type");
  const body: ResponseBody = { bytes, contentType, protocol };
  if (statusCode >= 200 && statusCode <= 299) return judgeSuccess(statusCode, body);
  return {
    isAccepted: false,
    reason: String(statusCode),
    detail: statusDetail(response, body),
    isRetryable: isRetryableStatus(statusCode),
    retryAfterMillis: retryAfterOf(response),
    isUnanswered: false,
    cause: undefined,
  };
}

/** Judges an attempt without a response. */
export function judgeFault({ code, isRequestSent, cause }: ExchangeFault): Failure {
  return {
    isAccepted: false,
    reason: nodeCodes[code] ?? code,
    detail: faultDetail(code, cause),
    isRetryable: isRetryableFault(code),
    retryAfterMillis: undefined,
    isUnanswered: isRequestSent,
    cause,
  };
}

function judgeSuccess(statusCode: number, body: ResponseBody): Acceptance {
  const partialSuccess = readPartialSuccess(body);
  if (partialSuccess === undefined) {
    const kind = body.contentType === undefined ? "no content type" : quotePeerText(body.contentType);
    const remark = `status ${statusCode}, but with a response that is not OTLP (${kind}): is "url" right?`;
    return { isAccepted: true, rejectedCount: 0, remark };
  }
  const { rejectedCount, message } = partialSuccess;
  return { isAccepted: true, rejectedCount, remark: message === "" ? "" : quotePeerText(message) };
}

function statusDetail(response: HttpResponse, body: ResponseBody): string {
  const { statusCode } = response;
  const message = readStatusMessage(body);
  const status = `status ${statusCode}${message === undefined ? "" : ` (${quotePeerText(message)})`}`;
  const location = headerOf(response, "location");
  if (statusCode < 300 || statusCode > 399 || location === undefined) return status;
  return `${status}, a redirect to ${quotePeerText(location)}, which is not followed: "url" must be the final address`;
}

function faultDetail(code: string, cause: Error): string {
  const message = escapePeerText(cause.message);
  if (message === "") return code;
  if (ownCodes.has(code) || message.includes(code)) return message;
  const hint = code === notHttp ? '; "url" must be of OTLP over HTTP, usually port 4318' : "";
  return `${message} (${nodeCodes[code] ?? code})${hint}`;
}

function retryAfterOf(response: HttpResponse): number | undefined {
  const text = headerOf(response, "retry-after");
  if (text === undefined) return undefined;
  return parseRetryAfter(text, { date: headerOf(response, "date"), nowMillis: Date.now() });
}

/** A header given more than once has its first value. */
function headerOf({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
