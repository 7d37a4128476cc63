import type { Arena } from "./arena.ts";
import {
  BIG_LARGE_SLOT_BYTES,
  BIG_LARGE_SLOT_COUNT,
  LARGE_AT,
  LARGE_SLOT_HEAD_BYTES,
  SMALL_LARGE_SLOT_BYTES,
  SMALL_LARGE_SLOT_COUNT,
} from "./layout.ts";

/** Flag of a frame that only says where the record stands: in a slot of the large area. */
export const LARGE_FLAG: number = 1 << 29;
/** Byte of such a frame where the slot's number stands. */
export const LARGE_SLOT_AT = 16;

const HANDLERS_LOW = 0;
const HANDLERS_HIGH = 1;
const OWNER = 2;

/** Records that no segment can hold: one copy for all handlers, free again when each has given its bit back. */
export class LargeArea {
  readonly #words: Int32Array;
  readonly #bytes: Buffer;

  constructor(arena: Arena) {
    this.#words = arena.words;
    this.#bytes = arena.bytes;
  }

  /**
   * Takes a slot and copies the frame there.
   * @param frame The whole frame, at most 16 MiB.
   * @param handlers The handlers that will read it: bits 0 to 31, bits 32 to 63.
   * @returns The slot, or -1 when all that are big enough are in use.
   */
  put(frame: Uint8Array, handlers: { readonly low: number; readonly high: number; readonly threadSlot: number }): number {
    const room = frame.length + LARGE_SLOT_HEAD_BYTES;
    const first = room <= SMALL_LARGE_SLOT_BYTES ? 0 : SMALL_LARGE_SLOT_COUNT;
    if (room > BIG_LARGE_SLOT_BYTES) return -1;
    for (let slot = first; slot < SMALL_LARGE_SLOT_COUNT + BIG_LARGE_SLOT_COUNT; slot++) {
      const word = slotAt(slot) / 4;
      if (Atomics.compareExchange(this.#words, word + OWNER, 0, handlers.threadSlot + 1) !== 0) continue;
      this.#words[word + HANDLERS_LOW] = handlers.low;
      this.#words[word + HANDLERS_HIGH] = handlers.high;
      this.#bytes.set(frame, largeFrameAt(slot));
      return slot;
    }
    return -1;
  }

  /** Says that a handler no longer needs the slot. Doing it twice harms nothing. */
  release(slot: number, handler: number): void {
    const word = slotAt(slot) / 4;
    const half = handler < 32 ? HANDLERS_LOW : HANDLERS_HIGH;
    Atomics.and(this.#words, word + half, ~(1 << (handler & 31)));
    this.#freeIfUnused(word);
  }

  /** Frees what a dead thread had taken; all its records must be done. */
  releaseThread(threadSlot: number): void {
    for (let slot = 0; slot < SMALL_LARGE_SLOT_COUNT + BIG_LARGE_SLOT_COUNT; slot++) {
      Atomics.compareExchange(this.#words, slotAt(slot) / 4 + OWNER, threadSlot + 1, 0);
    }
  }

  #freeIfUnused(word: number): void {
    if (Atomics.load(this.#words, word + HANDLERS_LOW) !== 0) return;
    if (Atomics.load(this.#words, word + HANDLERS_HIGH) !== 0) return;
    Atomics.store(this.#words, word + OWNER, 0);
  }
}

function slotAt(slot: number): number {
  const small = Math.min(slot, SMALL_LARGE_SLOT_COUNT);
  const big = slot - small;
  return LARGE_AT + small * SMALL_LARGE_SLOT_BYTES + big * BIG_LARGE_SLOT_BYTES;
}

/** Where the frame in a slot begins: byte offset in the arena. */
export function largeFrameAt(slot: number): number {
  return slotAt(slot) + LARGE_SLOT_HEAD_BYTES;
}
