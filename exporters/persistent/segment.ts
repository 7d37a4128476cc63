import {
  close,
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
  writevSync,
} from "node:fs";
import { promisify } from "node:util";
import {
  BATCH_DONE,
  BATCH_HEAD_BYTES,
  BATCH_STATE_AT,
  decodeBatchHead,
  decodeHeader,
  encodeBatchHead,
  encodeHeader,
  findBatchHead,
  HEADER_BYTES,
  type BatchHead,
  type SegmentHeader,
} from "./segment-format.ts";

const FILE_MODE = 0o600;
/** Bytes that are looked through at a time for the next sound batch behind damage. */
const SEARCH_BYTES = 65_536;

const syncData: (fd: number) => Promise<void> = promisify(fdatasync);

/** Where a batch stands in its segment. */
export interface PlacedHead extends BatchHead {
  /** Byte offset of its head. */
  readonly at: number;
  /** Bytes that had to be passed over to find it: damage, of nobody knows how many records. */
  readonly skippedBytes: number;
}

/** What came of opening a segment that another process left. */
export type OpenedSegment =
  | { readonly kind: "segment"; readonly segment: Segment; readonly skippedBytes: number }
  | { readonly kind: "damaged"; readonly byteCount: number }
  | { readonly kind: "foreign"; readonly why: string };

/**
 * One file of a persistent queue: batches are appended at its end, and settled from its beginning. One thread at a time.
 * The position moves only over what is settled or damaged, so what was not settled is found again from there.
 */
export class Segment {
  readonly path: string;
  readonly #salt: number;
  #fd: number | undefined;
  /** End of the last whole batch, and of the file as far as we know of it. */
  #byteCount: number;
  /** Start of the first batch that is not settled. */
  #position: number = HEADER_BYTES;
  #waitingCount = 0;
  #isSealed = false;
  #syncing: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;

  private constructor(path: string, parts: { fd: number; salt: number; byteCount: number }) {
    this.path = path;
    this.#fd = parts.fd;
    this.#salt = parts.salt;
    this.#byteCount = parts.byteCount;
  }

  /** Makes the file. @throws {Error} Of the operating system; then there is no file. */
  static create(path: string, header: SegmentHeader): Segment {
    const fd = openSync(path, "wx+", FILE_MODE);
    try {
      writeSync(fd, encodeHeader(header), 0, HEADER_BYTES, 0);
    } catch (error) {
      closeSync(fd);
      rmSync(path, { force: true });
      throw error;
    }
    return new Segment(path, { fd, salt: header.salt, byteCount: HEADER_BYTES });
  }

  /**
   * Opens a file that is there, to be sent and not to be appended to: counts what waits in it. Reads the heads of all batches, not
   * their payloads.
   *
   * @throws {Error} Of the operating system.
   */
  static open(path: string, encoding: string): OpenedSegment {
    const fd = openSync(path, "r+");
    const byteCount = fstatSync(fd).size;
    const bytes = Buffer.alloc(HEADER_BYTES);
    const reading = decodeHeader(bytes.subarray(0, readSync(fd, bytes, 0, HEADER_BYTES, 0)));
    const why = foreignness(reading, encoding);
    if (reading.kind !== "header" || why !== undefined) {
      closeSync(fd);
      return why === undefined ? { kind: "damaged", byteCount } : { kind: "foreign", why };
    }
    const segment = new Segment(path, { fd, salt: reading.header.salt, byteCount });
    const skippedBytes = segment.#scan();
    segment.seal();
    return { kind: "segment", segment, skippedBytes };
  }

  /** Deletes a file that is no segment. */
  static discard(path: string): void {
    rmSync(path, { force: true });
  }

  /** Bytes of the file. */
  get byteCount(): number {
    return this.#byteCount;
  }

  /** Records in batches that are not settled. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  get salt(): number {
    return this.#salt;
  }

  /** True when every batch is settled or passed over. */
  get isFinished(): boolean {
    return this.#position >= this.#byteCount;
  }

