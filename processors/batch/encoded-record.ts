import type { RecordEncoder } from "../shape/encoder.ts";
import type { Arena } from "../queue/arena.ts";
import { RecordCursor } from "../shape/record-cursor.ts";
import { ShapeReader } from "../shape/shape-reader.ts";

/** The thread that encodes them. */
export interface RecordingThread {
  readonly arena: Arena;
  readonly threadSlot: number;
}

/** Reads records where they were encoded, on the thread that made them: for what needs no queue. */
export class EncodedRecordReader {
  readonly #shapes: ShapeReader;
  readonly #threadSlot: number;
  #cursor: RecordCursor | undefined;

  constructor(recorder: RecordingThread) {
    this.#shapes = new ShapeReader(recorder.arena);
    this.#threadSlot = recorder.threadSlot;
  }

  /** A cursor on the finished record in `encoder`: valid until the encoder begins another. */
  read(encoder: RecordEncoder): RecordCursor {
    // The encoder's memory is another one after it has grown.
    if (this.#cursor?.bytes !== encoder.bytes) this.#cursor = new RecordCursor(encoder.bytes);
    const cursor = this.#cursor;
    const id = cursor.load(0);
    cursor.shape = this.#shapes.shapeOf(cursor, { lane: this.#threadSlot, id });
    return cursor;
  }
}
