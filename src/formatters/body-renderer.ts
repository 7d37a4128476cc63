import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer, FemtoFormatter } from "../../processors/shape/renderer.ts";

const NO_BYTES = new Uint8Array(0);

/** What stands around the records of a body. */
export interface BodyFrame {
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
}

/**
 * A batch of records as the body of one request, such as an array of JSON. One a handler, on the thread that drains its
 * queue. A formatter that throws leaves no half record behind.
 */
export class BodyRenderer implements BatchRenderer {
  readonly #formatter: FemtoFormatter;
  readonly #opening: Fragment;
  readonly #separator: Fragment;
  readonly #closing: Fragment;
  readonly #out = new OutputBuffer();
  #isFinished = false;

  constructor(formatter: FemtoFormatter, frame: BodyFrame) {
    this.#formatter = formatter;
    this.#opening = makeFragment(frame.opening);
    this.#separator = makeFragment(frame.separator);
    this.#closing = makeFragment(frame.closing);
  }

  get byteCount(): number {
    return this.#isFinished ? 0 : this.#out.at;
  }

  /** @throws What the formatter throws: the batch is then as it was. */
  add(record: RecordCursor): void {
    const out = this.#out;
    if (this.#isFinished) out.clear();
    this.#isFinished = false;
    const from = out.at;
    try {
      out.fragment(from === 0 ? this.#opening : this.#separator);
      this.#formatter.format(record, out);
    } catch (error) {
      out.at = from;
      throw error;
    }
  }

  /** What is given is filled with a copy: several bodies may be on their way. */
  finish(into?: OutputBuffer): Uint8Array {
    const out = this.#out;
    if (this.#isFinished) out.clear();
    this.#isFinished = true;
    if (out.at === 0) return NO_BYTES;
    out.fragment(this.#closing);
    if (into === undefined) return out.written();
    into.clear();
    into.append(out.written());
    return into.written();
  }
}
