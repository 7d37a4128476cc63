import { threadId } from "node:worker_threads";
import {
  ARENA_BYTES,
  ARENA_ID_WORD,
  ARENA_MAGIC,
  ARENA_VERSION,
  CONFIG_LOCK_WORD,
  GENERATION_WORD,
  HANDLERS_AT,
  HANDLER_BUSY,
  HANDLER_COUNT,
  HANDLER_FREE,
  HANDLER_QUEUE_AT,
  HANDLER_QUEUE_UNITS,
  HANDLER_SERIAL,
  HANDLER_SLOT_BYTES,
  HANDLER_STATE,
  HANDLER_THREAD,
  HANDLER_USED,
  MAGIC_WORD,
  MAKER_WORD,
  QUEUES_AT,
  QUEUE_BYTES_WORD,
  VERSION_WORD,
} from "./layout.ts";
import {
  layOutQueue,
  LANE_BYTES_WORD,
  LANE_COUNTERS_AT,
  SEGMENT_BYTES_WORD,
  SEGMENT_COUNT_WORD,
  segmentSizes,
  type QueueGeometry,
} from "./queue-layout.ts";

const LOCK_WAIT_MILLIS = 1000;
const LOCK_LOOK_MILLIS = 10;
const ARENA_IDS = 2 ** 31;

/** The shared memory of a process, as this thread sees it. All views are of the same bytes. */
export class Arena {
  readonly memory: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly bytes: Buffer;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.words = new Int32Array(memory);
    this.floats = new Float64Array(memory);
    this.bytes = Buffer.from(memory);
  }

  /** True for the one that all threads of the process want to be in. */
  get isOfMainThread(): boolean {
    return this.words[MAKER_WORD] === 0;
  }

  /** Which arena it is, through whichever object it is seen. */
  get id(): number {
    return this.words[ARENA_ID_WORD] as number;
  }

  /** True while some thread's handler works here. */
  get hasHandlers(): boolean {
    for (let slot = 0; slot < HANDLER_COUNT; slot++)
      if (this.words[handlerWord(slot) + HANDLER_STATE] !== HANDLER_FREE) return true;
    return false;
  }

  /** Tells all threads that levels, handlers or propagation have changed. */
  bumpGeneration(): void {
    Atomics.add(this.words, GENERATION_WORD, 1);
  }

  /**
   * Runs `change` while no other thread changes the configuration. Steals the lock after a second: its holder died.
   * For configuring only, never on the way of a record.
   */
  withLock<T>(change: () => T): T {
    const { words } = this;
    const mine = threadId + 1;
    const deadline = Date.now() + LOCK_WAIT_MILLIS;
    let expected = 0;
    for (;;) {
      const holder = Atomics.compareExchange(words, CONFIG_LOCK_WORD, expected, mine);
      if (holder === mine) return change();
      if (holder === expected) break;
      Atomics.wait(words, CONFIG_LOCK_WORD, holder, LOCK_LOOK_MILLIS);
      expected = Date.now() > deadline ? holder : 0;
    }
    try {
      return change();
    } finally {
      // Not where it was stolen: then it is another thread's.
      Atomics.compareExchange(words, CONFIG_LOCK_WORD, mine, 0);
      Atomics.notify(words, CONFIG_LOCK_WORD, 1);
    }
  }

  /**
   * Takes a handler slot and memory for its queue.
   * @param queueBytes Bytes of frames the queue holds, over all threads.
   * @returns The slot, or -1 when slots or memory are used up.
   */
  openHandler(queueBytes: number): number {
    return this.withLock(() => {
      const sizes = segmentSizes(queueBytes);
      const units = Math.ceil((layOutQueue(0, sizes).end + 128) / 64);
      const slot = this.#findHandlerSlot(units);
      if (slot < 0) return -1;
      const word = handlerWord(slot);
      this.words[word + HANDLER_STATE] = HANDLER_BUSY;
      const geometry = layOutQueue((this.words[word + HANDLER_QUEUE_AT] as number) * 64, sizes);
      this.#clearQueue(geometry);
      this.words[geometry.at / 4 + SEGMENT_BYTES_WORD] = geometry.segmentBytes;
      this.words[geometry.at / 4 + SEGMENT_COUNT_WORD] = geometry.segmentCount;
      this.words[geometry.at / 4 + LANE_BYTES_WORD] = geometry.laneBytes;
      this.words[word + HANDLER_THREAD] = threadId;
      Atomics.add(this.words, word + HANDLER_SERIAL, 1);
      Atomics.store(this.words, word + HANDLER_STATE, HANDLER_USED);
      return slot;
    });
  }

  /** Gives a handler's slot back; its memory serves the next handler that fits in. The consumer must have ended. */
  closeHandler(slot: number): void {
    Atomics.add(this.words, handlerWord(slot) + HANDLER_SERIAL, 1);
    Atomics.store(this.words, handlerWord(slot) + HANDLER_STATE, HANDLER_FREE);
  }

  #findHandlerSlot(units: number): number {
    let unused = -1;
    for (let slot = 0; slot < HANDLER_COUNT; slot++) {
      const word = handlerWord(slot);
      if (this.words[word + HANDLER_STATE] !== HANDLER_FREE) continue;
      const given = this.words[word + HANDLER_QUEUE_UNITS] as number;
      if (given >= units && given <= units * 2) return slot;
      if (given === 0 && unused < 0) unused = slot;
    }
    return unused >= 0 && this.#giveQueue(unused, units) ? unused : -1;
  }

  #giveQueue(slot: number, units: number): boolean {
    const given = this.words[QUEUE_BYTES_WORD] as number;
    const at = alignQueue(QUEUES_AT + given);
    if (at + units * 64 > this.memory.byteLength) return false;
    this.words[QUEUE_BYTES_WORD] = at + units * 64 - QUEUES_AT;
    this.words[handlerWord(slot) + HANDLER_QUEUE_AT] = at / 64;
    this.words[handlerWord(slot) + HANDLER_QUEUE_UNITS] = units;
    return true;
  }

  /** Control words, lanes and heads of a queue used before; its segments need no clearing. */
  #clearQueue(geometry: QueueGeometry): void {
    if (this.words[geometry.at / 4 + SEGMENT_COUNT_WORD] === 0) return;
    this.bytes.fill(0, geometry.at, geometry.segmentsAt);
  }
}

