import { encodeExportResponse, encodeStatus } from "../../proto/export-response.ts";
import type { OtlpEncoding } from "../../proto/export-response.ts";
import type { ReceiverAnswer } from "./answers.ts";
import { rpcCodeOf } from "./request-fault.ts";
import type { RequestFault } from "./request-fault.ts";

/** An answer as it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What an answer is made from. */
export interface ReplyParts {
  /** What was asked for, `{}` for the ordinary answer. */
  readonly answer: ReceiverAnswer;
  /** What is wrong with the request, if anything. */
  readonly fault?: RequestFault | undefined;
  /** That of the request. JSON when the request has neither, because that can be read by everybody. */
  readonly encoding?: OtlpEncoding | undefined;
}

const contentTypes: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/**
 * The encoding that a content type names; undefined when it is none of OTLP.
 *
 * @see OTLP 1.11.0, OTLP/HTTP Request
 */
export function encodingOf(contentType: string | undefined): OtlpEncoding | undefined {
  const [essence = ""] = (contentType ?? "").split(";");
  const type = essence.trim().toLowerCase();
  if (type === contentTypes.protobuf) return "protobuf";
  return type === contentTypes.json ? "json" : undefined;
}

/** Whether a status says that the records have arrived. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The status of an answer: what was asked for counts more than what is wrong with the request. */
export function statusOf({ answer, fault }: ReplyParts): number {
  return answer.status ?? fault?.status ?? 200;
}

/**
 * Makes the answer to a request.
 *
 * @see OTLP 1.11.0, OTLP/HTTP Response
 */
export function replyTo(parts: ReplyParts): Reply {
  const { answer, fault, encoding = "json" } = parts;
  const headers: Record<string, string> = { "content-type": contentTypes[encoding], ...fault?.headers };
  if (answer.retryAfter !== undefined) headers["retry-after"] = String(answer.retryAfter);
  return {
    status: statusOf(parts),
    headers: { ...headers, ...answer.headers },
    body: answer.body === undefined ? defaultBody(parts, encoding) : Buffer.from(answer.body),
  };
}

function defaultBody(parts: ReplyParts, encoding: OtlpEncoding): Uint8Array {
  const status = statusOf(parts);
  if (isSuccess(status)) {
    const { rejected = 0, message = "" } = parts.answer.partialSuccess ?? {};
    return encodeExportResponse({ rejectedLogRecords: BigInt(rejected), errorMessage: message }, encoding);
  }
  const isOnDemand = parts.fault === undefined || parts.fault.status !== status;
  const message = isOnDemand ? `Answered with ${status} on demand` : (parts.fault?.message ?? "");
  return encodeStatus({ code: rpcCodeOf(status), message }, encoding);
}
