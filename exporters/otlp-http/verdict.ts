// What a response to an OTLP request says. Pure.
import type { HttpResponse } from "../http-client/connection.ts";
import { quotePeerText } from "../delivery/peer-text.ts";
import type { Acceptance, Verdict } from "../delivery/verdict.ts";
import { headerOf, isSuccess, refusal } from "../http-client/verdict.ts";
import { readPartialSuccess, readStatusMessage, type ResponseBody } from "./response.ts";
import type { OtlpHttpSenderOptions } from "./sender-options.ts";

/** Statuses that are tried again, and no others. @see OTLP/HTTP, Failures: "Retryable Response Codes" */
const retryableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether a response with this status is worth another attempt. */
export function isRetryableStatus(statusCode: number): boolean {
  return retryableStatuses.has(statusCode);
}

/**
 * Judges a response. Any 2xx is success: some backends answer 202 or 204.
 *
 * @see OTLP/HTTP, Response: Full Success, Partial Success, Failures
 */
export function judgeResponse(response: HttpResponse, protocol: OtlpHttpSenderOptions["protocol"]): Verdict {
  const { statusCode, body: bytes } = response;
  const contentType = headerOf(response, "content-type");
  const body: ResponseBody = { bytes, contentType, protocol };
  if (isSuccess(response)) return judgeSuccess(statusCode, body);
  const message = readStatusMessage(body);
  const failure = refusal(response, { message, isRetryable: isRetryableStatus(statusCode) });
  return isTooLarge(statusCode, message) ? { ...failure, isTooLarge: true } : failure;
}

/** 413; and 400 with the words of Go's server, which collectors answer. @see RFC 9110, 15.5.14 Content Too Large */
function isTooLarge(statusCode: number, message: string | undefined): boolean {
  return statusCode === 413 || (statusCode === 400 && message?.includes("request body too large") === true);
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
