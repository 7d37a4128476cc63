import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { copyForText } from "./escapes.ts";

const RECORD_KEEP_BYTES = 65_536;

/** Writes the text of a message of syslog. */
export interface MessageText {
  write(out: OutputBuffer, record: RecordCursor): void;
}

/**
 * What another formatter writes, as the text of messages of one shape. Line breaks and control characters are escaped,
 * whoever wrote them: a multi-line record stays one message with every framing, and none forges another (CWE-117). JSON stays the
 * same JSON.
 */
export class FormattedText implements MessageText {
  readonly #formatter: FemtoFormatter;
  readonly #scratch: OutputBuffer;
  /** What the formatter knows of the shape: the shape has room for one of the two. */
  #fragments: unknown;

  /** @param scratch Memory for one record, shared by all shapes of a handler. */
  constructor(formatter: FemtoFormatter, scratch: OutputBuffer) {
    this.#formatter = formatter;
    this.#scratch = scratch;
  }

  /** @throws What the formatter throws. */
  write(out: OutputBuffer, record: RecordCursor): void {
    const scratch = this.#scratch;
    scratch.clear(RECORD_KEEP_BYTES);
    this.#format(record, scratch);
    copyForText(out, scratch, 0, scratch.at);
  }

  #format(record: RecordCursor, scratch: OutputBuffer): void {
    const { shape } = record;
    const ours = shape.fragments;
    shape.fragments = this.#fragments;
    try {
      this.#formatter.format(record, scratch);
    } finally {
      this.#fragments = shape.fragments;
      shape.fragments = ours;
    }
  }
}
