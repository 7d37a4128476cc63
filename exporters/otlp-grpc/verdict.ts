// What a reply to an OTLP request by gRPC says. Pure.
import { responseTooLarge, shutDown, timedOut } from "../delivery/failure-codes.ts";
import { describeDuration } from "../delivery/outcome.ts";
import { escapePeerText, quotePeerText } from "../delivery/peer-text.ts";
import type { Acceptance, Failure, Verdict } from "../delivery/verdict.ts";
import { isCertificateFault, isRetryableFault } from "../http-client/retry.ts";
import { readPartialSuccess } from "../otlp-http/response.ts";
import type { GrpcReply } from "./channel.ts";
import { retryDelayMillis } from "./retry-info.ts";
import { isRetryableStatus, statusName } from "./status.ts";

const OK = 0;
const RESOURCE_EXHAUSTED = 8;

/** How grpc-js says that a connection could not be made: the reason is in the middle. */
const unconnected: RegExp =
  /^No connection established\. Last error: (?:Error: )?([^]*?)\s*(?:\([^()]*Z\))?\. Resolution note: /;
/** How grpc-js says that a request was cut off after it had been sent. */
const cutOff: RegExp = /^(?:Connection dropped|Received RST_STREAM|read |write )/;
/** How grpc-js says that a response is too large. Peers say the same of requests, without headers before. */
const tooLargeHere: RegExp = /^Received message (?:larger than max|that decompresses)/;
/** How grpc-js says that the peer does not speak gRPC. */
const notGrpc: RegExp = /^(?:Received HTTP status code|Protocol error)/;
const notGrpcHint = '"url" must be of OTLP over gRPC, usually port 4317';

/** What a reply is judged by, beside what is in it. */
export interface ReplyContext {
  /** Time that the attempt had, in milliseconds. */
  readonly timeoutMillis: number;
  /** Why it was ended before, if it was: `timeout`, `shutdown`. */
  readonly abortReason: unknown;
  /** Longest response that is read, in bytes. */
  readonly responseBytesMax: number;
  /** Whether certificates stand in files, which may be replaced. */
  readonly hasTlsFiles: boolean;
  /** As errors show it. */
  readonly proxyOrigin: string | undefined;
}

/**
 * Judges a reply.
 *
 * @see OTLP/gRPC, Response: Full Success, Partial Success, Failures
 */
export function judgeReply(reply: GrpcReply, context: ReplyContext): Verdict {
  if (reply.code === OK) return judgeSuccess(reply);
  if (reply.end !== undefined) return judgeEnd(reply, context);
  const { tlsFailure, details, hasHeaders } = reply;
  if (tlsFailure !== undefined) return judgeTlsFailure(tlsFailure, context);
  if (reply.code === RESOURCE_EXHAUSTED && hasHeaders && tooLargeHere.test(details)) {
    return judgeTooLarge(context.responseBytesMax);
  }
  const connectFailure = unconnected.exec(details)?.[1];
  return connectFailure === undefined
    ? judgeStatus(reply)
    : judgeConnectFailure(reply.code, explain(connectFailure, context));
}

function judgeSuccess({ response = new Uint8Array() }: GrpcReply): Acceptance {
  const body = { bytes: response, contentType: undefined, protocol: "http/protobuf" } as const;
  const partialSuccess = readPartialSuccess(body);
  if (partialSuccess === undefined) {
    const remark = 'status OK, but with a response that is not OTLP: is "url" right?';
    return { isAccepted: true, rejectedCount: 0, remark };
  }
  const { rejectedCount, message } = partialSuccess;
  return { isAccepted: true, rejectedCount, remark: message === "" ? "" : quotePeerText(message) };
}

/** A status of the peer, or one that stands for what became of the connection. */
function judgeStatus(reply: GrpcReply): Failure {
  const reason = statusName(reply.code);
  const retryAfterMillis = retryDelayMillis(reply.statusDetails);
  const hasRetryInfo = retryAfterMillis !== undefined;
  const isTooLarge = reply.code === RESOURCE_EXHAUSTED && !hasRetryInfo;
  return {
    isAccepted: false,
    reason,
    detail: `status ${reason}${wordsOf(reply)}`,
    isRetryable: isRetryableStatus(reason, hasRetryInfo),
    retryAfterMillis,
    isUnanswered: cutOff.test(reply.details),
    ...(isTooLarge && { isTooLarge }),
    cause: undefined,
  };
}

function wordsOf({ details }: GrpcReply): string {
  if (details === "") return "";
  return ` (${quotePeerText(details)})${notGrpc.test(details) ? `; ${notGrpcHint}` : ""}`;
}

/** grpc-js has no words for a proxy that does not do as it is told. */
function explain(failure: string, { proxyOrigin }: ReplyContext): string {
  if (proxyOrigin === undefined) return failure;
  const words = failure === "undefined" || failure === "" ? "" : `: ${failure}`;
  return `no connection through the proxy ${proxyOrigin}${words}`;
}

function judgeConnectFailure(code: number, failure: string): Failure {
  const isOther = notGrpc.test(failure);
  const hint = isOther ? `; ${notGrpcHint}` : "";
  return {
    ...neverAnswered,
    reason: statusName(code),
    detail: `${escapePeerText(failure)} (${statusName(code)})${hint}`,
    isRetryable: !isOther,
  };
}

/** A peer that we do not trust may be one whose certificates we are about to be given, where those stand in files. */
function judgeTlsFailure(error: Error & { readonly code?: unknown }, { hasTlsFiles }: ReplyContext): Failure {
  const code = typeof error.code === "string" ? error.code : "";
  const message = escapePeerText(error.message);
  return {
    ...neverAnswered,
    reason: code === "" ? "UNAVAILABLE" : code,
    detail: code === "" || message.includes(code) ? message : `${message} (${code})`,
    isRetryable: isRetryableFault(code) || (hasTlsFiles && isCertificateFault(code)),
    cause: error,
  };
}

function judgeEnd({ end, isConnected }: GrpcReply, { timeoutMillis, abortReason }: ReplyContext): Failure {
  const failure = { ...neverAnswered, isRetryable: true, isUnanswered: isConnected };
  if (end === "timeout") {
    const detail = `no response within ${describeDuration(timeoutMillis)} ("timeoutMillis")`;
    return { ...failure, reason: "DEADLINE_EXCEEDED", detail };
  }
  if (abortReason === shutDown) {
    return { ...failure, reason: shutDown, detail: "shut down before the response" };
  }
  return { ...failure, reason: timedOut, detail: "no response in time" };
}

function judgeTooLarge(responseBytesMax: number): Failure {
  const detail = `the response is larger than ${responseBytesMax} bytes ("responseBytesMax")`;
  return {
    ...neverAnswered,
    reason: responseTooLarge,
    detail,
    isRetryable: false,
    isUnanswered: true,
    cause: new Error(detail),
  };
}

const neverAnswered: Pick<Failure, "isAccepted" | "retryAfterMillis" | "isUnanswered" | "cause"> = {
  isAccepted: false,
  retryAfterMillis: undefined,
  isUnanswered: false,
  cause: undefined,
};
