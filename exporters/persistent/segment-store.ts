import { randomBytes } from "node:crypto";
import { QueueFolder, type FolderScope } from "./queue-folder.ts";
import { BATCH_HEAD_BYTES, HEADER_BYTES, isIntact } from "./segment-format.ts";
import { Segment, type PlacedHead } from "./segment.ts";

const SEGMENT_BYTES_MAX = 8_388_608;
/** A queue of any size has at least so many segments: what is sent gives its space back in such parts. */
const SEGMENT_COUNT_MIN = 16;

/** What a store is made of. */
export interface StoreOptions extends FolderScope {
  readonly maxBytes: number;
  /** Whether names of files are to be on the disk before anything in them is called safe. */
  readonly syncsNames: boolean;
  /** Says what goes wrong with files, in words. */
  readonly report: (trouble: string) => void;
  /** Is told of records that were in the store and cannot be read any more. */
  readonly onLost: (recordCount: number) => void;
}

/** A batch in the store. */
export interface StoredBatch extends PlacedHead {
  readonly segment: Segment;
}

/** The next batches, as one body. */
export interface StoredRequest {
  /** Memory of the store: good until the next call of `peek`. */
  readonly body: Uint8Array;
  /** At least one, in their order. */
  readonly batches: readonly StoredBatch[];
  readonly recordCount: number;
}

/** Records that a look for folders without an owner has found. */
export interface Adopted {
  /** In folders that this handler made itself, on a thread before. */
  readonly ownCount: number;
  /** In folders of others. */
  readonly othersCount: number;
  /** True when a folder of this handler still has another owner. */
  readonly isOwnBusy: boolean;
}

interface OwnedSegment {
  readonly folder: QueueFolder;
  readonly segment: Segment;
}

/**
 * The files of one handler's persistent queue: what other processes have left, oldest first, then its own. Appends at the end, gives out
 * and settles from the beginning. One thread; calls block for as long as the file system does.
 */
