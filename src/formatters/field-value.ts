import type { OutputBuffer } from "../../processors/shape/output.ts";
import { ABSENT, BYTES, DOUBLE } from "../../processors/shape/value-tag.ts";
import { writeBase64, writeJsonValue } from "./json-value.ts";
import { isText, textAt, textLength, type ValueSource } from "./value-source.ts";

/**
 * What a field has written: text, which JSON puts into quotes; JSON, such as a number or an array; or nothing, because
 * the record has no such thing.
 */
export type FieldKind = "text" | "json" | "none";

/** Writes the value at `at` as the value of a field: text as it is, bytes as base64 text, all others as JSON. */
export function writeFieldValue(out: OutputBuffer, source: ValueSource, at: number): FieldKind {
  const { view } = source;
  if (isText(source, at)) {
    out.copyRange(source.bytes, view, textAt(source, at), textLength(source, at));
    return "text";
  }
  switch (view.getUint8(at)) {
    case ABSENT:
      return "none";
    case BYTES:
      writeBase64(out, source, at);
      return "text";
    case DOUBLE: {
      const value = view.getFloat64(at + 1, true);
      if (Number.isFinite(value)) break;
      out.ascii(String(value));
      return "text";
    }
    default:
  }
  writeJsonValue(out, source, at);
  return "json";
}
