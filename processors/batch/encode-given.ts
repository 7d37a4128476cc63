import type { FemtoLogRecord } from "../../src/record/log-record.ts";
import type { ResourceInput } from "../shape/dictionary.ts";
import type { RecordEncoder } from "../shape/encoder.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import { readReplaced } from "../shape/replaced-record.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../shape/value-writer.ts";
import type { EmitScopes } from "./emit-scopes.ts";

/** The logger has counted what it refused: what comes to a record later is meant to be there. */
export const LATER_LIMITS: EncoderLimits = {
  ...DEFAULT_ENCODER_LIMITS,
  attributeCountMax: Number.POSITIVE_INFINITY,
};

/** A record as an object, on the thread that logs. */
export interface GivenRecord {
  readonly given: FemtoLogRecord;
  /** What it stands for; undefined for one that was made out of nothing. */
  readonly original: RecordCursor | undefined;
  readonly scopes: EmitScopes;
  /** Of all records, where they have one; else each record tells its own. */
  readonly resource: ResourceInput | undefined;
}

/** Encodes a record that is there as an object. @throws {Error} It cannot be read, or is too large. */
export function encodeGiven(
  encoder: RecordEncoder,
  { given, original, scopes, resource }: GivenRecord,
): { readonly byteCount: number; readonly severity: number } {
  encoder.begin(LATER_LIMITS);
  const { record, observedMillis } = readReplaced(given, original);
  const shapes = scopes.shapesOf(given, resource);
  const byteCount = encoder.finish(shapes.encode(encoder, record), observedMillis);
  return { byteCount, severity: record.severityNumber };
}
