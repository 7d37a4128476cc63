import { handlerWord, laneCounters, type Arena } from "./arena.ts";
import { walkFrames } from "./frame-walk.ts";
import { HANDLER_SERIAL } from "./layout.ts";
import {
  ALREADY_SHUTDOWN_COUNTER,
  LANE_FILTERED_COUNTER,
  ASLEEP,
  AWAKE,
  CLOSED_WORD,
  FREED_WORD,
  GATHER_WORD,
  headWordOf,
  LANES_USED_WORD,
  laneWordOf,
  LANE_OPENED,
  LANE_TAKEN,
  PUBLISHED_COUNTER,
  QUEUE_FULL_COUNTER,
  readGeometry,
  ringWordOf,
  segmentAtOf,
  SEGMENT_DONE,
  SEGMENT_ORDER,
  SEGMENT_PUBLISHED,
  SEGMENT_SEALED,
  SEGMENT_STATE,
  SLEEP_WORD,
  TAKEN_BACK_COUNTER,
  TOO_LARGE_COUNTER,
  URGENT_WORD,
  WAITERS_WORD,
  WAKE_WORD,
  type QueueGeometry,
} from "./queue-layout.ts";

/** Up to this size a loop over words beats the native copy. */
const LOOP_BYTES_MAX = 512;

/** What became of a record: in the queue, no room, or the handler is closed. */
export const PUBLISHED = 0;
export const FULL = 1;
export const CLOSED = 2;

/** The memory a record is copied from; see RecordEncoder. */
export interface RecordSource {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/**
 * One thread's way into one handler's queue. A lane has one writer, so nothing here is contended but the claim of a
 * segment, once in some hundred records. Never waits, unless `waitForRoom` is called.
 */
export class LaneWriter {
  readonly geometry: QueueGeometry;
  readonly handlerSlot: number;
  readonly serial: number;
  /** Bytes of the largest frame a segment holds. */
  readonly frameBytesMax: number;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #bytes: Buffer;
  readonly #lane: number;
  readonly #control: number;
  readonly #laneWord: number;
  readonly #counters: number;
  #at = 0;
  #end = 0;
  /** The segment opened last; it may be another thread's once it is sealed. */
  #segment = -1;
  #isSealed = true;
  #segmentAt = 0;
  #publishedWord = 0;

  constructor(arena: Arena, place: { readonly handlerSlot: number; readonly lane: number }) {
    this.#words = arena.words;
    this.#floats = arena.floats;
    this.#bytes = arena.bytes;
    this.handlerSlot = place.handlerSlot;
    this.serial = arena.words[handlerWord(place.handlerSlot) + HANDLER_SERIAL] as number;
    this.geometry = readGeometry(arena.words, place.handlerSlot);
    this.frameBytesMax = this.geometry.segmentBytes;
    this.#lane = place.lane;
    this.#control = this.geometry.at / 4;
    this.#laneWord = laneWordOf(this.geometry, place.lane);
    this.#counters = laneCounters(this.geometry, place.lane);
    this.#announce();
  }

