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
/** Byte of such a frame where the slot's number stands, as `put` returned it. */
export const LARGE_SLOT_AT = 16;

const HANDLERS_LOW = 0;
const HANDLERS_HIGH = 1;
const OWNER = 2;
const TAKEN_COUNT = 3;
const HANDLER_COUNT = 4;

const SLOT_COUNT: number = SMALL_LARGE_SLOT_COUNT + BIG_LARGE_SLOT_COUNT;
/** A slot's number, as records carry it, ends with the slot; before it stands which use of the slot is meant. */
const PLACE_BITS = 5;
const PLACE_MASK: number = (1 << PLACE_BITS) - 1;
/** Uses that are told apart; a number is never negative. */
const USE_MASK: number = 0x7fff_ffff >> PLACE_BITS;

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
   * @param handlers The handlers that will read it, at least one: bits 0 to 31, bits 32 to 63.
   * @returns The slot's number, for this use of it only, or -1 when all that are big enough are in use.
   */
  put(
    frame: Uint8Array,
    handlers: { readonly low: number; readonly high: number; readonly threadSlot: number },
  ): number {
    const room = frame.length + LARGE_SLOT_HEAD_BYTES;
    const first = room <= SMALL_LARGE_SLOT_BYTES ? 0 : SMALL_LARGE_SLOT_COUNT;
    if (room > BIG_LARGE_SLOT_BYTES) return -1;
    for (let place = first; place < SLOT_COUNT; place++) {
      const word = placeAt(place) / 4;
      if (Atomics.compareExchange(this.#words, word + OWNER, 0, handlers.threadSlot + 1) !== 0) continue;
      const use = ((this.#words[word + TAKEN_COUNT] as number) + 1) & USE_MASK;
      this.#words[word + TAKEN_COUNT] = use;
      this.#words[word + HANDLER_COUNT] = bitCount(handlers.low) + bitCount(handlers.high);
      // After the count: a handler that is being closed may give its bit back from now on.
      Atomics.store(this.#words, word + HANDLERS_LOW, handlers.low);
      Atomics.store(this.#words, word + HANDLERS_HIGH, handlers.high);
      this.#bytes.set(frame, placeAt(place) + LARGE_SLOT_HEAD_BYTES);
      return (use << PLACE_BITS) | place;
    }
    return -1;
  }

  /** Says that a handler no longer needs the slot. Doing it twice harms nothing, also when the slot is in use again. */
  release(slot: number, handler: number): void {
    const word = placeAt(slot & PLACE_MASK) / 4;
    if (this.#words[word + TAKEN_COUNT] === slot >>> PLACE_BITS) this.#giveBack(word, handler);
  }

  /** Frees what a handler that is closed has not given back. */
  releaseHandler(handler: number): void {
    for (let place = 0; place < SLOT_COUNT; place++) this.#giveBack(placeAt(place) / 4, handler);
  }

  /** Frees what a dead thread had taken; all its records must be done. */
  releaseThread(threadSlot: number): void {
    for (let place = 0; place < SLOT_COUNT; place++) {
      const word = placeAt(place) / 4;
      if (Atomics.load(this.#words, word + OWNER) !== threadSlot + 1) continue;
      Atomics.store(this.#words, word + HANDLERS_LOW, 0);
      Atomics.store(this.#words, word + HANDLERS_HIGH, 0);
      Atomics.store(this.#words, word + OWNER, 0);
    }
  }

  /** Of several handlers one finds that it is the last: who counts down to 0. */
  #giveBack(word: number, handler: number): void {
    const half = handler < 32 ? HANDLERS_LOW : HANDLERS_HIGH;
    const bit = 1 << (handler & 31);
    if ((Atomics.and(this.#words, word + half, ~bit) & bit) === 0) return;
    if (Atomics.sub(this.#words, word + HANDLER_COUNT, 1) === 1) Atomics.store(this.#words, word + OWNER, 0);
  }
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function placeAt(place: number): number {
  const small = Math.min(place, SMALL_LARGE_SLOT_COUNT);
  const big = place - small;
  return LARGE_AT + small * SMALL_LARGE_SLOT_BYTES + big * BIG_LARGE_SLOT_BYTES;
}

/** Where the frame in a slot begins: byte offset in the arena. */
export function largeFrameAt(slot: number): number {
  return placeAt(slot & PLACE_MASK) + LARGE_SLOT_HEAD_BYTES;
}
