import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { Shape } from "../processors/shape/shape.ts";
import { readText, skipValue } from "../processors/shape/value-reader.ts";

/** The attribute that carries the template of a record, where a renderer is asked for it. */
export const templateKey = "message.template";

/** Whether records of the shape have a template to carry, and the key for it is free. */
export function canCarryTemplate(shape: Shape): boolean {
  return shape.template !== "" && !shape.keys.includes(templateKey);
}

/**
 * Whether an attribute among the record's extras has the key already: keys are unique in OTLP, and the caller's wins.
 *
 * @param extrasAt Where the uint32 count of the extras stands.
 */
export function hasTemplateExtra(record: RecordCursor, extrasAt: number): boolean {
  const { bytes, view } = record;
  const count = view.getUint32(extrasAt, true);
  let keyAt = extrasAt + 4;
  for (let i = 0; i < count; i++) {
    if (readText(bytes, view, keyAt) === templateKey) return true;
    keyAt = skipValue(view, skipValue(view, keyAt));
  }
  return false;
}
