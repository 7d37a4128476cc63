import { reportOnce } from "../../src/diagnostics.ts";
import type { RecordEncoder } from "../shape/encoder.ts";
import type { Arena } from "../queue/arena.ts";
import { RecordCursor } from "../shape/record-cursor.ts";
import { ShapeReader } from "../shape/shape-reader.ts";
import { RecordDecoder } from "../worker/decoded-record.ts";
import { LineRecords } from "../worker/line-records.ts";

/** The thread that encodes them. */
export interface RecordingThread {
  readonly arena: Arena;
  readonly threadSlot: number;
}

/** Reads records where they were encoded, on the thread that made them: for what needs no queue. */
export class EncodedRecordReader {
  readonly #thread: RecordingThread;
  #arena: Arena;
  #shapes: ShapeReader;
  #cursor: RecordCursor | undefined;
  #lines: LineRecords | undefined;

  constructor(recorder: RecordingThread) {
    this.#thread = recorder;
    this.#arena = recorder.arena;
    this.#shapes = new ShapeReader(recorder.arena);
  }

  /** A cursor on the finished record in `encoder`: valid until the encoder begins another, or the next one is read. */
  read(encoder: RecordEncoder): RecordCursor {
    if (this.#thread.arena !== this.#arena) this.#follow();
    // The encoder's memory is another one after it has grown.
    if (this.#cursor?.bytes !== encoder.bytes) this.#cursor = new RecordCursor(encoder.bytes);
    const cursor = this.#cursor;
    const id = cursor.load(0);
    cursor.shape = this.#shapes.shapeOf(cursor, { lane: this.#thread.threadSlot, id });
    if (cursor.shape.body !== "line") return cursor;
    this.#lines ??= new LineRecords(new RecordDecoder(), (trouble) => reportOnce("line", trouble));
    return this.#lines.read(cursor);
  }

  /** The thread has gone to another arena. */
  #follow(): void {
    this.#arena = this.#thread.arena;
    this.#shapes = new ShapeReader(this.#arena);
  }
}
