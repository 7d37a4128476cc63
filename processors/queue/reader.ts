import type { Arena } from "./arena.ts";
import { LARGE_FLAG } from "./large-area.ts";
import { THREADS_AT, THREAD_DEAD, THREAD_ID, THREAD_SLOT_BYTES, THREAD_STATE } from "./layout.ts";
import {
  FREED_WORD,
  LANES_USED_WORD,
  LANE_OPENED,
  LANE_RING_AT,
  LANE_TAKEN,
  readGeometry,
  SEGMENT_DONE,
  SEGMENT_HEAD_BYTES,
  SEGMENT_ORDER,
  SEGMENT_PUBLISHED,
  SEGMENT_SEALED,
  SEGMENT_STATE,
  WAITERS_WORD,
  type QueueGeometry,
} from "./queue-layout.ts";

/** A piece of a segment that went into one batch: whole frames, up to `end`. */
interface Run {
  readonly segment: OpenSegment;
  readonly end: number;
  /** Slots of the large area that its records stand in. */
  readonly largeSlots: readonly number[];
  isDone: boolean;
}

/** A segment that this reader has taken and not given back. */
interface OpenSegment {
  readonly index: number;
  readonly lane: Lane;
  readonly startAt: number;
  readonly headWord: number;
  readonly order: number;
  readAt: number;
  runs: Run[];
  /** The writer has sealed it, or died, and everything is read. */
  isExhausted: boolean;
}

interface Lane {
  readonly index: number;
  readonly word: number;
  current: OpenSegment | undefined;
  /** Taken by a reader before this one, and not done: read again. In order. */
  replays: OpenSegment[];
  /** Bytes of the current segment that are known to be published. */
  published: number;
}

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
export type QueueMark = readonly { readonly lane: number; readonly order: number; readonly published: number }[];

/** Calls back when everything of a dead thread has been read and is done. */
export type LaneEnded = (lane: number) => void;

/** Gives a slot of the large area back. */
export type LargeDone = (slot: number) => void;

const NO_SLOTS: readonly number[] = [];

/**
 * Takes records out of a handler's queue, in order within each thread, and gives their memory back when they are done,
 * in any order. One reader a queue at a time; another may carry on where it left, from what stands in shared memory.
 */
export class QueueReader {
  readonly geometry: QueueGeometry;
  /** Records read again because an earlier reader had taken, but not finished, them. */
  replayedCount = 0;
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #lanes: Lane[] = [];
  readonly #endedLanes = new Set<number>();
  readonly #onLaneEnded: LaneEnded;
  readonly #onLargeDone: LargeDone;
  #runLargeSlots: number[] = [];
  #laneAt = 0;
  #batchRuns: Run[] = [];
  #batchCount = 0;
  #runCount = 0;
  #serial = 0;
  /** Lane of the frame last returned. */
  lane = 0;

  constructor(
    arena: Arena,
    options: { readonly handlerSlot: number; readonly onLaneEnded?: LaneEnded; readonly onLargeDone?: LargeDone },
  ) {
    this.#words = arena.words;
    this.geometry = readGeometry(arena.words, options.handlerSlot);
    this.#control = this.geometry.at / 4;
    this.#onLaneEnded = options.onLaneEnded ?? (() => {});
    this.#onLargeDone = options.onLargeDone ?? (() => {});
    this.#findReplays();
  }

  /**
   * The next published frame, in this batch.
   * @returns Its byte offset in the arena; -1 when there is none at the moment.
   */
  next(): number {
    const lane = this.#lanes[this.#laneAt];
    if (lane?.current !== undefined) {
      const segment = lane.current;
      if (segment.readAt < lane.published) return this.#step(segment);
    }
    return this.#search();
  }

