import type { BatchRenderer } from "../shape/renderer.ts";
import { type DecodedRecord, RecordDecoder } from "./decoded-record.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";

const NO_BYTES = new Uint8Array(0);

/** "Renders" a batch into record objects, for exporters that take those. */
export class RecordCollector implements BatchRenderer {
  readonly #decoder = new RecordDecoder();
  #records: DecodedRecord[] = [];
  #finished: DecodedRecord[] = [];
  #byteCount = 0;

  add(record: RecordCursor): void {
    this.#records.push(this.#decoder.decode(record));
    this.#byteCount += record.frameEnd - record.frameAt;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  finish(): Uint8Array {
    this.#finished = this.#records;
    this.#records = [];
    this.#byteCount = 0;
    return NO_BYTES;
  }

  /** The records of the batch finished last; theirs who take them. */
  take(): DecodedRecord[] {
    const records = this.#finished;
    this.#finished = [];
    return records;
  }
}
