import { ExportError } from "../../src/errors.ts";
import type { BatchOptions, BatchSender, SendOutcome } from "../sender.ts";
import { Arrivals } from "./arrivals.ts";
import { isFinal, shareOut } from "./finality.ts";
import type { SpoolLedger } from "./ledger.ts";
import type { PersistentQueueSettings } from "./options.ts";
import { SegmentStore, type StoredRequest } from "./segment-store.ts";
import { Wakeup } from "./wakeup.ts";

/** Bytes of waiting batches that go as one request, where the encoding allows it. Peers take 4 MiB at the least. */
const JOINED_BYTES_MAX = 1_048_576;
/** How often to look for what processes have left that ended meanwhile. */
const ADOPT_MILLIS = 30_000;
/** How long to wait for room on the disk before the next look, and longest wait after a failure that is no answer. */
const ROOM_MILLIS = 1_000;
const PAUSE_MILLIS_MAX = 30_000;
/** How long one attempt past the disk may take, when nothing can be written there: then the disk is tried again. */
const DIRECT_MILLIS = 10_000;
/** How long the end waits for a peer that answers. */
const CLOSE_MILLIS = 500;

/** `error.type` of records whose file was damaged. */
const damaged = "damaged_file";

/** What a persistent sender is made of. */
export interface PersistentSenderOptions {
  readonly queue: PersistentQueueSettings;
  /** Names what bodies are encoded in, such as `otlp-protobuf`: files of another encoding are left alone. */
  readonly encoding: string;
  /** Whether bodies put one behind the other are one body with the records of all. So it is with protobuf. */
  readonly isJoinable: boolean;
  /** How long a batch that the disk has no room for is kept in memory, in milliseconds; 0 for no limit. */
  readonly retryTimeoutMillis: number;
  /** Says what goes wrong, in words. */
  readonly report: (trouble: string) => void;
}

/** A batch, and when it is given up if there is no place for it by then, on the clock of `performance.now()`. */
interface LimitedBatch extends BatchOptions {
  readonly giveUpAt: number;
}

/** A batch that got its place in the queue, or what became of it without one. Not a promise itself: the next one may be placed. */
interface Placed {
  readonly outcome: Promise<SendOutcome>;
}

/**
 * Puts each batch into files before it is sent, and sends from there, in order, one request at a time, until the peer has taken or
 * refused it. The thread that made it; `begin()` before the first batch.
 *
 * @see docs/persistent-queue.md for what is guaranteed
 */
export class PersistentSender implements BatchSender {
  readonly #inner: BatchSender;
  readonly #options: PersistentSenderOptions;
  readonly #store: SegmentStore;
  readonly #arrivals: Arrivals;
  readonly #abort = new AbortController();
  /** Something was appended, or the end has come. */
  readonly #work: Wakeup;
  /** Something was settled. */
  readonly #room: Wakeup;
  #ledger: SpoolLedger | undefined;
  /** Records of this handler in files that nobody has opened yet: those of a thread before this one. */
  #unfoundCount = 0;
  #lastPlaced: Promise<unknown> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();
  #adoptTimer: NodeJS.Timeout | undefined;
  #isIdle = true;
  /** The last that was heard of the peer is that it does not take anything. */
  #isPeerAway = false;
  /** Batches that go alone, after a request with several of them was refused. */
  #aloneCount = 0;