  /** Ends the batch: what `next` returned since the last call. Undefined when that is nothing. */
  endBatch(): Batch | undefined {
    this.#closeRun();
    if (this.#batchCount === 0) return undefined;
    const own = this.#batchRuns;
    const batch: OwnBatch = {
      serial: ++this.#serial,
      recordCount: this.#batchCount,
      runs: own.map((run) => ({ segmentIndex: run.segment.index, doneBytes: run.end })),
      own,
    };
    this.#batchRuns = [];
    this.#batchCount = 0;
    return batch;
  }

  /** Runs in the batch being made: the intent has room for a limited number. */
  get runCount(): number {
    return this.#batchRuns.length + 1;
  }

  /** Says in shared memory that the batch's records are done; a reader after this one leaves them out. */
  markDone(batch: Batch): void {
    for (const run of batch.runs) Atomics.store(this.#words, this.#headWord(run.segmentIndex) + SEGMENT_DONE, run.doneBytes);
  }

  /** Gives the batch's memory back: its records are delivered, or counted. */
  finish(batch: Batch): void {
    for (const run of (batch as OwnBatch).own) {
      run.isDone = true;
      for (const slot of run.largeSlots) this.#onLargeDone(slot);
      this.#advanceDone(run.segment);
    }
  }

  /** How far the queue is filled now. */
  mark(): QueueMark {
    const mark: { lane: number; order: number; published: number }[] = [];
    const used = Atomics.load(this.#words, this.#control + LANES_USED_WORD);
    for (let index = 0; index < used; index++) {
      const laneWord = this.#laneWord(index);
      const order = Atomics.load(this.#words, laneWord + LANE_OPENED) - 1;
      if (order < 0) continue;
      const segment = this.#words[this.#ringWord(laneWord, order)] as number;
      mark.push({ lane: index, order, published: Atomics.load(this.#words, this.#headWord(segment) + SEGMENT_PUBLISHED) });
    }
    return mark;
  }

  /** Bytes of the queue that hold unread frames: whole segments, and what is known of those being read. */
  unreadBytes(): number {
    let bytes = 0;
    for (const lane of this.#lanes) {
      const opened = Atomics.load(this.#words, lane.word + LANE_OPENED);
      bytes += (opened - Atomics.load(this.#words, lane.word + LANE_TAKEN)) * this.geometry.segmentBytes;
      if (lane.current !== undefined) bytes += lane.published - lane.current.readAt;
    }
    return bytes;
  }

  /** True when `next` would find a frame. Not between `next` and `endBatch`. */
  hasMore(): boolean {
    this.#meetLanes();
    return this.#lanes.some((lane) => this.#advance(lane));
  }

  /** True when everything up to the mark has been taken, by this reader or back by its writer. */
  hasTaken(mark: QueueMark): boolean {
    return mark.every((place) => this.#hasTakenPlace(place));
  }

  #hasTakenPlace(place: QueueMark[number]): boolean {
    const taken = Atomics.load(this.#words, this.#laneWord(place.lane) + LANE_TAKEN);
    if (taken <= place.order) return false;
    const lane = this.#lanes[place.lane];
    if (lane === undefined) return false;
    if (lane.replays.length > 0) return false;
    if (lane.current === undefined) return true;
    return lane.current.order > place.order || lane.current.readAt >= place.published;
  }

  /** Records published and not yet done, counted frame by frame: for reports, not for the way of a record. */
  countLeft(): number {
    let count = 0;
    for (let index = 0; index < this.geometry.segmentCount; index++) {
      if (this.#words[this.#headWord(index) + SEGMENT_STATE] !== 0) count += this.#countFrames(index);
    }
    return count;
  }

  #countFrames(index: number): number {
    const head = this.#headWord(index);
    const start = this.#segmentAt(index);
    const end = start + Atomics.load(this.#words, head + SEGMENT_PUBLISHED);
    let count = 0;
    for (let at = start + (this.#words[head + SEGMENT_DONE] as number); at < end; at += this.#words[at >> 2] as number) count++;
    return count;
  }

  #step(segment: OpenSegment): number {
    const words = this.#words;
    const at = segment.startAt + segment.readAt;
    segment.readAt += words[at >> 2] as number;
    this.#batchCount++;
    this.#runCount++;
    this.lane = segment.lane.index;
    if (((words[(at >> 2) + 1] as number) & LARGE_FLAG) !== 0) this.#runLargeSlots.push(words[(at >> 2) + 4] as number);
    return at;
  }

  /** Looks for a frame in this lane beyond what is known, then in the others. */
  #search(): number {
    this.#closeRun();
    this.#meetLanes();
    const laneCount = this.#lanes.length;
    for (let i = 0; i < laneCount; i++) {
      const index = (this.#laneAt + i) % laneCount;
      const lane = this.#lanes[index] as Lane;
      if (this.#advance(lane)) {
        this.#laneAt = index;
        return this.#step(lane.current as OpenSegment);
      }
    }
    return -1;
  }

  #meetLanes(): void {
    const used = Atomics.load(this.#words, this.#control + LANES_USED_WORD);
    while (this.#lanes.length < used) {
      const index = this.#lanes.length;
      this.#lanes.push({ index, word: this.#laneWord(index), current: undefined, replays: [], published: 0 });
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
      this.#advanceDone(segment);
    }
  }

  /** Sealed, or its thread is dead: asked before PUBLISHED is read, so that what is read then is final. */
  #isEnded(segment: OpenSegment): boolean {
    if (Atomics.load(this.#words, segment.headWord + SEGMENT_SEALED) !== 0) return true;
    return this.#isThreadDead(segment.lane.index);
  }

  #isThreadDead(lane: number): boolean {
    return Atomics.load(this.#words, (THREADS_AT + lane * THREAD_SLOT_BYTES) / 4 + THREAD_STATE) === THREAD_DEAD;
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
      if (taken >= Atomics.load(this.#words, lane.word + LANE_OPENED)) {
        if (isDead) this.#endLane(lane);
        return false;
      }
      const index = this.#words[this.#ringWord(lane.word, taken)] as number;
      if (Atomics.compareExchange(this.#words, lane.word + LANE_TAKEN, taken, taken + 1) !== taken) continue;
      this.#endedLanes.delete(lane.index);
      lane.current = this.#openSegment(lane, { index, order: taken });
      return true;
    }
  }

  #openSegment(lane: Lane, place: { readonly index: number; readonly order: number }): OpenSegment {
    const { index, order } = place;
    const headWord = this.#headWord(index);
    return {
      index,
      order,
      lane,
      startAt: this.#segmentAt(index),
      headWord,
      readAt: this.#words[headWord + SEGMENT_DONE] as number,
      runs: [],
      isExhausted: false,
    };
  }

  #endLane(lane: Lane): void {
    if (this.#endedLanes.has(lane.index)) return;
    if (this.#hasOutstanding(lane.index)) return;
    this.#endedLanes.add(lane.index);
    this.#freeUnopened(lane.index);
    this.#onLaneEnded(lane.index);
  }

  #hasOutstanding(lane: number): boolean {
    const owner = lane + 1;
    for (let index = 0; index < this.geometry.segmentCount; index++) {
      const head = this.#headWord(index);
      if (this.#words[head + SEGMENT_STATE] !== owner) continue;
      if ((this.#words[head + SEGMENT_PUBLISHED] as number) > (this.#words[head + SEGMENT_DONE] as number)) return true;
    }
    return false;
  }

  /** A thread that died between claiming and opening a segment leaves it claimed for ever: take it from the dead. */
  #freeUnopened(lane: number): void {
    for (let index = 0; index < this.geometry.segmentCount; index++) {
      if (this.#words[this.#headWord(index) + SEGMENT_STATE] === lane + 1) this.#free(this.#headWord(index));
    }
  }

  #closeRun(): void {
    if (this.#runCount === 0) return;
    const segment = (this.#lanes[this.#laneAt] as Lane).current as OpenSegment;
    const largeSlots = this.#runLargeSlots.length === 0 ? NO_SLOTS : this.#runLargeSlots;
    const run: Run = { segment, end: segment.readAt, largeSlots, isDone: false };
    if (largeSlots !== NO_SLOTS) this.#runLargeSlots = [];
    segment.runs.push(run);
    this.#batchRuns.push(run);
    this.#runCount = 0;
  }

  #advanceDone(segment: OpenSegment): void {
    let done = 0;
    while (done < segment.runs.length && (segment.runs[done] as Run).isDone) done++;
    if (done > 0) {
      Atomics.store(this.#words, segment.headWord + SEGMENT_DONE, (segment.runs[done - 1] as Run).end);
      segment.runs.splice(0, done);
    }
    if (segment.isExhausted && segment.runs.length === 0) this.#free(segment.headWord);
  }

  #free(headWord: number): void {
    this.#words[headWord + SEGMENT_ORDER] = -1;
    Atomics.store(this.#words, headWord + SEGMENT_STATE, 0);
    Atomics.add(this.#words, this.#control + FREED_WORD, 1);
    if (Atomics.load(this.#words, this.#control + WAITERS_WORD) > 0) {
      Atomics.notify(this.#words, this.#control + FREED_WORD);
    }
  }

  /** What a reader before this one had taken and not finished. */
  #findReplays(): void {
    this.#meetLanes();
    for (let index = 0; index < this.geometry.segmentCount; index++) {
      const owner = this.#words[this.#headWord(index) + SEGMENT_STATE] as number;
      const lane = this.#lanes[owner - 1];
      if (owner === 0 || lane === undefined) continue;
      const order = this.#words[this.#headWord(index) + SEGMENT_ORDER] as number;
      if (order >= Atomics.load(this.#words, lane.word + LANE_TAKEN)) continue;
      if (this.#words[this.#ringWord(lane.word, order)] !== index) continue;
      lane.replays.push(this.#openSegment(lane, { index, order }));
      this.replayedCount += this.#countFrames(index);
    }
    for (const lane of this.#lanes) {
      lane.replays.sort((left, right) => left.order - right.order);
    }
  }

  #laneWord(lane: number): number {
    return (this.geometry.lanesAt + lane * this.geometry.laneBytes) / 4;
  }

  #ringWord(laneWord: number, order: number): number {
    return laneWord + LANE_RING_AT / 4 + (order % this.geometry.segmentCount);
  }

  #headWord(segment: number): number {
    return (this.geometry.headsAt + segment * SEGMENT_HEAD_BYTES) / 4;
  }

  #segmentAt(segment: number): number {
    return this.geometry.segmentsAt + segment * this.geometry.segmentBytes;
  }

  /** `threadId` of the thread that wrote the frame last returned. */
  get threadId(): number {
    return this.#words[(THREADS_AT + this.lane * THREAD_SLOT_BYTES) / 4 + THREAD_ID] as number;
  }
}
