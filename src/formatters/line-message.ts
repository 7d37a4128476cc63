import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import { TextBody } from "./body.ts";
import { INSIDE_TEXT, writeBodyValue } from "./body-value.ts";
import { escapeText } from "./escapes.ts";
import { textWord } from "./text-value.ts";

/**
 * The message of a line for people: the rendered text, the value of a body that is no text, or, where there is no body,
 * the name of the event. Made once for each shape.
 */
export class LineMessage {
  /** The whole message, escaped, where no value can change it; undefined otherwise. */
  readonly constant: string | undefined;
  /** ` event=name`, escaped, where the message does not say it; else empty. */
  readonly event: string;
  readonly #body: TextBody | undefined;

  constructor(shape: Shape) {
    const isText = shape.body !== "none" && shape.body !== "value";
    this.#body = isText ? new TextBody(shape, INSIDE_TEXT) : undefined;
    this.constant = shape.body === "none" ? escapeText(shape.eventName ?? "") : this.#body?.constant;
    const isSaid = shape.eventName === undefined || shape.body === "none";
    this.event = isSaid ? "" : ` event=${textWord(shape.eventName)}`;
  }

  /**
   * Appends the message; not for constant ones.
   * @returns Where the value of the shape's first key stands.
   */
  write(out: OutputBuffer, record: RecordCursor): number {
    if (this.#body !== undefined) return this.#body.write(out, record);
    const at = record.valuesAt;
    if (record.view.getUint8(at) !== ABSENT) writeBodyValue(out, record, at, INSIDE_TEXT);
    return skipValue(record.view, at);
  }
}
