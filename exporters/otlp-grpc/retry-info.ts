// How long a peer asks to wait, in the details of a status. Pure.
import { readFields } from "../otlp-http/protobuf-fields.ts";

const RETRY_INFO = "google.rpc.RetryInfo";
const NANOS_PER_MILLI = 1_000_000;
const decoder = new TextDecoder();

/**
 * Reads the wait from a `grpc-status-details-bin` entry: Status { details = 3 { type_url = 1, value = 2 } }, where the
 * value is RetryInfo { retry_delay = 1 { seconds = 1, nanos = 2 } }.
 *
 * @param details The bytes of the entry; `undefined` when there is none.
 * @returns Milliseconds, 0 or more; `undefined` when the peer does not ask, or the bytes are no such message.
 * @see OTLP/gRPC Throttling; google/rpc/error_details.proto
 */
export function retryDelayMillis(details: Uint8Array | undefined): number | undefined {
  if (details === undefined) return undefined;
  try {
    let millis: number | undefined;
    readFields(details, (fieldNumber, value) => {
      if (fieldNumber === 3 && typeof value !== "bigint") millis = delayOfDetail(value) ?? millis;
    });
    return millis;
  } catch {
    // The status itself has said what matters.
    return undefined;
  }
}

function delayOfDetail(detail: Uint8Array): number | undefined {
  let typeUrl = "";
  let retryInfo: Uint8Array | undefined;
  readFields(detail, (fieldNumber, value) => {
    if (typeof value === "bigint") return;
    if (fieldNumber === 1) typeUrl = decoder.decode(value);
    if (fieldNumber === 2) retryInfo = value;
  });
  if (typeUrl.slice(typeUrl.lastIndexOf("/") + 1) !== RETRY_INFO) return undefined;
  // Without a value all its fields have their defaults: a delay of 0.
  return retryInfo === undefined ? 0 : delayOfRetryInfo(retryInfo);
}

function delayOfRetryInfo(retryInfo: Uint8Array): number {
  let millis = 0;
  readFields(retryInfo, (fieldNumber, duration) => {
    if (fieldNumber === 1 && typeof duration !== "bigint") millis = millisOfDuration(duration);
  });
  return millis;
}

function millisOfDuration(duration: Uint8Array): number {
  let millis = 0;
  readFields(duration, (fieldNumber, value) => {
    if (typeof value !== "bigint") return;
    const number = Number(BigInt.asIntN(64, value));
    if (fieldNumber === 1) millis += number * 1_000;
    if (fieldNumber === 2) millis += number / NANOS_PER_MILLI;
  });
  return Math.min(Math.max(0, millis), Number.MAX_SAFE_INTEGER);
}
