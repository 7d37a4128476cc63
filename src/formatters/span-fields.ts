import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import { writeHex, writeHexByte, writeUint64 } from "./numbers.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const LOW_HALF_BYTES = 8;
const SAMPLED_FLAG = 1;

/** The text around the ids of a span. */
export interface SpanLayout {
  /** Before the trace id: `,"trace_id":"`. */
  readonly trace: string;
  /** Between the ids: `","span_id":"`. */
  readonly span: string;
  /** Between the span id and what follows it. */
  readonly flags: string;
  /** Behind it all. */
  readonly end: string;
  /**
   * `hex`: both ids as W3C writes them, the flags as two digits. `sampled`: the same, and whether the trace is sampled as
   * `true` or `false`. `ids`: no flags. `decimal`: the low 64 bits of both ids as unsigned integers, no flags.
   */
  readonly form: "hex" | "sampled" | "ids" | "decimal";
}

/** Writes the ids of records that have a span. */
export class SpanFields {
  readonly #trace: Fragment;
  readonly #span: Fragment;
  readonly #flags: Fragment;
  readonly #end: Fragment;
  readonly #form: SpanLayout["form"];

  constructor(layout: SpanLayout) {
    this.#trace = makeFragment(layout.trace);
    this.#span = makeFragment(layout.span);
    this.#flags = makeFragment(layout.flags);
    this.#end = makeFragment(layout.end);
    this.#form = layout.form;
  }

  /** Only for records that have a span. */
  write(out: OutputBuffer, record: RecordCursor): void {
    const { bytes, spanAt } = record;
    const isDecimal = this.#form === "decimal";
    out.fragment(this.#trace);
    if (isDecimal) writeUint64(out, record.view, spanAt + LOW_HALF_BYTES);
    else writeHex(out, bytes, spanAt, TRACE_ID_BYTES);
    out.fragment(this.#span);
    if (isDecimal) writeUint64(out, record.view, spanAt + TRACE_ID_BYTES);
    else writeHex(out, bytes, spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
    this.#writeFlags(out, record.traceFlags);
    out.fragment(this.#end);
  }

  #writeFlags(out: OutputBuffer, flags: number): void {
    if (this.#form !== "hex" && this.#form !== "sampled") return;
    out.fragment(this.#flags);
    if (this.#form === "hex") writeHexByte(out, flags);
    else out.ascii((flags & SAMPLED_FLAG) === SAMPLED_FLAG ? "true" : "false");
  }
}
