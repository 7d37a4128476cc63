/** `femtologging/receiver`: takes OTLP logs, and those of socket handlers, on loopback. */
export { OtlpReceiver } from "./receiver.ts";
export type { ReceiverWaitOptions } from "./receiver.ts";
export { FemtoSocketReceiver, type SocketTarget } from "./socket/socket-receiver.ts";
export type { SocketReceiverOptions } from "./socket/options.ts";
export type { SocketReceiverCounts } from "./socket/ledger.ts";
export type { SocketLogRecord, SocketResource } from "./socket/socket-record.ts";
export type { OtlpReceiverOptions, ReceiverTls } from "./options.ts";
export type { ReceiverAnswer } from "./answers.ts";
export type { ReceivedRequest, ReceiverCounts } from "./ledger.ts";
export type { OtlpEncoding } from "../../proto/export-response.ts";
export type {
  DecodedLogRecord,
  DecodedMap,
  DecodedResource,
  DecodedScope,
  DecodedValue,
} from "../../proto/model.ts";
