// What a response says that promises nothing but HTTP. Pure.
import type { HttpResponse } from "../http-client/connection.ts";
import type { Verdict } from "../delivery/verdict.ts";
import { headerOf, isSuccess, refusal } from "../http-client/verdict.ts";

/** Request Timeout and Too Many Requests. @see RFC 9110, 15.5.9; RFC 6585, 4 */
const retryableStatuses: ReadonlySet<number> = new Set([408, 429]);

/** Bytes of a response that may be repeated in an error. */
const messageBytesMax = 1_024;

/** Whether a response with this status is worth another attempt: 408, 429 and all of 5xx. */
function isRetryableStatus(statusCode: number): boolean {
  return retryableStatuses.has(statusCode) || statusCode >= 500;
}

/**
 * Judges a response. 2xx is success, whatever is in it; nothing else is.
 *
 * @param secrets Texts that must not be repeated, should the peer send them back.
 */
export function judgeResponse(response: HttpResponse, secrets: readonly string[]): Verdict {
  if (isSuccess(response)) return { isAccepted: true, rejectedCount: 0, remark: "" };
  return refusal(response, {
    message: messageOf(response, secrets),
    isRetryable: isRetryableStatus(response.statusCode),
  });
}

/** The text of a response that is meant to be read: no page of HTML. */
function messageOf(response: HttpResponse, secrets: readonly string[]): string | undefined {
  const contentType = headerOf(response, "content-type") ?? "";
  if (!/^(?:text\/plain|application\/(?:[a-z.]+\+)?json)\b/i.test(contentType)) return undefined;
  const { buffer, byteOffset, length } = response.body;
  const text = Buffer.from(buffer, byteOffset, length).toString("utf8").trim();
  const safe = secrets.reduce((rest, secret) => rest.replaceAll(secret, "[hidden]"), text);
  return safe === "" ? undefined : safe.slice(0, messageBytesMax);
}
