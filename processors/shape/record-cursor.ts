import {
  FLAG_DROPPED,
  FLAG_EXTRAS,
  FLAG_INLINE,
  FLAG_SPAN,
  FLAG_TIMESTAMP,
  FRAME_BYTES_AT,
  FRAME_HEAD_BYTES,
  MILLIS_AT,
  SHAPE_AT,
  SHAPE_ID_MASK,
  SPAN_BYTES,
  TIMESTAMP_BYTES,
} from "./frame.ts";
import type { Shape } from "./shape.ts";
import { skipValue } from "./value-reader.ts";

const ABSENT_AT = -1;

/**
 * One record of a queue, looked at where it stands: nothing is decoded until asked for. Reused from record to
 * record; what it points to is valid until the record is done. The reading thread's own.
 */
export class RecordCursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  shape!: Shape;
  /** `threadId` of the thread that logged. */
  threadId = 0;
  frameAt = 0;
  frameEnd = 0;
  flags = 0;
  /** Epoch milliseconds with fraction, when the call was made. */
  millis = 0;
  /** Where the 16 bytes of the trace id stand, then 8 of the span id, then uint32 flags; -1 without span. */
  spanAt: number = ABSENT_AT;
  droppedCount = 0;
  /** Where an inline shape definition stands; -1 where the shape is known by id. */
  definitionAt: number = ABSENT_AT;
  /** The first value. */
  valuesAt = 0;
  #timestampAt = ABSENT_AT;

  /** @param bytes All the memory that frames may stand in. */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Points the cursor at a frame. Returns the shape's id, 0 for an inline definition; the caller sets `shape`. */
  load(frameAt: number): number {
    const view = this.view;
    const shapeAndFlags = view.getInt32(frameAt + SHAPE_AT, true);
    this.frameAt = frameAt;
    this.frameEnd = frameAt + view.getInt32(frameAt + FRAME_BYTES_AT, true);
    this.flags = shapeAndFlags & ~SHAPE_ID_MASK;
    this.millis = view.getFloat64(frameAt + MILLIS_AT, true);
    this.valuesAt = frameAt + FRAME_HEAD_BYTES;
    this.spanAt = ABSENT_AT;
    this.droppedCount = 0;
    this.#timestampAt = ABSENT_AT;
    this.definitionAt = ABSENT_AT;
    if (this.flags !== 0 && this.flags !== FLAG_EXTRAS) this.#loadOptional();
    return shapeAndFlags & SHAPE_ID_MASK;
  }

  #loadOptional(): void {
    const { flags, view } = this;
    let at = this.valuesAt;
    if (flags & FLAG_TIMESTAMP) {
      this.#timestampAt = at;
      at += TIMESTAMP_BYTES;
    }
    if (flags & FLAG_SPAN) {
      this.spanAt = at;
      at += SPAN_BYTES;
    }
    if (flags & FLAG_DROPPED) {
      this.droppedCount = view.getUint32(at, true);
      at += 4;
    }
    if (flags & FLAG_INLINE) {
      this.definitionAt = at;
      at = skipValue(view, at);
    }
    this.valuesAt = at;
  }

  get hasExtras(): boolean {
    return (this.flags & FLAG_EXTRAS) !== 0;
  }

  /** True where the caller gave a timestamp of its own: `millis` is the observed time then. */
  get hasTimestamp(): boolean {
    return this.#timestampAt !== ABSENT_AT;
  }

  /** Whole epoch seconds of the record's time. */
  get timeSeconds(): number {
    if (this.#timestampAt !== ABSENT_AT) return this.view.getFloat64(this.#timestampAt, true);
    return Math.floor(this.millis / 1000);
  }

  /** Nanoseconds within `timeSeconds`, 0 to 999,999,999. */
  get timeNanos(): number {
    if (this.#timestampAt !== ABSENT_AT) return this.view.getUint32(this.#timestampAt + 8, true);
    return this.observedNanos;
  }

  get observedSeconds(): number {
    return Math.floor(this.millis / 1000);
  }

  get observedNanos(): number {
    const millis = this.millis;
    return Math.floor((millis - Math.floor(millis / 1000) * 1000) * 1e6);
  }

  /** W3C trace flags; 0 without span. */
  get traceFlags(): number {
    return this.spanAt === ABSENT_AT ? 0 : this.view.getUint32(this.spanAt + 24, true);
  }

  /** Where the value of the n-th position stands: arguments first, then keys. Walks there. */
  valueAt(position: number): number {
    let at = this.valuesAt;
    for (let i = 0; i < position; i++) at = skipValue(this.view, at);
    return at;
  }

  /** Where the extras begin (their uint32 count), or -1. Walks over the values. */
  extrasAt(): number {
    if (!this.hasExtras) return ABSENT_AT;
    return this.valueAt(this.shape.argumentCount + this.shape.keys.length);
  }
}