  /**
   * Copies a frame into the queue and publishes it, or leaves the queue as it was.
   * @param byteCount Bytes of the frame at the start of `source`: a multiple of 8, at most `frameBytesMax`.
   * @returns PUBLISHED, FULL or CLOSED.
   */
  offer(source: RecordSource, byteCount: number): number {
    const words = this.#words;
    if (words[this.#control + CLOSED_WORD] !== 0) return CLOSED;
    let at = this.#at;
    if (at + byteCount > this.#end) {
      if (!this.#openSegment()) return FULL;
      at = this.#at;
    }
    if (byteCount <= LOOP_BYTES_MAX) {
      const from = source.words;
      const to = at >> 2;
      const count = byteCount >> 2;
      for (let i = 0; i < count; i++) words[to + i] = from[i] as number;
    } else {
      this.#bytes.set(source.bytes.subarray(0, byteCount), at);
    }
    this.#at = at + byteCount;
    // The one store that makes the record visible; the bytes are there before it.
    Atomics.store(words, this.#publishedWord, this.#at - this.#segmentAt);
    this.#floats[this.#counters + PUBLISHED_COUNTER]!++;
    return PUBLISHED;
  }

  /**
   * Wakes the consumer if it sleeps, or lingers and `mustHurry`. A plain read after the publishing store: where it comes
   * too early (arm64), the consumer's second look before a deep sleep finds the record, see worker/sleep.ts. What must hurry is
   * said and looked for with fences: a consumer that gathers records has no second look.
   */
  nudge(mustHurry: boolean): void {
    if (mustHurry) {
      Atomics.store(this.#words, this.#control + URGENT_WORD, 1);
      this.wake(true);
    } else if (this.#words[this.#control + SLEEP_WORD] === ASLEEP) {
      this.wake(false);
    }
  }

  /**
   * Wakes a sleeping consumer; a lingering one only when it must hurry. Costs some microseconds, so only who changes the word
   * does it: the consumer says anew how it waits before each wait, and looks after it has said so.
   */
  wake(mustHurry: boolean): void {
    const sleepWord = this.#control + SLEEP_WORD;
    const state = Atomics.load(this.#words, sleepWord);
    if (state === AWAKE || (state !== ASLEEP && !mustHurry)) return;
    if (Atomics.compareExchange(this.#words, sleepWord, state, AWAKE) !== state) return;
    Atomics.add(this.#words, this.#control + WAKE_WORD, 1);
    Atomics.notify(this.#words, this.#control + WAKE_WORD);
  }

  countQueueFull(): void {
    this.#floats[this.#counters + QUEUE_FULL_COUNTER]!++;
  }

  countTooLarge(): void {
    this.#floats[this.#counters + TOO_LARGE_COUNTER]!++;
  }

  countFiltered(): void {
    this.#floats[this.#counters + LANE_FILTERED_COUNTER]!++;
  }

  countAlreadyShutdown(): void {
    this.#floats[this.#counters + ALREADY_SHUTDOWN_COUNTER]!++;
  }

  /** Segments that hold records now, of all threads. Looks at each: not for the way of a record. */
  usedSegments(): number {
    let used = 0;
    for (let i = 0; i < this.geometry.segmentCount; i++) {
      if (this.#words[headWordOf(this.geometry, i) + SEGMENT_STATE] !== 0) used++;
    }
    return used;
  }

  /**
   * Waits until the consumer gives a segment back, or the time is over.
   * @param millis Longest wait, > 0.
   * @returns False when nothing was given back in time.
   */
  waitForRoom(millis: number): boolean {
    const words = this.#words;
    const freedWord = this.#control + FREED_WORD;
    Atomics.add(words, this.#control + WAITERS_WORD, 1);
    try {
      const freed = Atomics.load(words, freedWord);
      if (this.#findFree() >= 0) return true;
      this.wake(true);
      return Atomics.wait(words, freedWord, freed, millis) !== "timed-out";
    } finally {
      Atomics.sub(words, this.#control + WAITERS_WORD, 1);
    }
  }

  /**
   * Takes this thread's oldest sealed segment back that the consumer has not begun, and counts its records as dropped.
   * @param release Called with the place of each frame, before its bytes are used again.
   * @returns Records dropped; 0 when there is no such segment.
   */
  dropOldest(release: (frameAt: number) => void): number {
    const words = this.#words;
    const taken = Atomics.load(words, this.#laneWord + LANE_TAKEN);
    const sealedCount =
      ((words[this.#laneWord + LANE_OPENED] as number) - taken - (this.#isSealed ? 0 : 1)) | 0;
    if (sealedCount <= 0) return 0;
    const segment = words[ringWordOf(this.geometry, this.#laneWord, taken)] as number;
    const head = headWordOf(this.geometry, segment);
    if (Atomics.compareExchange(words, this.#laneWord + LANE_TAKEN, taken, taken + 1) !== taken) return 0;
    const from = segmentAtOf(this.geometry, segment);
    const count = walkFrames(
      words,
      { from, to: from + (words[head + SEGMENT_PUBLISHED] as number) },
      release,
    );
    this.#floats[this.#counters + QUEUE_FULL_COUNTER]! += count;
    this.#floats[this.#counters + TAKEN_BACK_COUNTER]! += count;
    words[head + SEGMENT_PUBLISHED] = 0;
    Atomics.store(words, head + SEGMENT_STATE, 0);
    return count;
  }

  #announce(): void {
    const word = this.#control + LANES_USED_WORD;
    let used = Atomics.load(this.#words, word);
    while (used < this.#lane + 1) {
      const seen = Atomics.compareExchange(this.#words, word, used, this.#lane + 1);
      if (seen === used) return;
      used = seen;
    }
  }

  /** The first that is free: memory that was used already is used again, and a queue that is never full takes little. */
  #findFree(): number {
    const { segmentCount } = this.geometry;
    for (let candidate = 0; candidate < segmentCount; candidate++) {
      if (this.#words[headWordOf(this.geometry, candidate) + SEGMENT_STATE] === 0) return candidate;
    }
    return -1;
  }

  #claim(): number {
    for (;;) {
      const candidate = this.#findFree();
      if (candidate < 0) return -1;
      const word = headWordOf(this.geometry, candidate) + SEGMENT_STATE;
      if (Atomics.compareExchange(this.#words, word, 0, this.#lane + 1) === 0) return candidate;
    }
  }

  /**
   * Seals the segment in use, and opens another. The order: everything of the new one first, OPENED last. Seals also
   * where no other is free: a segment that stays open never comes free itself, and others may be waiting for it.
   */
  #openSegment(): boolean {
    const words = this.#words;
    const segment = this.#claim();
    if (segment < 0) {
      this.seal();
      return false;
    }
    const head = headWordOf(this.geometry, segment);
    const order = words[this.#laneWord + LANE_OPENED] as number;
    words[head + SEGMENT_PUBLISHED] = 0;
    words[head + SEGMENT_SEALED] = 0;
    words[head + SEGMENT_DONE] = 0;
    words[head + SEGMENT_ORDER] = order;
    words[ringWordOf(this.geometry, this.#laneWord, order)] = segment;
    this.seal();
    Atomics.store(words, this.#laneWord + LANE_OPENED, order + 1);
    this.#segment = segment;
    this.#isSealed = false;
    this.#segmentAt = segmentAtOf(this.geometry, segment);
    this.#at = this.#segmentAt;
    this.#end = this.#segmentAt + this.geometry.segmentBytes;
    this.#publishedWord = head + SEGMENT_PUBLISHED;
    if (order !== 0 && Atomics.sub(words, this.#control + GATHER_WORD, 1) <= 1) this.wake(true);
    return true;
  }

  /** Ends the segment in use; the next record opens another. */
  seal(): void {
    if (this.#isSealed) return;
    this.#isSealed = true;
    Atomics.store(this.#words, headWordOf(this.geometry, this.#segment) + SEGMENT_SEALED, 1);
    this.#at = 0;
    this.#end = 0;
  }
}
