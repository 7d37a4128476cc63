/** `femtologging/receiver`: takes OTLP logs on loopback. */
export { OtlpReceiver } from "./receiver.ts";
export type { ReceiverWaitOptions } from "./receiver.ts";
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
