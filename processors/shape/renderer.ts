import type { OutputBuffer } from "./output.ts";
import type { RecordCursor } from "./record-cursor.ts";

/**
 * Turns records into the bytes of a batch. One a handler, on the thread that drains its queue.
 * A renderer never throws on any record that the encoder can make.
 */
export interface BatchRenderer {
  /** Takes one record into the batch being made. The cursor is valid during the call only. */
  add(record: RecordCursor): void;
  /** Bytes of the batch so far; may be an estimate from below until `finish`. */
  readonly byteCount: number;
  /**
   * Takes what was added last out again, for `addBytes`. Only for renderers whose count is exact; others have neither.
   * @param byteCount What `byteCount` was before it was added.
   * @returns Its bytes, copied.
   */
  takeBack?(byteCount: number): Uint8Array;
  /** Takes rendered bytes into the batch being made. */
  addBytes?(bytes: Uint8Array): void;
  /**
   * Ends the batch. An empty batch gives no bytes.
   * @param into Where to write, for callers that keep several batches: a renderer that puts its bytes together only now
   * does it there. The bytes of one that does not are valid until the next `add`.
   */
  finish(into?: OutputBuffer): Uint8Array;
}

/**
 * Writes one record as text or bytes, without terminator. Built-in ones are fragments of the shape, copied, with the
 * values between them. Runs on the thread that drains the queue.
 */
export interface FemtoFormatter {
  /** Appends the record to `out`. Must not keep the cursor. */
  format(record: RecordCursor, out: OutputBuffer): void;
}
