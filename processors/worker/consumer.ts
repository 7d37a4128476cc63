import type { Arena } from "../queue/arena.ts";
import { consumerCounters } from "../queue/counters.ts";
import { ExportLedger } from "../queue/export-ledger.ts";
import { LARGE_SLOT_AT, LargeArea, largeFrameAt } from "../queue/large-area.ts";
import {
  BATCH_COUNTERS,
  CLOSED_WORD,
  FLUSH_REQUESTED_WORD,
  FLUSH_SERVED_WORD,
  INTENT_RUNS_MAX,
  REPLAYED_COUNTER,
  RUN,
  SPOOL_FULL_COUNTER,
  SPOOLED_COUNTER,
  STOP_WORD,
  type QueueGeometry,
} from "../queue/queue-layout.ts";
import { QueueReader, type QueueMark } from "../queue/reader.ts";
import { releaseLane } from "../queue/threads.ts";
import { epochMillis } from "../shape/clock.ts";
import { FLAG_LARGE } from "../shape/frame.ts";
import type { OutputBuffer } from "../shape/output.ts";
import { RecordCursor } from "../shape/record-cursor.ts";
import type { BatchRenderer } from "../shape/renderer.ts";
import { ShapeReader } from "../shape/shape-reader.ts";
import { Keeping } from "./keeping.ts";
import {
  amountsOf,
  ANY_ROOM,
  type BatchRoom,
  type BatchOutcome,
  type RenderedBatch,
} from "./rendered-batch.ts";
import type { ConsumerFilters } from "./consumer-filters.ts";

/** How much goes into one batch. */
export interface BatchLimits {
  readonly maxExportBatchSize: number;
  readonly maxExportBatchBytes: number;
}

interface PendingFlush {
  readonly ticket: number;
  readonly mark: QueueMark;
  /** The last batch that holds records from before the mark; 0 until all of them have been taken. */
  lastSerial: number;
}

/** A record that did not fit into a batch, and summaries before it, as they were rendered. */
interface HeldRecord {
  readonly bytes: Uint8Array;
  readonly severityMax: number;
  readonly failedCount: number;
  readonly filteredCount: number;
  readonly summaryCount: number;
}

/**
 * The reading half of a handler: takes records out of its queue, renders them into batches, settles batches, answers
 * flushes. Has no thread of its own: a worker's loop, an event loop or an exit hook drives it.
 */
export class Consumer {
  readonly arena: Arena;
  readonly geometry: QueueGeometry;
  readonly handlerSlot: number;
  readonly reader: QueueReader;
  readonly shapes: ShapeReader;
  /** Counts what the exporter is given. Its `begin` is the pump's to call. */
  readonly exports: ExportLedger;
  /** A batch ends when it has so many bytes, or `maxExportBatchBytes`: less for destinations that are slow. */
  bytesAim: number = Number.POSITIVE_INFINITY;
  readonly #renderer: BatchRenderer;
  readonly #limits: BatchLimits;
  readonly #filters: ConsumerFilters;
  readonly #cursor: RecordCursor;
  readonly #control: number;
  readonly #counters: number;
  readonly #openSerials = new Set<number>();
  readonly #flushes: PendingFlush[] = [];
  /** By the place of the frame: at most one a lane. */
  readonly #held = new Map<number, HeldRecord>();
  readonly #keeping: Keeping;
  #isDiscarded = false;
  #lastSerial = 0;
  #ticketSeen: number;
  #renderFailedCount = 0;
  #filteredCount = 0;
  #summaryCount = 0;
  #severityMax = 0;

