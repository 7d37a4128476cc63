/**
 * The alternative to segments: one contiguous ring a thread. Records one behind the other, one store that publishes, space given back
 * in the order in which it was taken. Its control words are those of the product's queue, so that both sleep and wake the same way.
 */
import { ASLEEP, AWAKE, SLEEP_WORD, WAKE_WORD } from "../../processors/queue/queue-layout.ts";
import type { RecordSource } from "../../processors/queue/writer.ts";

// Layout of the memory, in bytes:
//   0      control: the product's control words, and in Int32 words
//            512  HEAD     stored by the writer: end of the last record, modulo 2^32
//            528  TAIL     stored by the reader: end of the last record that is done, modulo 2^32
//            544  WAITERS  1 while the writer waits for room
//   4096   records; a multiple of 8, a power of two
const HEAD = 512;
const TAIL = 528;
const WAITERS = 544;
const CONTROL_BYTES = 4096;
/** Stands in place of a record's length where the rest of the memory is too short for the next one. */
const SKIP = -1;
/** As often as the product opens a segment, the writer wakes a reader that lingers. */
const WAKE_BYTES = 65_536;

/** Memory for a ring of so many bytes of records. */
export function makeRing(byteCount: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + byteCount);
}

/** The writing side; one thread's. */
export class RingWriter {
  readonly #words: Int32Array;
  readonly #capacity: number;
  #head = 0;
  #tailSeen = 0;
  #nextWake = WAKE_BYTES;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#capacity = memory.byteLength - CONTROL_BYTES;
  }

  /** Copies a record into the ring and publishes it. False when it is full. */
  offer(source: RecordSource, byteCount: number): boolean {
    const words = this.#words;
    const offset = this.#head & (this.#capacity - 1);
    const rest = this.#capacity - offset;
    const needed = byteCount <= rest ? byteCount : rest + byteCount;
    if (!this.#hasRoom(needed)) return false;
    let to = (CONTROL_BYTES + offset) >> 2;
    if (byteCount > rest) {
      words[to] = SKIP;
      to = CONTROL_BYTES >> 2;
    }
    const from = source.words;
    const count = byteCount >> 2;
    for (let i = 0; i < count; i++) words[to + i] = from[i] as number;
    this.#head = (this.#head + needed) | 0;
    Atomics.store(words, HEAD, this.#head);
    if (((this.#head - this.#nextWake) | 0) >= 0) {
      this.#nextWake = (this.#head + WAKE_BYTES) | 0;
      this.wake(true);
    }
    return true;
  }

  /** Wakes a reader that sleeps. */
  nudge(): void {
    if (this.#words[SLEEP_WORD] === ASLEEP) this.wake(false);
  }

  /** Wakes a sleeping reader; a lingering one only when it must hurry. */
  wake(mustHurry: boolean): void {
    const state = Atomics.load(this.#words, SLEEP_WORD);
    if (state === AWAKE || (state !== ASLEEP && !mustHurry)) return;
    Atomics.add(this.#words, WAKE_WORD, 1);
    Atomics.notify(this.#words, WAKE_WORD);
  }

  /** Waits until the reader gives space back. False when it has not in time. */
  waitForRoom(millis: number): boolean {
    const words = this.#words;
    Atomics.store(words, WAITERS, 1);
    const tail = Atomics.load(words, TAIL);
    if (tail !== this.#tailSeen) return true;
    this.wake(true);
    return Atomics.wait(words, TAIL, tail, millis) !== "timed-out";
  }

  #hasRoom(needed: number): boolean {
    if (((this.#head - this.#tailSeen) | 0) + needed <= this.#capacity) return true;
    this.#tailSeen = Atomics.load(this.#words, TAIL);
    return ((this.#head - this.#tailSeen) | 0) + needed <= this.#capacity;
  }
}

/** The reading side; one thread's. */
export class RingReader {
  readonly #words: Int32Array;
  readonly #capacity: number;
  #readAt = 0;
  #headSeen = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#capacity = memory.byteLength - CONTROL_BYTES;
  }

  /** Byte offset of the next record in the memory; -1 when there is none at the moment. */
  next(): number {
    if (this.#readAt === this.#headSeen && !this.hasMore()) return -1;
    let offset = this.#readAt & (this.#capacity - 1);
    if (this.#words[(CONTROL_BYTES + offset) >> 2] === SKIP) {
      this.#readAt = (this.#readAt + this.#capacity - offset) | 0;
      offset = 0;
    }
    const at = CONTROL_BYTES + offset;
    this.#readAt = (this.#readAt + (this.#words[at >> 2] as number)) | 0;
    return at;
  }

  hasMore(): boolean {
    this.#headSeen = Atomics.load(this.#words, HEAD);
    return this.#readAt !== this.#headSeen;
  }

  /** Gives back what has been read. */
  release(): void {
    Atomics.store(this.#words, TAIL, this.#readAt);
    if (Atomics.exchange(this.#words, WAITERS, 0) === 1) Atomics.notify(this.#words, TAIL);
  }
}