function alignQueue(at: number): number {
  return (at + 127) & ~127;
}

/** Index of the first word of a handler's slot. */
export function handlerWord(slot: number): number {
  return (HANDLERS_AT + slot * HANDLER_SLOT_BYTES) / 4;
}

/** Index, in float64s, of the counters of a lane. */
export function laneCounters(geometry: QueueGeometry, lane: number): number {
  return (geometry.lanesAt + lane * geometry.laneBytes + LANE_COUNTERS_AT) / 8;
}

/** Makes memory for an arena: address space, of which only what is touched becomes memory. */
export function createArena(byteCount: number = ARENA_BYTES): Arena {
  const arena = new Arena(new SharedArrayBuffer(byteCount));
  arena.words[VERSION_WORD] = ARENA_VERSION;
  arena.words[MAKER_WORD] = threadId;
  arena.words[ARENA_ID_WORD] = Math.floor(Math.random() * ARENA_IDS);
  Atomics.store(arena.words, MAGIC_WORD, ARENA_MAGIC);
  return arena;
}

/** Whether a value that another thread has given is the memory of an arena of this layout. */
export function isArenaMemory(value: unknown): value is SharedArrayBuffer {
  // Not by instanceof: in a vm context the constructor is another one.
  if (Object.prototype.toString.call(value) !== "[object SharedArrayBuffer]") return false;
  const words = new Int32Array(value as SharedArrayBuffer, 0, 2);
  return words[MAGIC_WORD] === ARENA_MAGIC && words[VERSION_WORD] === ARENA_VERSION;
}
