/** What a server answers to an export: the response of the logs service, or a status with the reason of a refusal. */
import { DecodeError } from "./decode-error.ts";
import { INT32, INT64, JsonFields } from "./json-fields.ts";
import { parseJson } from "./json-source.ts";
import { otlpSchema } from "./schema.ts";

/** The two forms of OTLP over HTTP. */
export type OtlpEncoding = "protobuf" | "json";

/**
 * An `ExportLogsServiceResponse`. Nothing rejected and no message: everything was accepted.
 *
 * @see OTLP 1.11.0, logs_service.proto: `ExportLogsPartialSuccess`
 */
export interface ExportResponse {
  /** Records that were refused and must not be sent again, 0 or more. */
  readonly rejectedLogRecords: bigint;
  /** Why, or a warning when nothing was refused. */
  readonly errorMessage: string;
}

/**
 * A `google.rpc.Status` without its details.
 *
 * @see OTLP 1.11.0, OTLP/HTTP Response: Failures
 */
export interface RpcStatus {
  /** A gRPC status code, 0 to 16. */
  readonly code: number;
  readonly message: string;
}

/** A 64-bit integer as `protobufjs` reads it. */
interface WireLong {
  readonly low: number;
  readonly high: number;
}

interface WireResponse {
  readonly partialSuccess: {
    readonly rejectedLogRecords: WireLong;
    readonly errorMessage: string;
  } | null;
}

/**
 * Encodes the answer to an export that was accepted at least in part. Any thread.
 *
 * @returns 0 bytes in protobuf, `{}` in JSON, when nothing was rejected and there is no message.
 * @see OTLP 1.11.0, OTLP/HTTP Response: Partial Success
 */
export function encodeExportResponse(response: ExportResponse, encoding: OtlpEncoding): Uint8Array {
  const { rejectedLogRecords, errorMessage } = response;
  const isFull = rejectedLogRecords === 0n && errorMessage === "";
  const message = isFull
    ? {}
    : { partialSuccess: { rejectedLogRecords: rejectedLogRecords.toString(), errorMessage } };
  if (encoding === "json") return toJsonBytes(message);
  const type = otlpSchema().exportLogsServiceResponse;
  return type.encode(type.fromObject(message)).finish();
}

/**
 * Decodes the answer to an export. Any thread.
 *
 * @param bytes The body of a 2xx answer, uncompressed.
 * @throws {DecodeError} `malformed`: not such a message in that encoding.
 * @see OTLP 1.11.0, OTLP/HTTP Response
 */
export function decodeExportResponse(bytes: Uint8Array, encoding: OtlpEncoding): ExportResponse {
  if (encoding === "json") {
    const partial = JsonFields.ofDocument(parseJson(bytes)).object("partialSuccess");
    return {
      rejectedLogRecords: partial?.integer("rejectedLogRecords", INT64) ?? 0n,
      errorMessage: partial?.text("errorMessage") ?? "",
    };
  }
  const decode = (): unknown => otlpSchema().exportLogsServiceResponse.decode(bytes);
  const { partialSuccess } = protobufOrThrow("an ExportLogsServiceResponse", decode) as WireResponse;
  return {
    rejectedLogRecords: toInt64(partialSuccess?.rejectedLogRecords),
    errorMessage: partialSuccess?.errorMessage ?? "",
  };
}

/**
 * Encodes the body of an error answer. Any thread.
 *
 * @see OTLP 1.11.0, OTLP/HTTP Response: Failures
 */
export function encodeStatus(status: RpcStatus, encoding: OtlpEncoding): Uint8Array {
  if (encoding === "json") return toJsonBytes(status);
  const type = otlpSchema().status;
  return type.encode(type.fromObject(status)).finish();
}

/**
 * Decodes the body of an error answer. Any thread. Details are left out.
 *
 * @throws {DecodeError} `malformed`: not such a message in that encoding. Servers behind a proxy may answer so.
 * @see OTLP 1.11.0, OTLP/HTTP Response: Failures
 */
export function decodeStatus(bytes: Uint8Array, encoding: OtlpEncoding): RpcStatus {
  if (encoding === "json") {
    const status = JsonFields.ofDocument(parseJson(bytes));
    return { code: Number(status.integer("code", INT32)), message: status.text("message") };
  }
  const decode = (): unknown => otlpSchema().status.decode(bytes);
  const { code, message } = protobufOrThrow("a google.rpc.Status", decode) as RpcStatus;
  return { code, message };
}

function toJsonBytes(message: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

function toInt64(long: WireLong | undefined): bigint {
  if (long === undefined) return 0n;
  return BigInt.asIntN(64, (BigInt(long.high) << 32n) | BigInt(long.low >>> 0));
}

function protobufOrThrow(what: string, decode: () => unknown): unknown {
  try {
    return decode();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DecodeError(`Cannot decode ${what}: ${reason}; it must be protobuf`, { cause });
  }
}
