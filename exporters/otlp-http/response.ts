// What a peer says in the body of its response: ExportLogsServiceResponse when it took the request, google.rpc.Status when
// it did not. Pure.
import { readFields } from "./protobuf-fields.ts";

/** What the peer refused of a request it took. */
export interface PartialSuccess {
  /** Records, as the peer says: any number. */
  readonly rejectedCount: number;
  /** For people; empty when there is none. */
  readonly message: string;
}

/** A response's body, and what its headers say about it. */
export interface ResponseBody {
  readonly bytes: Uint8Array;
  /** The `Content-Type` header; without one, the body is what the request was. */
  readonly contentType: string | undefined;
  /** Encoding of the request. */
  readonly protocol: "http/protobuf" | "http/json";
}

type BodyFormat = "protobuf" | "json" | "text" | "other";

const decoder = new TextDecoder();
/** Bytes of a message that are decoded: more than is ever shown. */
const messageBytesMax = 1_024;

/**
 * Reads the response of a peer that took the request. An empty body is full success.
 *
 * @returns `undefined` when the body is no such response: then what was refused is unknown.
 * @see OTLP/HTTP, Partial Success; logs_service.proto: ExportLogsServiceResponse
 */
export function readPartialSuccess(body: ResponseBody): PartialSuccess | undefined {
  if (body.bytes.length === 0) return { rejectedCount: 0, message: "" };
  try {
    switch (formatOf(body)) {
      case "protobuf":
        return partialSuccessFromProtobuf(body.bytes);
      case "json":
        return partialSuccessFromJson(JSON.parse(decoder.decode(body.bytes)));
      default:
        return undefined;
    }
  } catch {
    // Not what the content type says. The peer took the request all the same.
    return undefined;
  }
}

/**
 * Reads the message of a peer that did not take the request.
 *
 * @returns `undefined` when there is none, or none for people (an HTML page).
 * @see OTLP/HTTP, Failures: "the response body MUST be a Protobuf-encoded Status message"
 */
export function readStatusMessage(body: ResponseBody): string | undefined {
  const text = statusText(body)?.trim();
  return text === "" ? undefined : text;
}

function statusText(body: ResponseBody): string | undefined {
  try {
    switch (formatOf(body)) {
      case "protobuf":
        return statusMessageFromProtobuf(body.bytes);
      case "json":
        return stringOf(propertyOf(JSON.parse(decoder.decode(body.bytes)), "message"));
      case "text":
        return decodeMessage(body.bytes);
      case "other":
        return undefined;
    }
  } catch {
    // Not what the content type says: the status alone has to do. Where it says nothing, the body may be a sentence.
    return body.contentType === undefined ? sentenceOf(body.bytes) : undefined;
  }
}

/** Text without a content type: so a server of Go answers who speaks HTTP to its port of TLS. No page, no binary. */
function sentenceOf(bytes: Uint8Array): string | undefined {
  const text = decodeMessage(bytes);
  return text.startsWith("<") || /[^\P{Cc}\t\r\n]|\ufffd/u.test(text) ? undefined : text;
}

function formatOf({ contentType, protocol }: ResponseBody): BodyFormat {
  const mediaType = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === "") return protocol === "http/json" ? "json" : "protobuf";
  if (mediaType === "application/x-protobuf" || mediaType === "application/protobuf") return "protobuf";
  if (mediaType === "application/json") return "json";
  return mediaType === "text/plain" ? "text" : "other";
}

/** ExportLogsServiceResponse { partial_success = 1 { rejected_log_records = 1, error_message = 2 } } */
function partialSuccessFromProtobuf(bytes: Uint8Array): PartialSuccess {
  let rejectedCount = 0;
  let message = "";
  readFields(bytes, (responseField, partialSuccess) => {
    if (responseField !== 1 || typeof partialSuccess === "bigint") return;
    readFields(partialSuccess, (fieldNumber, value) => {
      if (fieldNumber === 1 && typeof value === "bigint") rejectedCount = Number(BigInt.asIntN(64, value));
      if (fieldNumber === 2 && typeof value !== "bigint") message = decodeMessage(value);
    });
  });
  return { rejectedCount, message };
}

/** 64-bit numbers are decimal strings in JSON, and some peers write numbers. */
function partialSuccessFromJson(response: unknown): PartialSuccess | undefined {
  if (typeof response !== "object" || response === null) return undefined;
  const partialSuccess = propertyOf(response, "partialSuccess");
  const rejectedCount = Number(propertyOf(partialSuccess, "rejectedLogRecords") ?? 0);
  if (Number.isNaN(rejectedCount)) return undefined;
  return { rejectedCount, message: stringOf(propertyOf(partialSuccess, "errorMessage")) ?? "" };
}

/** Status { code = 1, message = 2, details = 3 } */
function statusMessageFromProtobuf(bytes: Uint8Array): string | undefined {
  let message: string | undefined;
  readFields(bytes, (fieldNumber, value) => {
    if (fieldNumber === 2 && typeof value !== "bigint") message = decodeMessage(value);
  });
  return message;
}

function decodeMessage(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, messageBytesMax));
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
