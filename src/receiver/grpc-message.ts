// The messages of gRPC around those of OTLP: frames, and how a refusal is said. Pure but for the inflating.
import protobuf from "protobufjs/light.js";

import { decompress } from "./body.ts";
import { RequestFault, rpcCodeOf } from "./request-fault.ts";

/** Bytes before a message: whether it is compressed, and its length. @see gRPC over HTTP2, Length-Prefixed-Message */
export const FRAME_HEAD_BYTES = 5;

/** What is said of a request, beside the message. */
export interface GrpcStatus {
  /** 0 to 16. */
  readonly code: number;
  readonly message: string;
  /** How long the client is asked to wait, in milliseconds. */
  readonly retryDelayMillis: number | undefined;
}

/**
 * Takes the one message out of the bytes of a call.
 *
 * @param how.compression Value of `grpc-encoding`.
 * @param how.bytesMax Longest message after decompression, in bytes.
 * @throws {RequestFault} The bytes are not one message, or it is too long.
 */
export async function unframe(
  bytes: Buffer,
  how: { readonly compression: string; readonly bytesMax: number },
): Promise<Buffer> {
  const isWhole =
    bytes.length >= FRAME_HEAD_BYTES && bytes.readUInt32BE(1) === bytes.length - FRAME_HEAD_BYTES;
  if (!isWhole) {
    throw new RequestFault("Cannot read the call: it must be one message with its length before it", {
      status: 400,
    });
  }
  const message = bytes.subarray(FRAME_HEAD_BYTES);
  return bytes[0] === 0 ? message : decompress(message, how);
}

/** A message as it goes over the wire, not compressed. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(FRAME_HEAD_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, FRAME_HEAD_BYTES);
  return framed;
}

/** The gRPC code that goes with a fault. A compression that the receiver does not know is a feature it does not have. */
export function grpcCodeOf(fault: RequestFault): number {
  return fault.status === 415 ? 12 : rpcCodeOf(fault.status);
}

/** The entries of a status, for the end of an answer. @see gRPC over HTTP2, Trailers; google/rpc/status.proto */
export function statusHeaders(status: GrpcStatus): Record<string, string> {
  const headers: Record<string, string> = { "grpc-status": String(status.code) };
  // Percent-encoded, but not so much that grpc-js, which undoes it by decodeURI(), leaves some of it.
  if (status.message !== "") headers["grpc-message"] = encodeURI(status.message.toWellFormed());
  if (status.retryDelayMillis !== undefined) {
    const details = statusDetails(status, status.retryDelayMillis);
    headers["grpc-status-details-bin"] = Buffer.from(details).toString("base64");
  }
  return headers;
}

/** Status { code = 1, message = 2, details = 3 { type_url = 1, value = 2 } }, of which the detail is a RetryInfo. */
function statusDetails({ code, message }: GrpcStatus, retryDelayMillis: number): Uint8Array {
  const writer = protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(message);
  writer.uint32(26).fork().uint32(10).string("type.googleapis.com/google.rpc.RetryInfo");
  // RetryInfo { retry_delay = 1 { seconds = 1, nanos = 2 } }
  writer.uint32(18).fork().uint32(10).fork();
  writer.uint32(8).int64(Math.floor(retryDelayMillis / 1_000));
  writer.uint32(16).int32(Math.round((retryDelayMillis % 1_000) * 1_000_000));
  return writer.ldelim().ldelim().ldelim().finish();
}