  /** True when nothing will be appended any more. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  /**
   * Appends a batch, or leaves the file as it was.
   *
   * @returns Byte offset of its head.
   * @throws {Error} Of the operating system: the disk is full, or cannot be written.
   */
  append(payload: Uint8Array, recordCount: number): number {
    const fd = this.#open();
    const at = this.#byteCount;
    const head = encodeBatchHead(payload, { recordCount, salt: this.#salt });
    try {
      writeAll(fd, { head, payload, at });
    } catch (error) {
      this.#takeBack(fd, at);
      throw error;
    }
    this.#byteCount = at + BATCH_HEAD_BYTES + payload.length;
    this.#waitingCount += recordCount;
    return at;
  }

  /**
   * Resolves when everything that was appended before the call is on the disk. Calls that come while one is under way share the next.
   *
   * @throws {Error} Of the operating system: nobody knows what is on the disk.
   */
  sync(): Promise<void> {
    if (this.#syncing === undefined) return this.#startSync();
    this.#nextSync ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#nextSync = undefined;
        return this.#startSync();
      });
    return this.#nextSync;
  }

  /** The first batch from `from` on, or from the first that is not settled; `undefined` behind the last. */
  headFrom(from: number = this.#position): PlacedHead | undefined {
    const fd = this.#open();
    const bytes = Buffer.alloc(BATCH_HEAD_BYTES);
    let at = from;
    let head = this.#readHead(fd, bytes, at);
    if (head === undefined) {
      at = this.#search(fd, from + 1);
      head = at === -1 ? undefined : this.#readHead(fd, bytes, at);
    }
    return head === undefined ? undefined : { ...head, at, skippedBytes: at - from };
  }

  /** Reads a batch's payload to the beginning of `into`, which has room for it. @throws {Error} Of the operating system. */
  readPayload(head: PlacedHead, into: Uint8Array): void {
    const fd = this.#open();
    let done = 0;
    while (done < head.payloadBytes) {
      const at = head.at + BATCH_HEAD_BYTES + done;
      const count = readSync(fd, into, done, head.payloadBytes - done, at);
      if (count === 0) throw new Error(`"${this.path}" has become shorter`);
      done += count;
    }
  }

  /**
   * Settles the first batch: notes it in the file, in place, and moves on. A note that cannot be written costs a second delivery after
   * a restart, no more.
   */
  settle(head: PlacedHead): void {
    try {
      writeSync(this.#open(), BATCH_DONE, 0, BATCH_DONE.length, head.at + BATCH_STATE_AT);
    } catch {
      // It needs no space of its own; a disk that fails is told of by the next append.
    }
    this.passOver(head);
  }

  /** Moves on behind a batch without a note. */
  passOver(head: PlacedHead): void {
    this.#position = head.at + BATCH_HEAD_BYTES + head.payloadBytes;
    if (!head.isDone) this.#waitingCount = Math.max(0, this.#waitingCount - head.recordCount);
  }

  /** Moves to the end. @returns Records that were still expected, and are nowhere to be found. */
  passToEnd(): number {
    const lostCount = this.#waitingCount;
    this.#position = this.#byteCount;
    this.#waitingCount = 0;
    return lostCount;
  }

  /** Nothing is appended any more. Closes the file until it is read. */
  seal(): void {
    this.#isSealed = true;
    this.close();
  }

  /** Closes the file; a sync that is under way has it closed behind it. Opened again when it is used. */
  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return;
    const last = this.#nextSync ?? this.#syncing;
    if (last === undefined) closeSync(fd);
    else void last.catch(() => {}).finally(() => close(fd, () => {}));
  }

  /** Closes and deletes the file. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  #open(): number {
    this.#fd ??= openSync(this.path, "r+");
    return this.#fd;
  }

  #startSync(): Promise<void> {
    const syncing = syncData(this.#open()).finally(() => {
      this.#syncing = undefined;
    });
    this.#syncing = syncing;
    return syncing;
  }

  /** What was written of a batch that did not fit goes again; where it cannot, nothing more is appended behind it. */
  #takeBack(fd: number, at: number): void {
    try {
      ftruncateSync(fd, at);
    } catch {
      this.#isSealed = true;
    }
  }

  /** Counts what waits. @returns Bytes that belong to no sound batch: damage, or a batch at the end that was not written to its end. */
  #scan(): number {
    let skippedBytes = 0;
    let position: number | undefined;
    let at = HEADER_BYTES;
    for (let head = this.headFrom(at); head !== undefined; head = this.headFrom(at)) {
      skippedBytes += head.skippedBytes;
      at = head.at + BATCH_HEAD_BYTES + head.payloadBytes;
      if (head.isDone) continue;
      position ??= head.at;
      this.#waitingCount += head.recordCount;
    }
    skippedBytes += this.#byteCount - at;
    this.#byteCount = at;
    this.#position = position ?? at;
    return skippedBytes;
  }

  /** A head whose payload is all there. */
  #readHead(fd: number, bytes: Buffer, at: number): BatchHead | undefined {
    if (at + BATCH_HEAD_BYTES > this.#byteCount) return undefined;
    if (readSync(fd, bytes, 0, BATCH_HEAD_BYTES, at) < BATCH_HEAD_BYTES) return undefined;
    const head = decodeBatchHead(bytes, 0, this.#salt);
    const end = at + BATCH_HEAD_BYTES + (head?.payloadBytes ?? 0);
    return end > this.#byteCount ? undefined : head;
  }

  /** The next place with a sound head from `from` on; -1 when there is none. */
  #search(fd: number, from: number): number {
    const bytes = Buffer.alloc(SEARCH_BYTES + BATCH_HEAD_BYTES);
    for (let at = from; at + BATCH_HEAD_BYTES <= this.#byteCount; at += SEARCH_BYTES) {
      const wanted = Math.min(bytes.length, this.#byteCount - at);
      const found = findBatchHead(bytes.subarray(0, readSync(fd, bytes, 0, wanted, at)), 0, this.#salt);
      if (found !== -1) return at + found;
    }
    return -1;
  }
}

/** Why a file with this header is not for us; `undefined` where it is, or is no segment. */
function foreignness(reading: ReturnType<typeof decodeHeader>, encoding: string): string | undefined {
  if (reading.kind === "unknown-version") return `it has version ${reading.version} of the format`;
  if (reading.kind !== "header" || reading.header.encoding === encoding) return undefined;
  return `it holds ${reading.header.encoding}, and the handler sends ${encoding}`;
}

/** One call of the system where it takes all at once. */
function writeAll(
  fd: number,
  batch: { readonly head: Uint8Array; readonly payload: Uint8Array; readonly at: number },
): void {
  const { head, payload } = batch;
  let done = writevSync(fd, [head, payload], batch.at);
  while (done < head.length + payload.length) {
    const count =
      done < head.length
        ? writeSync(fd, head, done, head.length - done, batch.at + done)
        : writeSync(fd, payload, done - head.length, payload.length + head.length - done, batch.at + done);
    done += count;
  }
}
