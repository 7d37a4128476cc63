import type { SinkState } from "../byte-sink.ts";
import type { RecordBatch } from "./record-batches.ts";

/** A record of which a failed export has written the beginning. */
export class CutRecord {
  /** What is still to be written. */
  readonly bytes: Uint8Array;
  /** Of the file with the beginning; undefined while that is open. */
  readonly #closedInode: number | undefined;

  constructor(bytes: Uint8Array, closedInode?: number) {
    this.bytes = bytes;
    this.#closedInode = closedInode;
  }

  /** The same after what it was written to is closed. Undefined where that was no file: it cannot be found again. */
  closedIn(inode: number): CutRecord | undefined {
    return inode < 0 ? undefined : new CutRecord(this.bytes, this.#closedInode ?? inode);
  }

  /** Whether the beginning stands at the end of what is open now. */
  continuesIn({ inode }: SinkState): boolean {
    return this.#closedInode === undefined || inode === this.#closedInode;
  }
}

/** A batch on its way to a sink, behind what is left of a record that was cut off. It goes in chunks: each into one file. */
export class SinkWrite {
  readonly batch: RecordBatch;
  readonly #bytes: Uint8Array;
  /** Where each piece ends: first the rest of the record that was cut off, then the records. */
  readonly #ends: readonly number[];
  /** Bytes of the rest of a record that was cut off; 0 for none. */
  readonly #restBytes: number;
  #at = 0;
  #chunkFrom = 0;
  #chunkTo = 0;
  #restartCount = 0;

  constructor(batch: RecordBatch, cut: CutRecord | undefined) {
    this.batch = batch;
    this.#restBytes = cut?.bytes.length ?? 0;
    this.#bytes = cut === undefined ? batch.bytes : Buffer.concat([cut.bytes, batch.bytes]);
    const rest = cut === undefined ? [] : [this.#restBytes];
    this.#ends = [...rest, ...batch.ends.map((end) => end + this.#restBytes)];
  }

  /** Bytes written. */
  get at(): number {
    return this.#at;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  get isFirstChunk(): boolean {
    return this.#chunkTo === 0 && this.#restartCount === 0;
  }

  get isBetweenChunks(): boolean {
    return this.#at === this.#chunkTo;
  }

  /** True while the rest of the record that was cut off is not written. */
  get isFinishing(): boolean {
    return this.#at < this.#restBytes;
  }

  /** Bytes of the next piece. */
  get nextBytes(): number {
    return this.#endAfter(this.#at) - this.#at;
  }

  /** All bytes up to the end of the chunk. */
  get chunk(): Uint8Array {
    return this.#bytes.subarray(0, this.#chunkTo);
  }

  /** Chooses the pieces of the next chunk: those that there is room for, and at least one. */
  beginChunk(roomBytes: number): void {
    const from = this.#at;
    const fitting = this.#ends.findLast((end) => end > from && end - from <= roomBytes);
    this.#chunkFrom = from;
    this.#chunkTo = fitting ?? this.#endAfter(from);
  }

  advance(byteCount: number): void {
    this.#at += byteCount;
  }

  /** Goes back to the beginning of the chunk, whose file is gone. Returns how often that has happened. */
  restart(): number {
    // What follows the beginning of a record that is gone is no record.
    this.#at = Math.max(this.#chunkFrom, this.#restBytes);
    this.#chunkTo = this.#at;
    return ++this.#restartCount;
  }

  /** Records that are written whole. */
  get deliveredCount(): number {
    return this.#ends.filter((end) => end > this.#restBytes && end <= this.#at).length;
  }

  /** What is left of the record that is half written; undefined where none is. */
  cutRecord(): CutRecord | undefined {
    const from = this.#ends.findLast((end) => end <= this.#at) ?? 0;
    const isBegun = this.#at > from || this.isFinishing;
    return isBegun ? new CutRecord(this.#bytes.slice(this.#at, this.#endAfter(this.#at))) : undefined;
  }

  #endAfter(position: number): number {
    return this.#ends.find((end) => end > position) ?? this.#bytes.length;
  }
}
