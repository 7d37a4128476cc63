import type { Arena } from "./arena.ts";
import { DONE_FLAG } from "./frame-walk.ts";
import { LARGE_FLAG, LARGE_SLOT_AT } from "./large-area.ts";
import { THREADS_AT, THREAD_DEAD, THREAD_ID, THREAD_SLOT_BYTES, THREAD_STATE } from "./layout.ts";
import type { Lane, OpenSegment, Run } from "./open-segment.ts";
import {
  headWordOf,
  LANES_USED_WORD,
  laneWordOf,
  LANE_OPENED,
  LANE_TAKEN,
  readGeometry,
  ringWordOf,
  SEGMENT_DONE,
  SEGMENT_PUBLISHED,
  SEGMENT_READ,
  SEGMENT_SEALED,
  SEGMENT_STATE,
  type QueueGeometry,
} from "./queue-layout.ts";
import { SegmentKeeper } from "./segment-keeper.ts";

/** Records taken together: what is given back together, when they are done. */
export interface Batch {
  /** Counts the batches of this reader, from 1. */
  readonly serial: number;
  readonly recordCount: number;
  /** Pairs of segment and bytes done after: the intent of the write. */
  readonly runs: readonly { readonly segmentIndex: number; readonly doneBytes: number }[];
}

interface OwnBatch extends Batch {
  readonly own: readonly Run[];
}

/** How far each lane had been filled at some moment. */
export type QueueMark = readonly {
  readonly lane: number;
  readonly order: number;
  readonly published: number;
}[];

/** Calls back when everything of a dead thread has been read and is done: its lane must be released then. */
export type LaneEnded = (lane: number) => void;

/** Gives a slot of the large area back; after a death perhaps for the second time. */
export type LargeDone = (slot: number) => void;

const NO_SLOTS: readonly number[] = [];

/**
 * Takes records out of a handler's queue, in order within each thread, and gives their memory back when they are done,
 * in any order. One reader a queue at a time; another may carry on where it left, from what stands in shared memory.
 */
export class QueueReader {
  readonly geometry: QueueGeometry;
  /** Records of segments that an earlier reader had begun and not finished: it may have read them already. */
  replayedCount = 0;
  readonly #words: Int32Array;
  readonly #keeper: SegmentKeeper;
  readonly #control: number;
  readonly #lanes: Lane[] = [];
  #runLargeSlots: number[] = [];
  #laneAt = 0;
  #batchRuns: Run[] = [];
  #batchCount = 0;
  #runCount = 0;
  #runStart = 0;
  #serial = 0;
  /** Lane of the frame last returned. */
  lane = 0;

