import type { Arena } from "./arena.ts";
import {
  BLOCK_OWNERS_AT,
  DEFINITIONS_AT,
  DEFINITION_BLOCK_BYTES,
  DEFINITION_BLOCK_COUNT,
  THREADS_AT,
  THREAD_BLOCKS,
  THREAD_BLOCKS_MAX,
  THREAD_BLOCK_COUNT,
  THREAD_DEFINED_BYTES,
  THREAD_SLOT_BYTES,
} from "./layout.ts";

// The static parts of records, said once a thread and read by every consumer. A thread's definitions fill blocks of
// 16 KiB, one after another; an entry is its uint32 byte count (of what follows, a multiple of 4) and the bytes. A
// count of 0 says that the rest of the block is empty. DEFINED_BYTES is stored after the bytes: what lies before it can
// be read by any thread at any time, until the thread is dead and all its records are done.

const ENTRY_HEAD_BYTES = 4;
/** Bytes of the longest entry: a block holds it between its head and the zero behind it. */
export const DEFINITION_BYTES_MAX: number = DEFINITION_BLOCK_BYTES - ENTRY_HEAD_BYTES * 2;

/**
 * Blocks that shapes leave free, of a thread's and of all: a record without a shape's definition carries it along, but one
 * whose resource found no room could not say where it is from.
 */
const THREAD_BLOCKS_KEPT = 16;
const BLOCKS_KEPT = 128;

/** What a definition is of: `origin` is a scope or a resource. */
export type DefinitionUse = "shape" | "origin";

function threadWord(slot: number): number {
  return (THREADS_AT + slot * THREAD_SLOT_BYTES) / 4;
}

function blockAt(block: number): number {
  return DEFINITIONS_AT + block * DEFINITION_BLOCK_BYTES;
}

/** Gives the blocks of a dead thread back, also one that it had taken and not noted yet. */
export function freeDefinitionBlocks(arena: Arena, threadSlot: number): void {
  for (let block = 0; block < DEFINITION_BLOCK_COUNT; block++) {
    const owner = BLOCK_OWNERS_AT / 4 + block;
    if (arena.words[owner] === threadSlot + 1) Atomics.store(arena.words, owner, 0);
  }
}

/** Appends definitions for one thread. That thread's own. */
export class DefinitionWriter {
  readonly #arena: Arena;
  readonly #word: number;
  readonly #threadSlot: number;
  #at = 0;
  #end = 0;
  #defined = 0;

  constructor(arena: Arena, threadSlot: number) {
    this.#arena = arena;
    this.#threadSlot = threadSlot;
    this.#word = threadWord(threadSlot);
  }

  /**
   * Appends an entry.
   *
   * @param use Scopes and resources may have the blocks that are kept for them.
   * @returns False when it is too long for a block, or the thread or the process has no block left for it.
   */
  append(entry: Uint8Array, use: DefinitionUse = "origin"): boolean {
    const padded = (entry.length + 3) & ~3;
    if (padded > DEFINITION_BYTES_MAX) return false;
    // One more head: the zero that ends a block.
    if (this.#at + padded + ENTRY_HEAD_BYTES * 2 > this.#end && !this.#takeBlock(use)) return false;
    const { words, bytes } = this.#arena;
    words[this.#at / 4] = padded;
    bytes.set(entry, this.#at + ENTRY_HEAD_BYTES);
    words[(this.#at + ENTRY_HEAD_BYTES + padded) / 4] = 0;
    this.#at += ENTRY_HEAD_BYTES + padded;
    this.#defined += ENTRY_HEAD_BYTES + padded;
    Atomics.store(words, this.#word + THREAD_DEFINED_BYTES, this.#defined);
    return true;
  }

  #takeBlock(use: DefinitionUse): boolean {
    const { words } = this.#arena;
    const count = words[this.#word + THREAD_BLOCK_COUNT] as number;
    const isShape = use === "shape";
    if (count >= THREAD_BLOCKS_MAX - (isShape ? THREAD_BLOCKS_KEPT : 0)) return false;
    const blockLimit = DEFINITION_BLOCK_COUNT - (isShape ? BLOCKS_KEPT : 0);
    for (let block = 0; block < blockLimit; block++) {
      const owner = BLOCK_OWNERS_AT / 4 + block;
      if (words[owner] !== 0 || Atomics.compareExchange(words, owner, 0, this.#threadSlot + 1) !== 0)
        continue;
      this.#at = blockAt(block);
      this.#end = this.#at + DEFINITION_BLOCK_BYTES;
      words[this.#at / 4] = 0;
      words[this.#word + THREAD_BLOCKS + count] = block;
      Atomics.store(words, this.#word + THREAD_BLOCK_COUNT, count + 1);
      return true;
    }
    return false;
  }
}

/** Reads the definitions of one thread, in order. Any thread's; several readers do not disturb each other. */
export class DefinitionReader {
  readonly #arena: Arena;
  readonly #word: number;
  #read = 0;
  #block = 0;
  #at = 0;

  constructor(arena: Arena, threadSlot: number) {
    this.#arena = arena;
    this.#word = threadWord(threadSlot);
  }

  /** Where the next entry stands in the arena; -1 when all that are published have been read. */
  next(): number {
    const { words } = this.#arena;
    if (this.#read >= Atomics.load(words, this.#word + THREAD_DEFINED_BYTES)) return -1;
    if (this.#at === 0) this.#at = this.#blockAt(this.#block);
    if (words[this.#at / 4] === 0) {
      this.#block++;
      this.#at = this.#blockAt(this.#block);
    }
    const entryAt = this.#at + ENTRY_HEAD_BYTES;
    const length = words[this.#at / 4] as number;
    this.#at = entryAt + length;
    this.#read += ENTRY_HEAD_BYTES + length;
    return entryAt;
  }

  #blockAt(index: number): number {
    return blockAt(this.#arena.words[this.#word + THREAD_BLOCKS + index] as number);
  }
}