  constructor(
    arena: Arena,
    parts: {
      readonly handlerSlot: number;
      readonly renderer: BatchRenderer;
      readonly limits: BatchLimits;
      readonly filters: ConsumerFilters;
    },
  ) {
    this.arena = arena;
    this.handlerSlot = parts.handlerSlot;
    this.#renderer = parts.renderer;
    this.#limits = parts.limits;
    this.#filters = parts.filters;
    this.#keeping = new Keeping(arena, parts.handlerSlot);
    const large = new LargeArea(arena);
    this.shapes = new ShapeReader(arena);
    this.reader = new QueueReader(arena, {
      handlerSlot: parts.handlerSlot,
      onLaneEnded: (lane) => {
        this.shapes.forget(lane);
        releaseLane(arena, { threadSlot: lane, handlerSlot: parts.handlerSlot });
      },
      onLargeDone: (slot) => large.release(slot, parts.handlerSlot),
    });
    this.geometry = this.reader.geometry;
    this.exports = new ExportLedger(arena, this.geometry);
    this.#control = this.geometry.at / 4;
    this.#counters = consumerCounters(this.geometry);
    this.#cursor = new RecordCursor(arena.bytes);
    this.#ticketSeen = Atomics.load(arena.words, this.#control + FLUSH_SERVED_WORD);
    this.#count(REPLAYED_COUNTER, this.reader.replayedCount);
  }

