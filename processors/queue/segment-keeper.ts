import { laneCounters, type Arena } from "./arena.ts";
import { countUndone, DONE_FLAG, walkFrames } from "./frame-walk.ts";
import { LARGE_FLAG, LARGE_SLOT_AT } from "./large-area.ts";
import type { Lane, OpenSegment, Run } from "./open-segment.ts";
import {
  FREED_WORD,
  headWordOf,
  QUEUE_FULL_COUNTER,
  segmentAtOf,
  SEGMENT_DONE,
  SEGMENT_ORDER,
  SEGMENT_PUBLISHED,
  SEGMENT_READ,
  SEGMENT_STATE,
  TAKEN_BACK_COUNTER,
  WAITERS_WORD,
  type QueueGeometry,
} from "./queue-layout.ts";
import { isLaneHeld } from "./threads.ts";

/** What a keeper is made of; the callbacks are those of QueueReader. */
export interface KeeperParts {
  readonly handlerSlot: number;
  readonly geometry: QueueGeometry;
  readonly onLaneEnded: (lane: number) => void;
  readonly onLargeDone: (slot: number) => void;
}

/**
 * Keeps the books of the segments that a reader has taken, in shared memory: what of them is done, when they are free,
 * what a reader before this one has left. The reading thread's own.
 */
export class SegmentKeeper {
  readonly #arena: Arena;
  readonly #words: Int32Array;
  readonly #parts: KeeperParts;
  readonly #geometry: QueueGeometry;

  constructor(arena: Arena, parts: KeeperParts) {
    this.#arena = arena;
    this.#words = arena.words;
    this.#parts = parts;
    this.#geometry = parts.geometry;
  }