export class SegmentStore {
  readonly #options: StoreOptions;
  readonly #segmentBytes: number;
  /** Oldest first; only the last one may be appended to. */
  #segments: OwnedSegment[] = [];
  readonly #folders = new Map<string, QueueFolder>();
  #own: QueueFolder | undefined;
  #body: Buffer = Buffer.alloc(0);
  #saidUnavailable = false;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#segmentBytes = Math.min(SEGMENT_BYTES_MAX, Math.floor(options.maxBytes / SEGMENT_COUNT_MIN));
  }

  /** Bytes of all files. */
  get byteCount(): number {
    return this.#segments.reduce((sum, { segment }) => sum + segment.byteCount, 0);
  }

  /** True when nothing waits. */
  get isEmpty(): boolean {
    return this.#segments.every(({ segment }) => segment.isFinished);
  }

  /** Takes over what processes have left that are gone. What is too much for `maxBytes` is taken over all the same. Never throws. */
  adopt(): Adopted {
    const { folders, isOwnBusy, fault } = QueueFolder.adopt(this.#options, new Set(this.#folders.keys()));
    if (fault !== undefined) this.#sayUnavailable(fault);
    let ownCount = 0;
    let othersCount = 0;
    const adopted: OwnedSegment[] = [];
    for (const folder of folders) {
      const segments = this.#openSegments(folder);
      const count = segments.reduce((sum, segment) => sum + segment.waitingCount, 0);
      if (folder.isOwn) ownCount += count;
      else othersCount += count;
      if (segments.length === 0) folder.release();
      else this.#folders.set(folder.path, folder);
      adopted.push(...segments.map((segment) => ({ folder, segment })));
    }
    // Before our own, whenever they were begun: only the last segment is appended to.
    const isOwn = ({ folder }: OwnedSegment): boolean => folder === this.#own;
    const others = [...this.#segments.filter((one) => !isOwn(one)), ...adopted];
    this.#segments = [...others.toSorted(byAge), ...this.#segments.filter(isOwn)];
    this.#removeFinished();
    return { ownCount, othersCount, isOwnBusy };
  }

  /**
   * Appends a batch.
   *
   * @returns Where it is; `undefined` when that would be more than `maxBytes`.
   * @throws {Error} Of the operating system: there is no space, or no access. Nothing was appended.
   */
  append(
    payload: Uint8Array,
    recordCount: number,
  ): { readonly segment: Segment; readonly at: number } | undefined {
    const neededBytes = payload.length + BATCH_HEAD_BYTES;
    const current = this.#current;
    if (current !== undefined && !this.#fits(current, neededBytes)) this.#seal(current);
    const addedBytes = neededBytes + (this.#current === undefined ? HEADER_BYTES : 0);
    if (this.byteCount + addedBytes > this.#options.maxBytes) return undefined;
    const segment = this.#current ?? this.#begin();
    try {
      return { segment, at: segment.append(payload, recordCount) };
    } catch (error) {
      // What of it is settled may be the space that is missing.
      if (segment.isFinished) this.#seal(segment);
      throw error;
    }
  }

  /** Whether a batch is to go into the segment that is there, of which nothing can be given back any better. */
  #fits(current: Segment, neededBytes: number): boolean {
    if (current.byteCount + neededBytes > this.#segmentBytes) return false;
    return !current.isFinished || this.byteCount + neededBytes <= this.#options.maxBytes;
  }

  #seal(segment: Segment): void {
    segment.seal();
    this.#removeFinished();
  }

  /**
   * The next batches, joined to one body: as many as fit into `bytesMax`, and at least one. Damaged ones are passed over, and told of.
   *
   * @returns `undefined` when nothing waits.
   */
  peek(bytesMax: number): StoredRequest | undefined {
    for (const { segment } of this.#segments) {
      const request = segment.isFinished ? undefined : this.#peekIn(segment, bytesMax);
      this.#removeFinished();
      if (request !== undefined) return request;
    }
    return undefined;
  }

  /** Settles a batch: the first that waits. */
  settle({ segment, ...head }: StoredBatch): void {
    segment.settle(head);
    this.#removeFinished();
  }

  /** Gives up what is held; what waits stays for whoever comes next. */
  close(): void {
    for (const { segment } of this.#segments) segment.seal();
    this.#removeFinished();
    for (const folder of this.#folders.values()) folder.release();
    this.#folders.clear();
    this.#segments = [];
    this.#own = undefined;
  }

  /** The segment that is appended to. */
  get #current(): Segment | undefined {
    const last = this.#segments.at(-1);
    return last?.folder === this.#own && last?.segment.isSealed === false ? last.segment : undefined;
  }

  #begin(): Segment {
    const { encoding, syncsNames } = this.#options;
    const folder = this.#ownFolder();
    const salt = randomBytes(4).readUInt32LE();
    const segment = Segment.create(folder.nextSegmentPath(), { encoding, salt });
    this.#segments.push({ folder, segment });
    if (syncsNames) folder.syncNames();
    return segment;
  }

  /** Made when it is needed first, and again where somebody has deleted it. */
  #ownFolder(): QueueFolder {
    if (this.#own?.isThere === true) return this.#own;
    if (this.#own !== undefined) {
      this.#current?.seal();
      this.#folders.delete(this.#own.path);
      this.#own.release();
    }
    this.#own = QueueFolder.create(this.#options);
    this.#folders.set(this.#own.path, this.#own);
    return this.#own;
  }

  #openSegments(folder: QueueFolder): Segment[] {
    try {
      return folder.segmentPaths().flatMap((path) => this.#openSegment(path) ?? []);
    } catch (error) {
      this.#options.report(
        `Cannot read the persistent queue in "${folder.path}": ${(error as Error).message}`,
      );
      return [];
    }
  }

  #openSegment(path: string): Segment | undefined {
    const { report, encoding } = this.#options;
    try {
      const opened = Segment.open(path, encoding);
      if (opened.kind === "foreign") {
        report(`"${path}" of the persistent queue is left as it is: ${opened.why}`);
        return undefined;
      }
      if (opened.kind === "damaged") {
        report(
          `"${path}" of the persistent queue is damaged: ${opened.byteCount} bytes are no segment, and deleted`,
        );
        Segment.discard(path);
        return undefined;
      }
      if (opened.skippedBytes > 0) this.#saySkipped(path, opened.skippedBytes);
      return opened.segment;
    } catch (error) {
      report(`Cannot read "${path}" of the persistent queue: ${(error as Error).message}`);
      return undefined;
    }
  }

  #peekIn(segment: Segment, bytesMax: number): StoredRequest | undefined {
    try {
      return this.#join(segment, bytesMax);
    } catch (error) {
      // What was to be read is lost, and the rest must not wait for it.
      this.#options.report(
        `Cannot read "${segment.path}" of the persistent queue: ${(error as Error).message}`,
      );
      this.#passToEnd(segment);
      return undefined;
    }
  }

  #join(segment: Segment, bytesMax: number): StoredRequest | undefined {
    const batches: StoredBatch[] = [];
    let bodyBytes = 0;
    let recordCount = 0;
    let from: number | undefined;
    for (;;) {
      const head = segment.headFrom(from);
      const isOver = head === undefined || (batches.length > 0 && bodyBytes + head.payloadBytes > bytesMax);
      if (isOver) break;
      const payload = this.#room(bodyBytes, head.payloadBytes);
      if (!head.isDone) segment.readPayload(head, payload);
      from = head.at + BATCH_HEAD_BYTES + head.payloadBytes;
      if (head.isDone || !isIntact(payload, head, segment.salt)) {
        // Settled in its turn: batches before it are not settled yet.
        if (batches.length > 0) break;
        this.#passOver(segment, head);
        continue;
      }
      batches.push({ ...head, segment });
      bodyBytes += head.payloadBytes;
      recordCount += head.recordCount;
    }
    if (batches.length === 0) this.#passToEnd(segment);
    return batches.length === 0
      ? undefined
      : { body: this.#body.subarray(0, bodyBytes), batches, recordCount };
  }

  /** Room for so many bytes behind those that are there. */
  #room(from: number, byteCount: number): Buffer {
    if (this.#body.length < from + byteCount) {
      const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(from + byteCount)));
      this.#body.copy(larger, 0, 0, from);
      this.#body = larger;
    }
    return this.#body.subarray(from, from + byteCount);
  }

  #passOver(segment: Segment, head: PlacedHead): void {
    segment.settle(head);
    if (head.isDone) return;
    const { report, onLost } = this.#options;
    report(
      `A batch of ${head.recordCount} records in "${segment.path}" of the persistent queue is damaged, and left out`,
    );
    onLost(head.recordCount);
  }

  #passToEnd(segment: Segment): void {
    const lostCount = segment.passToEnd();
    if (lostCount === 0) return;
    const { report, onLost } = this.#options;
    report(`${lostCount} records cannot be found in "${segment.path}" of the persistent queue any more`);
    onLost(lostCount);
  }

  /** Deletes what nobody needs any more. What a segment should have held and did not is lost. */
  #removeFinished(): void {
    const ended = this.#segments.filter(({ segment }) => segment.isFinished);
    for (const { segment } of ended) this.#passToEnd(segment);
    const finished = ended.filter(({ segment }) => segment.isSealed);
    if (finished.length === 0) return;
    this.#segments = this.#segments.filter((one) => !finished.includes(one));
    for (const { folder, segment } of finished) {
      segment.remove();
      const isLast = !this.#segments.some((one) => one.folder === folder);
      if (!isLast || folder === this.#own) continue;
      this.#folders.delete(folder.path);
      folder.release();
    }
  }

  #saySkipped(path: string, byteCount: number): void {
    this.#options.report(
      `${byteCount} bytes of "${path}" of the persistent queue belong to no whole batch (a write that was broken off, or damage), and are left out`,
    );
  }

  #sayUnavailable(reason: string): void {
    if (this.#saidUnavailable) return;
    this.#saidUnavailable = true;
    const { directory } = this.#options;
    this.#options.report(
      `There are no file locks in "${directory}" (${reason}): what other processes leave there in their persistent queues is not taken over`,
    );
  }
}

/** Names of folders begin with the time of their making, those of segments with their number. */
function byAge(left: OwnedSegment, right: OwnedSegment): number {
  return left.segment.path < right.segment.path ? -1 : 1;
}