  /**
   * Takes and renders records up to the limits of a batch, and summaries that are due. Undefined when there are none.
   * @param into Where the bytes are put together, for callers that keep several batches; see `BatchRenderer.finish`.
   * @param room Bytes that the batch must not pass, unless its first record does: then that is all of it.
   */
  collect(into?: OutputBuffer, room: BatchRoom = ANY_ROOM): RenderedBatch | undefined {
    const { reader } = this;
    const { maxExportBatchSize } = this.#limits;
    let bytesMax = room.bytes;
    let bytesAim = this.#aimOf(bytesMax);
    const keeping = this.#keeping;
    const { capacity } = keeping;
    const countMax = capacity > 0 ? capacity : maxExportBatchSize;
    let { count } = keeping;
    if (count === 0) this.#beginBatch();
    let isFull = false;
    while (!isFull) {
      isFull =
        count >= countMax || this.#renderer.byteCount >= bytesAim || reader.runCount >= INTENT_RUNS_MAX;
      const frameAt = isFull ? -1 : reader.next();
      if (frameAt < 0) break;
      isFull = !this.#add(frameAt, bytesMax) || (capacity > 0 && keeping.isOver);
      if (count++ === 0 && this.#renderer.byteCount > bytesMax) {
        bytesMax = room.renew(this.#renderer.byteCount);
        bytesAim = this.#aimOf(bytesMax);
      }
    }
    if (capacity > 0 && count > 0 && !isFull && !this.#mustLetGo()) {
      keeping.count = count;
      reader.closeRun();
      return undefined;
    }
    if (capacity > 0) this.#letGo();
    if (this.hasSummaries) this.#renderSummaries();
    const batch = reader.endBatch(this.#summaryCount > 0);
    if (batch === undefined) return undefined;
    this.#lastSerial = batch.serial;
    this.#openSerials.add(batch.serial);
    const renderFailedCount = this.#renderFailedCount;
    if (this.#isDiscarded) {
      this.#filteredCount = batch.recordCount - renderFailedCount;
      this.#summaryCount = 0;
    }
    const filteredCount = this.#filteredCount;
    const summaryCount = this.#summaryCount;
    const bytes = this.#renderer.finish(into);
    return {
      batch,
      renderFailedCount,
      filteredCount,
      summaryCount,
      recordCount: batch.recordCount - renderFailedCount - filteredCount + summaryCount,
      bytes: this.#isDiscarded ? bytes.subarray(0, 0) : bytes,
      severityMax: this.#severityMax,
    };
  }

  #aimOf(bytesMax: number): number {
    return Math.min(this.bytesAim, this.#limits.maxExportBatchBytes, Math.max(1, bytesMax));
  }

  /**
   * The first half of settling a batch that went out in order: its records are counted and marked as done. What they
   * occupy is still theirs, so that an intent which names it stays true until the writer has said that it is over.
   */
  markDone(rendered: RenderedBatch, outcome: BatchOutcome): void {
    this.#countOutcome(rendered, outcome);
    this.reader.markDone(rendered.batch);
  }

  /** The second half: gives the memory back, answers the flushes that waited for the batch. */
  release(rendered: RenderedBatch): void {
    this.reader.finish(rendered.batch);
    this.#openSerials.delete(rendered.batch.serial);
    this.serveFlushes();
  }

  /** Both halves at once, for batches that end in any order. */
  settle(rendered: RenderedBatch, outcome: BatchOutcome): void {
    this.#countOutcome(rendered, outcome);
    this.#count(SPOOLED_COUNTER, outcome.spooled ?? 0);
    this.#count(SPOOL_FULL_COUNTER, outcome.spoolFull ?? 0);
    this.release(rendered);
  }

  /** What BATCH_COUNTERS will be when the batch is settled so, if it is the only one under way. */
  countersAfter(rendered: RenderedBatch, outcome: BatchOutcome): number[] {
    const amounts = amountsOf(rendered, outcome);
    return BATCH_COUNTERS.map(
      (counter, index) =>
        (this.arena.floats[this.#counters + counter] as number) + (amounts[index] as number),
    );
  }

  #countOutcome(rendered: RenderedBatch, outcome: BatchOutcome): void {
    this.exports.end(rendered.batch.serial, { failed: outcome.failed, reason: outcome.reason });
    const amounts = amountsOf(rendered, outcome);
    for (const [index, counter] of BATCH_COUNTERS.entries()) this.#count(counter, amounts[index] as number);
  }

  /** True when `collect` would find something. */
  get hasWork(): boolean {
    return this.reader.hasMore() || this.hasSummaries || this.mustLetGo;
  }

  /** True while records are kept that are to go out now. */
  get mustLetGo(): boolean {
    return this.#keeping.count > 0 && this.#mustLetGo();
  }

  /** The end, a flush, or a queue that has no more room to keep things. */
  #mustLetGo(): boolean {
    return this.#isStopping || this.isFlushing || this.reader.isCrowded;
  }

  get #isStopping(): boolean {
    return Atomics.load(this.arena.words, this.#control + STOP_WORD) !== RUN;
  }

  #beginBatch(): void {
    this.#renderFailedCount = 0;
    this.#filteredCount = 0;
    this.#summaryCount = 0;
    this.#severityMax = 0;
    this.#isDiscarded = false;
  }

  /** What was kept goes out, or is left out. */
  #letGo(): void {
    const keeping = this.#keeping;
    // Only shutdown() closes the queue first: the end of the process delivers what is kept.
    const isClosed = Atomics.load(this.arena.words, this.#control + CLOSED_WORD) !== 0;
    this.#isDiscarded = keeping.discards && isClosed && !keeping.isOver;
    keeping.reset();
  }

  /** True when `collect` would make summaries: their time is over, or somebody waits for all there is. */
  get hasSummaries(): boolean {
    const filters = this.#filters;
    return filters.isPending && (filters.dueAt <= epochMillis() || this.#mustSummarize());
  }

  /** Epoch milliseconds at which a summary is due; infinity while there is none. */
  get summaryDueAt(): number {
    return this.#filters.dueAt;
  }

  /** True while a flush waits: what is there must go out now. */
  get isFlushing(): boolean {
    this.#noteFlush();
    return this.#flushes.length > 0;
  }

  /** Answers the flushes whose records are all done. */
  serveFlushes(): void {
    this.#noteFlush();
    let served = 0;
    while (this.#flushes.length > 0 && this.#isServed(this.#flushes[0] as PendingFlush)) {
      served = (this.#flushes.shift() as PendingFlush).ticket;
    }
    if (served === 0) return;
    Atomics.store(this.arena.words, this.#control + FLUSH_SERVED_WORD, served);
    Atomics.notify(this.arena.words, this.#control + FLUSH_SERVED_WORD);
  }

  #noteFlush(): void {
    const ticket = Atomics.load(this.arena.words, this.#control + FLUSH_REQUESTED_WORD);
    if (ticket === this.#ticketSeen) return;
    this.#ticketSeen = ticket;
    this.#flushes.push({ ticket, mark: this.reader.mark(), lastSerial: 0 });
  }

  #isServed(flush: PendingFlush): boolean {
    if (this.#keeping.count > 0) return false;
    if (flush.lastSerial === 0) {
      // What was left out before the mark is told of before the flush is served.
      if (!this.reader.hasTaken(flush.mark) || this.#filters.isPending) return false;
      flush.lastSerial = Math.max(1, this.#lastSerial);
    }
    for (const serial of this.#openSerials) if (serial <= flush.lastSerial) return false;
    return true;
  }

  /** The handler is to end, or a flush has nothing else to wait for. */
  #mustSummarize(): boolean {
    if (this.#isStopping) return true;
    this.#noteFlush();
    return this.#flushes.some((flush) => flush.lastSerial === 0 && this.reader.hasTaken(flush.mark));
  }

  #renderSummaries(): void {
    this.#filters.takeSummaries(this.#mustSummarize(), (summary) => {
      this.#renderer.add(summary);
      this.#summaryCount++;
    });
  }

  /** Renders a record into the batch. False when the batch is too big with it: then it is left for the next one. */
  #add(frameAt: number, bytesMax: number): boolean {
    const renderer = this.#renderer;
    if (bytesMax === Number.POSITIVE_INFINITY || renderer.takeBack === undefined) {
      this.#render(frameAt);
      return true;
    }
    const { byteCount } = renderer;
    const severityMax = this.#severityMax;
    const failedCount = this.#renderFailedCount;
    const filteredCount = this.#filteredCount;
    const summaryCount = this.#summaryCount;
    const held = this.#held.size === 0 ? undefined : this.#held.get(frameAt);
    if (held === undefined) this.#render(frameAt);
    else this.#addHeld(held);
    if (byteCount === 0 || renderer.byteCount <= bytesMax) {
      if (held !== undefined) this.#held.delete(frameAt);
      return true;
    }
    // Kept as it is now: filters have judged it, and must not do so twice.
    this.#held.set(frameAt, {
      severityMax: this.#severityMax,
      failedCount: this.#renderFailedCount - failedCount,
      filteredCount: this.#filteredCount - filteredCount,
      summaryCount: this.#summaryCount - summaryCount,
      bytes: renderer.takeBack(byteCount),
    });
    this.#severityMax = severityMax;
    this.#renderFailedCount = failedCount;
    this.#filteredCount = filteredCount;
    this.#summaryCount = summaryCount;
    this.reader.putBack(frameAt);
    return false;
  }

  #addHeld(held: HeldRecord): void {
    this.#renderer.addBytes?.(held.bytes);
    this.#severityMax = Math.max(this.#severityMax, held.severityMax);
    this.#renderFailedCount += held.failedCount;
    this.#filteredCount += held.filteredCount;
    this.#summaryCount += held.summaryCount;
  }

  #render(frameAt: number): void {
    const cursor = this.#cursor;
    const lane = this.reader.lane;
    try {
      let id = cursor.load(frameAt);
      if ((cursor.flags & FLAG_LARGE) !== 0) {
        id = cursor.load(largeFrameAt(cursor.view.getInt32(frameAt + LARGE_SLOT_AT, true)));
      }
      cursor.threadId = this.reader.threadId;
      cursor.shape = this.shapes.shapeOf(cursor, { lane, id });
      const record = this.#filters.judge(cursor);
      // Before the record: it begins another interval.
      if (this.#filters.hasReady) this.#renderSummaries();
      if (record === undefined) {
        this.#filteredCount++;
        return;
      }
      const { severityNumber } = record.shape;
      // No branch: where batches begin with a held record it is taken so late that V8 would have to compile all this anew.
      this.#severityMax = Math.max(this.#severityMax, severityNumber);
      this.#keeping.note(severityNumber);
      this.#renderer.add(record);
    } catch {
      this.#renderFailedCount++;
    }
  }

  #count(counter: number, amount: number): void {
    if (amount !== 0) this.arena.floats[this.#counters + counter]! += amount;
  }
}