  constructor(
    arena: Arena,
    options: {
      readonly handlerSlot: number;
      readonly onLaneEnded?: LaneEnded;
      readonly onLargeDone?: LargeDone;
    },
  ) {
    this.#words = arena.words;
    this.geometry = readGeometry(arena.words, options.handlerSlot);
    this.#control = this.geometry.at / 4;
    this.#keeper = new SegmentKeeper(arena, {
      handlerSlot: options.handlerSlot,
      geometry: this.geometry,
      onLaneEnded: options.onLaneEnded ?? (() => {}),
      onLargeDone: options.onLargeDone ?? (() => {}),
    });
    this.#meetLanes();
    this.replayedCount = this.#keeper.findReplays(this.#lanes);
  }

  /**
   * The next published frame, in this batch.
   * @returns Its byte offset in the arena; -1 when there is none at the moment.
   */
  next(): number {
    const lane = this.#lanes[this.#laneAt];
    if (lane?.current !== undefined) {
      const segment = lane.current;
      const at = segment.readAt < lane.published ? this.#step(segment) : -1;
      if (at >= 0) return at;
    }
    return this.#search();
  }

  /**
   * Gives the frame back that `next` returned last: it comes first in its lane's next batch.
   * @param frameAt As returned.
   */
  putBack(frameAt: number): void {
    const segment = (this.#lanes[this.#laneAt] as Lane).current as OpenSegment;
    segment.readAt = frameAt - segment.startAt;
    this.#batchCount--;
    this.#runCount--;
    if (((this.#words[(frameAt >> 2) + 1] as number) & LARGE_FLAG) !== 0) this.#runLargeSlots.pop();
  }

  /**
   * Ends the batch: what `next` returned since the last call. Undefined when that is nothing.
   * @param mayBeEmpty True for a batch all the same: there is something to export that comes from no lane.
   */
  endBatch(mayBeEmpty = false): Batch | undefined {
    this.closeRun();
    if (this.#batchCount === 0 && !mayBeEmpty) return undefined;
    const own = this.#batchRuns;
    const batch: OwnBatch = {
      serial: ++this.#serial,
      recordCount: this.#batchCount,
      runs: own.map((run) => ({ segmentIndex: run.segment.index, doneBytes: run.end })),
      own,
    };
    this.#batchRuns = [];
    this.#batchCount = 0;
    // The next batch begins with another lane: one that never runs dry must not keep the others waiting.
    this.#laneAt = (this.#laneAt + 1) % Math.max(1, this.#lanes.length);
    return batch;
  }

  /** Runs in the batch being made: the intent has room for a limited number. */
  get runCount(): number {
    return this.#batchRuns.length + 1;
  }

  /**
   * Says in shared memory that the batch's records are done; a reader after this one leaves them out. For batches that
   * are done in the order in which they were taken.
   */
  markDone(batch: Batch): void {
    for (const { segment, end } of (batch as OwnBatch).own) {
      if (this.#keeper.isHeld(segment)) Atomics.store(this.#words, segment.headWord + SEGMENT_DONE, end);
    }
  }

  /** Gives the batch's memory back: its records are delivered, or counted. Batches may end in any order. */
  finish(batch: Batch): void {
    for (const run of (batch as OwnBatch).own) this.#keeper.settle(run);
  }

  /** How far the queue is filled now. */
  mark(): QueueMark {
    const mark: { lane: number; order: number; published: number }[] = [];
    const used = Atomics.load(this.#words, this.#control + LANES_USED_WORD);
    for (let index = 0; index < used; index++) {
      const laneWord = laneWordOf(this.geometry, index);
      const opened = Atomics.load(this.#words, laneWord + LANE_OPENED);
      if (opened === 0) continue;
      const order = (opened - 1) | 0;
      const head = headWordOf(
        this.geometry,
        this.#words[ringWordOf(this.geometry, laneWord, order)] as number,
      );
      mark.push({ lane: index, order, published: Atomics.load(this.#words, head + SEGMENT_PUBLISHED) });
    }
    return mark;
  }

  /** Bytes of the queue that hold unread frames: whole segments, and what is known of those being read. */
  unreadBytes(): number {
    let bytes = 0;
    for (const lane of this.#lanes) {
      const opened = Atomics.load(this.#words, lane.word + LANE_OPENED);
      bytes +=
        ((opened - Atomics.load(this.#words, lane.word + LANE_TAKEN)) | 0) * this.geometry.segmentBytes;
      if (lane.current !== undefined) bytes += lane.published - lane.current.readAt;
    }
    return bytes;
  }

  /** Lanes that have had a record at some time: the slots of their threads stay theirs until this handler is done with them. */
  openedLanes(): number[] {
    this.#meetLanes();
    return this.#lanes.filter((lane) => this.#words[lane.word + LANE_OPENED] !== 0).map((lane) => lane.index);
  }

  /** True when three quarters of the queue's segments are in use. */
  get isCrowded(): boolean {
    const { segmentCount } = this.geometry;
    let used = 0;
    for (let index = 0; index < segmentCount; index++) {
      if (this.#words[headWordOf(this.geometry, index) + SEGMENT_STATE] !== 0) used++;
    }
    return used * 4 >= segmentCount * 3;
  }

  /** True when `next` would find a frame. Not between `next` and `closeRun` or `endBatch`. */
  hasMore(): boolean {
    this.#meetLanes();
    return this.#lanes.some((lane) => this.#advance(lane));
  }

  /** True when everything up to the mark has been taken, by this reader or back by its writer. */
  hasTaken(mark: QueueMark): boolean {
    return mark.every((place) => this.#hasTakenPlace(place));
  }

  #hasTakenPlace(place: QueueMark[number]): boolean {
    const taken = Atomics.load(this.#words, laneWordOf(this.geometry, place.lane) + LANE_TAKEN);
    if (((taken - place.order) | 0) <= 0) return false;
    const lane = this.#lanes[place.lane];
    if (lane === undefined) return false;
    if (lane.replays.length > 0) return false;
    if (lane.current === undefined) return true;
    const ahead = (lane.current.order - place.order) | 0;
    // Behind the mark: its segment was dropped in the meantime, but this one has not been read to the end.
    return ahead > 0 || (ahead === 0 && lane.current.readAt >= place.published);
  }

  /** Records published and not yet done, counted frame by frame: for reports, not for the way of a record. */
  countLeft(): number {
    let count = 0;
    for (let index = 0; index < this.geometry.segmentCount; index++) {
      if (this.#words[headWordOf(this.geometry, index) + SEGMENT_STATE] !== 0)
        count += this.#keeper.countUndone(index);
    }
    return count;
  }

  /** Takes the segment's next frame. Returns -1 for one that is done already. */
  #step(segment: OpenSegment): number {
    const words = this.#words;
    const start = segment.readAt;
    const at = segment.startAt + start;
    segment.readAt = start + (words[at >> 2] as number);
    const flags = words[(at >> 2) + 1] as number;
    if ((flags & DONE_FLAG) !== 0) {
      this.#keeper.releaseLarge(at);
      return -1;
    }
    if (this.#runCount === 0) this.#runStart = start;
    this.#batchCount++;
    this.#runCount++;
    this.lane = segment.lane.index;
    if ((flags & LARGE_FLAG) !== 0) this.#runLargeSlots.push(words[(at + LARGE_SLOT_AT) >> 2] as number);
    return at;
  }

  /** Looks for a frame in this lane beyond what is known, then in the others. */
  #search(): number {
    this.closeRun();
    this.#meetLanes();
    const laneCount = this.#lanes.length;
    const first = this.#laneAt;
    for (let i = 0; i < laneCount; i++) {
      const index = (first + i) % laneCount;
      const lane = this.#lanes[index] as Lane;
      while (this.#advance(lane)) {
        this.#laneAt = index;
        const at = this.#step(lane.current as OpenSegment);
        if (at >= 0) return at;
      }
    }
    return -1;
  }

  #meetLanes(): void {
    const used = Atomics.load(this.#words, this.#control + LANES_USED_WORD);
    while (this.#lanes.length < used) {
      const index = this.#lanes.length;
      const word = laneWordOf(this.geometry, index);
      this.#lanes.push({ index, word, current: undefined, replays: [], published: 0, heldCount: 0 });
    }
  }

  /** True when the lane's current segment has a frame to read; takes the next segment if it must. */
  #advance(lane: Lane): boolean {
    for (;;) {
      const segment = lane.current;
      if (segment === undefined) {
        if (!this.#takeNext(lane)) return false;
        continue;
      }
      const wasEnded = this.#isEnded(segment);
      lane.published = Atomics.load(this.#words, segment.headWord + SEGMENT_PUBLISHED);
      if (segment.readAt < lane.published) return true;
      if (!wasEnded) return false;
      segment.isExhausted = true;
      lane.current = undefined;
      lane.published = 0;
      this.#keeper.freeIfDone(segment);
    }
  }

  /** Sealed, or its thread is dead: asked before PUBLISHED is read, so that what is read then is final. */
  #isEnded(segment: OpenSegment): boolean {
    if (Atomics.load(this.#words, segment.headWord + SEGMENT_SEALED) !== 0) return true;
    return this.#isThreadDead(segment.lane.index);
  }

  #isThreadDead(lane: number): boolean {
    return (
      Atomics.load(this.#words, (THREADS_AT + lane * THREAD_SLOT_BYTES) / 4 + THREAD_STATE) === THREAD_DEAD
    );
  }

  #takeNext(lane: Lane): boolean {
    const replay = lane.replays.shift();
    if (replay !== undefined) {
      lane.current = replay;
      return true;
    }
    for (;;) {
      const isDead = this.#isThreadDead(lane.index);
      const taken = Atomics.load(this.#words, lane.word + LANE_TAKEN);
      if (((Atomics.load(this.#words, lane.word + LANE_OPENED) - taken) | 0) <= 0) {
        if (isDead && this.#keeper.endLane(lane)) return this.#takeNext(lane);
        return false;
      }
      const index = this.#words[ringWordOf(this.geometry, lane.word, taken)] as number;
      const readWord = headWordOf(this.geometry, index) + SEGMENT_READ;
      if (Atomics.compareExchange(this.#words, lane.word + LANE_TAKEN, taken, taken + 1) !== taken) continue;
      // At once, before this thread can be terminated: a reader after it looks for this word.
      Atomics.store(this.#words, readWord, 1);
      lane.current = this.#keeper.open(lane, { index, order: taken });
      return true;
    }
  }

  /** Ends the run of frames at hand without ending the batch: for who looks for more in between (`hasMore`). */
  closeRun(): void {
    if (this.#runCount === 0) return;
    const segment = (this.#lanes[this.#laneAt] as Lane).current as OpenSegment;
    const largeSlots = this.#runLargeSlots.length === 0 ? NO_SLOTS : this.#runLargeSlots;
    const run: Run = { segment, start: this.#runStart, end: segment.readAt, largeSlots, isDone: false };
    if (largeSlots !== NO_SLOTS) this.#runLargeSlots = [];
    segment.runs.push(run);
    this.#batchRuns.push(run);
    this.#runCount = 0;
  }

  /** `threadId` of the thread that wrote the frame last returned. */
  get threadId(): number {
    return this.#words[(THREADS_AT + this.lane * THREAD_SLOT_BYTES) / 4 + THREAD_ID] as number;
  }
}