  /** @param inner Sends for as long as it takes: its own time for retries is without a limit. Closed with this one. */
  constructor(inner: BatchSender, options: PersistentSenderOptions) {
    this.#inner = inner;
    this.#options = options;
    // The peer may be there all the same, and busy with what was left.
    this.#arrivals = new Arrivals(() => (this.#arrivals.isHurried = true));
    this.#work = new Wakeup();
    this.#room = new Wakeup();
    const { directory, maxBytes, fsync, queueId } = options.queue;
    this.#store = new SegmentStore({
      directory,
      maxBytes,
      queueId,
      encoding: options.encoding,
      syncsNames: fsync === "batch",
      report: options.report,
      onLost: (recordCount) =>
        this.#ledger?.noteLeft({ delivered: 0, rejected: 0, failed: recordCount, reason: damaged }),
    });
  }

  /** Takes over what processes before this one have left, and sends it first. */
  begin(ledger: SpoolLedger): void {
    this.#ledger = ledger;
    this.#unfoundCount = ledger.spooledBefore;
    this.#adopt();
    this.#adoptTimer = setInterval(() => this.#adopt(), ADOPT_MILLIS).unref();
    this.#loop = this.#sendAll();
  }

  /** The peer does not answer as it should: until all is sent, a batch is done when it is safe on the disk. */
  noteTrouble(): void {
    this.#isPeerAway = true;
    this.#arrivals.isHurried = true;
  }

  async send(body: Uint8Array, batch: BatchOptions): Promise<SendOutcome> {
    // One after the other: the order of the calls is that of the files.
    const giveUpAt = performance.now() + (this.#options.retryTimeoutMillis || Infinity);
    const placed = this.#lastPlaced.then(() => this.#place(body, { ...batch, giveUpAt }));
    this.#lastPlaced = placed;
    const { outcome } = await placed;
    return outcome;
  }

  async close(): Promise<void> {
    clearInterval(this.#adoptTimer);
    // A request that is cut off is sent again by the next process, although the peer may have it.
    await this.#untilIdle(performance.now() + CLOSE_MILLIS);
    this.#abort.abort();
    this.noteTrouble();
    this.#work.wake();
    await this.#loop;
    await this.#inner.close();
    this.#store.close();
  }

  /** Waits for a peer that answers to have all there is. */
  async #untilIdle(deadline: number): Promise<void> {
    for (let leftMillis = CLOSE_MILLIS; leftMillis > 0; leftMillis = deadline - performance.now()) {
      if (this.#isIdle || this.#isPeerAway) return;
      await this.#room.wait(leftMillis, this.#abort.signal);
    }
  }

  #adopt(): void {
    const { ownCount, othersCount, isOwnBusy } = this.#store.adopt();
    const knownCount = Math.min(this.#unfoundCount, ownCount);
    this.#unfoundCount -= knownCount;
    if (!isOwnBusy && this.#unfoundCount > 0) {
      // Of this process, and in no file any more: settled there, by a thread that died before it could count.
      this.#ledger?.noteLeft({ delivered: this.#unfoundCount, rejected: 0, failed: 0 });
      this.#unfoundCount = 0;
    }
    this.#ledger?.noteRecovered(ownCount - knownCount + othersCount);
    if (this.#store.isEmpty) return;
    this.#isIdle = false;
    this.#work.wake();
  }

  /** Appends the batch, also where all is about to end: on the disk it is safe. */
  async #place(body: Uint8Array, batch: LimitedBatch): Promise<Placed> {
    const outcome = this.#abort.signal.aborted ? undefined : this.#append(body, batch);
    return { outcome: outcome ?? (await this.#placeLater(body, batch)).outcome };
  }

  /** Keeps a batch until there is room, or until it could be sent past the disk. */
  async #placeLater(body: Uint8Array, batch: LimitedBatch): Promise<Placed> {
    const signal = AbortSignal.any([batch.signal, this.#abort.signal]);
    while (!signal.aborted) {
      const leftMillis = batch.giveUpAt - performance.now();
      if (leftMillis <= 0) return { outcome: this.#unplaced(batch, "spool_full") };
      if (this.#store.isEmpty) {
        const direct = await this.#sendDirectly(body, { ...batch, signal });
        if (isFinal(direct)) return { outcome: Promise.resolve(direct) };
      } else {
        await this.#room.wait(Math.min(ROOM_MILLIS, leftMillis), signal);
      }
      const outcome = this.#abort.signal.aborted ? undefined : this.#append(body, batch);
      if (outcome !== undefined) return { outcome };
    }
    return { outcome: this.#unplaced(batch, "shutdown") };
  }

  /** @returns `undefined` when there is no room, or the disk takes nothing. */
  #append(body: Uint8Array, batch: BatchOptions): Promise<SendOutcome> | undefined {
    const { queue, report } = this.#options;
    try {
      const place = this.#store.append(body, batch.recordCount);
      if (place === undefined) {
        report(
          `The persistent queue in "${queue.directory}" is full ("maxBytes" is ${queue.maxBytes}): records wait in memory`,
        );
        return undefined;
      }
      const synced = queue.fsync === "batch" ? this.#synced(place.segment.sync()) : undefined;
      this.#work.wake();
      return this.#arrivals.wait({ ...place, synced }, batch);
    } catch (error) {
      report(
        `Cannot write to the persistent queue in "${queue.directory}": ${(error as Error).message}; records wait in memory`,
      );
      return undefined;
    }
  }

  /** Whether what was written is on the disk. */
  async #synced(syncing: Promise<void>): Promise<boolean> {
    try {
      await syncing;
      return true;
    } catch (error) {
      const { queue, report } = this.#options;
      report(
        `Cannot bring the persistent queue in "${queue.directory}" to the disk: ${(error as Error).message}; records are done when the peer has them`,
      );
      return false;
    }
  }

  #sendDirectly(body: Uint8Array, { recordCount, signal }: BatchOptions): Promise<SendOutcome> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(DIRECT_MILLIS)]);
    return this.#inner.send(body, { recordCount, signal: limited });
  }

  /** A batch that is nowhere but in memory, and is given up. */
  #unplaced({ recordCount }: BatchOptions, reason: "shutdown" | "spool_full"): Promise<SendOutcome> {
    const { directory } = this.#options.queue;
    const records = recordCount === 1 ? "1 record" : `${recordCount} records`;
    const why =
      reason === "shutdown"
        ? "shut down before there was room"
        : 'no room for longer than "retryTimeoutMillis"; counted as spool_full';
    const error = new ExportError(
      `Cannot put ${records} into the persistent queue in "${directory}": ${why}`,
      {
        retryable: true,
      },
    );
    const lost = { delivered: 0, rejected: 0, reason, error };
    return Promise.resolve(
      reason === "shutdown"
        ? { ...lost, failed: recordCount }
        : { ...lost, failed: 0, spoolFull: recordCount },
    );
  }

  /** Sends what is in the files until the end. Never rejects. */
  async #sendAll(): Promise<void> {
    const { signal } = this.#abort;
    let failureCount = 0;
    while (!signal.aborted) {
      const request = this.#store.peek(this.#joinedBytes);
      this.#isIdle = request === undefined;
      if (request === undefined) {
        this.#arrivals.isHurried = false;
        await this.#work.wait(Infinity, signal);
        continue;
      }
      const { body, recordCount } = request;
      const outcome = await this.#inner.send(body, { recordCount, signal });
      if (isFinal(outcome)) {
        failureCount = 0;
        this.#isPeerAway = false;
        this.#settle(request, outcome);
      } else if (!signal.aborted) {
        await this.#pause(outcome, failureCount++);
      }
    }
  }

  get #joinedBytes(): number {
    return this.#options.isJoinable && this.#aloneCount === 0 ? JOINED_BYTES_MAX : 0;
  }

  /** What no other attempt at once could mend: somebody has to do something, and then it goes on by itself. */
  #pause(outcome: SendOutcome, failureCount: number): Promise<void> {
    this.noteTrouble();
    const meanMillis = Math.min(ROOM_MILLIS * 2 ** failureCount, PAUSE_MILLIS_MAX);
    const why = outcome.error?.message ?? String(outcome.reason);
    this.#options.report(`The persistent queue keeps what it has: ${why}`);
    return this.#work.wait(meanMillis * (0.5 + Math.random()), this.#abort.signal, { isDeaf: true });
  }

  #settle({ batches }: StoredRequest, outcome: SendOutcome): void {
    // One of them may be the reason: what the peer would have taken must not go with it.
    if (batches.length > 1 && outcome.failed > 0 && outcome.delivered + outcome.rejected === 0) {
      this.#aloneCount = batches.length;
      return;
    }
    if (outcome.error !== undefined) this.#options.report(outcome.error.message);
    const shares = shareOut(
      outcome,
      batches.map(({ recordCount }) => recordCount),
    );
    for (const [index, batch] of batches.entries()) {
      const share = shares[index];
      if (share === undefined) continue;
      this.#store.settle(batch);
      if (!this.#arrivals.settle(batch, share)) this.#ledger?.noteLeft(share);
    }
    this.#aloneCount = Math.max(0, this.#aloneCount - batches.length);
    this.#room.wake();
  }
}
