import { RecordEncoder } from "../../../processors/shape/encoder.ts";
import { readValue, skipValue, type ReadValue } from "../../../processors/shape/value-reader.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../../../processors/shape/value-writer.ts";

/** What a reader makes of a value, and the tag that it was written with. */
export interface RoundTrip {
  readonly value: ReadValue;
  readonly tag: number;
  readonly byteCount: number;
}

/** Encodes a value behind a byte of padding, so that nothing is aligned by luck, and reads it from shared memory. */
export function roundTrip(value: unknown, limits: EncoderLimits = DEFAULT_ENCODER_LIMITS): RoundTrip {
  const encoder = new RecordEncoder();
  encoder.begin(limits);
  encoder.value(null);
  const from = encoder.at;
  encoder.value(value);
  const byteCount = encoder.at - from;
  const bytes = Buffer.from(new SharedArrayBuffer(byteCount + 1));
  bytes.set(encoder.bytes.subarray(from, encoder.at), 1);
  const view = new DataView(bytes.buffer);
  if (skipValue(view, 1) !== byteCount + 1) throw new Error("skipValue() does not end where the value ends");
  return { value: readValue(bytes, view, 1), tag: view.getUint8(1), byteCount };
}

/** What a reader makes of a value. */
export function readBack(value: unknown, limits?: EncoderLimits): ReadValue {
  return roundTrip(value, limits).value;
}
