/** Frames read back into values, the same way wherever they stand: in the queue, in a ring, in a message. */
import { RecordCursor } from "../../processors/shape/record-cursor.ts";
import { readValue, skipValue } from "../../processors/shape/value-reader.ts";
import { Checksum } from "./standard-record.ts";

/** A checksum over frames. One memory's. */
export class FrameSum extends Checksum {
  readonly #cursor: RecordCursor;

  /** @param bytes All the memory that frames may stand in. */
  constructor(bytes: Buffer) {
    super();
    this.#cursor = new RecordCursor(bytes);
  }

  /** Takes the record at a byte offset. Returns its time. */
  addFrame(frameAt: number): number {
    const cursor = this.#cursor;
    cursor.load(frameAt);
    const { bytes, view } = cursor;
    const pathAt = skipValue(view, cursor.valuesAt);
    const cachedAt = skipValue(view, pathAt);
    this.add(
      readValue(bytes, view, cursor.valuesAt) as number,
      readValue(bytes, view, pathAt) as string,
      readValue(bytes, view, cachedAt) as boolean,
      readValue(bytes, view, skipValue(view, cachedAt)) as number,
    );
    return cursor.millis;
  }
}
