import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer, FemtoFormatter } from "../../processors/shape/renderer.ts";
import { encodeTail, LINE_ENCODINGS, type LineEncoding } from "./line-encoding.ts";

/** Options of `LineRenderer`. */
export interface LineRendererOptions {
  /** What ends each record. Default "\n". */
  readonly terminator?: string;
  /** Default "utf8". */
  readonly encoding?: LineEncoding;
}

/**
 * A batch of records, each formatted and followed by a terminator. One a handler, on the thread that drains its queue.
 * `byteCount` is exact. A formatter that throws leaves no half record behind.
 */
export class LineRenderer implements BatchRenderer {
  readonly #formatter: FemtoFormatter;
  readonly #terminator: Fragment;
  readonly #encoding: LineEncoding;
  readonly #out: OutputBuffer = new OutputBuffer();
  #isFinished = false;

  /** @throws {RangeError} `encoding` is none of the four. */
  constructor(formatter: FemtoFormatter, options: LineRendererOptions = {}) {
    this.#formatter = formatter;
    this.#terminator = makeFragment(options.terminator ?? "\n");
    this.#encoding = options.encoding ?? "utf8";
    if (!LINE_ENCODINGS.includes(this.#encoding)) {
      const given: string = this.#encoding;
      throw new RangeError(
        `Cannot write lines: "encoding" is "${given}", must be one of ${LINE_ENCODINGS.join(", ")}`,
      );
    }
  }

  get byteCount(): number {
    return this.#isFinished ? 0 : this.#out.at;
  }

  /** @throws What a formatter throws that is not one of ours: the batch is then as it was. */
  add(record: RecordCursor): void {
    const out = this.#begin();
    const from = out.at;
    try {
      this.#formatter.format(record, out);
      out.fragment(this.#terminator);
      if (this.#encoding !== "utf8") encodeTail(out, from, this.#encoding);
    } catch (error) {
      out.at = from;
      throw error;
    }
  }

  takeBack(byteCount: number): Uint8Array {
    const bytes = Uint8Array.prototype.slice.call(this.#out.bytes, byteCount, this.#out.at);
    this.#out.at = byteCount;
    return bytes;
  }

  addBytes(bytes: Uint8Array): void {
    this.#begin().append(bytes);
  }

  /**
   * In one place: where batches begin with `addBytes`, `add` would meet a finished batch so late that V8 would have to compile it,
   * and all that it has become part of, anew.
   */
  #begin(): OutputBuffer {
    const out = this.#out;
    if (this.#isFinished) {
      out.clear();
      this.#isFinished = false;
    }
    return out;
  }

  finish(): Uint8Array {
    if (this.#isFinished) this.#out.clear();
    this.#isFinished = true;
    return this.#out.written();
  }
}