  /** A segment that has just been taken. */
  open(lane: Lane, place: { readonly index: number; readonly order: number }): OpenSegment {
    const { index, order } = place;
    const headWord = headWordOf(this.#geometry, index);
    const startAt = segmentAtOf(this.#geometry, index);
    const readAt = this.#words[headWord + SEGMENT_DONE] as number;
    lane.heldCount++;
    return { index, order, lane, startAt, headWord, readAt, runs: [], isExhausted: false };
  }

  /** False when another reader has given the segment back, so that it may be anybody's by now. */
  isHeld(segment: OpenSegment): boolean {
    const { headWord, lane, order } = segment;
    const words = this.#words;
    if (words[headWord + SEGMENT_STATE] !== lane.index + 1) return false;
    return words[headWord + SEGMENT_READ] === 1 && words[headWord + SEGMENT_ORDER] === order;
  }

  /** The records of a run are done, in whatever order runs are: gives back what can be. */
  settle(run: Run): void {
    const { segment } = run;
    run.isDone = true;
    if (!this.isHeld(segment)) return;
    if (segment.runs[0] === run) this.#moveDone(segment);
    else this.#flagDone(run);
    // Not earlier: a reader after this one would find another record in the slot.
    for (const slot of run.largeSlots) this.#parts.onLargeDone(slot);
    this.freeIfDone(segment);
  }

  /** Gives the segment back if all of it is read and done. */
  freeIfDone(segment: OpenSegment): void {
    if (!segment.isExhausted || segment.runs.length > 0 || !this.isHeld(segment)) return;
    segment.lane.heldCount--;
    this.#free(segment.headWord);
  }

  /** Gives back the slot of the large area that the record of a frame stands in. */
  releaseLarge(frameAt: number): void {
    if (((this.#words[(frameAt >> 2) + 1] as number) & LARGE_FLAG) === 0) return;
    this.#parts.onLargeDone(this.#words[(frameAt + LARGE_SLOT_AT) >> 2] as number);
  }

  /** Records of a segment that are published and not done. */
  countUndone(index: number): number {
    const head = headWordOf(this.#geometry, index);
    const start = segmentAtOf(this.#geometry, index);
    const to = start + Atomics.load(this.#words, head + SEGMENT_PUBLISHED);
    return countUndone(this.#words, { from: start + (this.#words[head + SEGMENT_DONE] as number), to });
  }

  /** Finds what a reader before this one had taken and not finished, for each lane. Returns the records in it. */
  findReplays(lanes: readonly Lane[]): number {
    let count = 0;
    for (const lane of lanes) this.#adopt(lane);
    for (const lane of lanes) for (const segment of lane.replays) count += this.countUndone(segment.index);
    return count;
  }

  /**
   * All segments of a dead thread have been taken: ends the lane, once this reader holds none of them.
   * @returns True when it has found segments to read again: a reader before this one had taken them in its last moments.
   */
  endLane(lane: Lane): boolean {
    if (lane.heldCount > 0) return false;
    if (!isLaneHeld(this.#arena, { threadSlot: lane.index, handlerSlot: this.#parts.handlerSlot }))
      return false;
    this.#adopt(lane);
    if (lane.replays.length > 0) return true;
    for (const index of this.#segmentsOf(lane)) {
      // Claimed and never opened, or being taken back by dropOldest: the thread died over it.
      this.#countDropped(lane, index);
      this.#free(headWordOf(this.#geometry, index));
    }
    this.#parts.onLaneEnded(lane.index);
    return false;
  }

  #segmentsOf(lane: Lane): number[] {
    const indices: number[] = [];
    for (let index = 0; index < this.#geometry.segmentCount; index++) {
      if (this.#words[headWordOf(this.#geometry, index) + SEGMENT_STATE] === lane.index + 1)
        indices.push(index);
    }
    return indices;
  }

  /** Takes over the segments of the lane that another reader has taken. */
  #adopt(lane: Lane): void {
    for (const index of this.#segmentsOf(lane)) {
      const head = headWordOf(this.#geometry, index);
      if (Atomics.load(this.#words, head + SEGMENT_READ) !== 1) continue;
      const order = this.#words[head + SEGMENT_ORDER] as number;
      const segment = this.open(lane, { index, order });
      lane.replays.push(segment);
      // Whoever had it may have died between marking these done and giving them back.
      const { startAt, readAt } = segment;
      walkFrames(this.#words, { from: startAt, to: startAt + readAt }, (at) => this.releaseLarge(at));
    }
    lane.replays.sort((left, right) => (left.order - right.order) | 0);
  }

  /** Ends what a dead thread had begun: its records are dropped. The lane's counters have no other writer any more. */
  #countDropped(lane: Lane, index: number): void {
    const from = segmentAtOf(this.#geometry, index);
    const to = from + (this.#words[headWordOf(this.#geometry, index) + SEGMENT_PUBLISHED] as number);
    const count = walkFrames(this.#words, { from, to }, (at) => this.releaseLarge(at));
    const counters = laneCounters(this.#geometry, lane.index);
    this.#arena.floats[counters + QUEUE_FULL_COUNTER]! += count;
    this.#arena.floats[counters + TAKEN_BACK_COUNTER]! += count;
  }

  /** Moves DONE over the runs that are done. */
  #moveDone(segment: OpenSegment): void {
    let done = 0;
    while (done < segment.runs.length && (segment.runs[done] as Run).isDone) done++;
    Atomics.store(this.#words, segment.headWord + SEGMENT_DONE, (segment.runs[done - 1] as Run).end);
    segment.runs.splice(0, done);
  }

  /** DONE cannot pass the run before: says of each record that it is done. */
  #flagDone(run: Run): void {
    const { startAt } = run.segment;
    walkFrames(this.#words, { from: startAt + run.start, to: startAt + run.end }, (at) => {
      this.#words[(at >> 2) + 1]! |= DONE_FLAG;
    });
  }

  #free(headWord: number): void {
    const words = this.#words;
    // Empty: who dies after claiming it leaves nothing that could be mistaken for records.
    words[headWord + SEGMENT_PUBLISHED] = 0;
    words[headWord + SEGMENT_DONE] = 0;
    words[headWord + SEGMENT_READ] = 0;
    Atomics.store(words, headWord + SEGMENT_STATE, 0);
    const freedWord = this.#geometry.at / 4 + FREED_WORD;
    Atomics.add(words, freedWord, 1);
    if (Atomics.load(words, this.#geometry.at / 4 + WAITERS_WORD) > 0) Atomics.notify(words, freedWord);
  }
}
