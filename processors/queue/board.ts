import type { Arena } from "./arena.ts";
import { BOARD_AT, BOARD_BYTES, BOARD_BYTES_WORD, BOARD_VERSION_WORD } from "./layout.ts";

/**
 * A notice board of the process: one piece of bytes that any thread may replace, and all read. For configuring only, never on the
 * way of a record.
 */
export class Board {
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Counts the changes. A plain read. */
  get version(): number {
    return this.#arena.words[BOARD_VERSION_WORD] as number;
  }

  /** What stands there, copied; empty at first. */
  read(): Uint8Array {
    return this.#arena.withLock(() => this.#copy());
  }

  /**
   * Puts something else in its place, while no other thread does, and tells all loggers to look again.
   * @returns False, and nothing has changed, where it is longer than the board.
   */
  change(replace: (bytes: Uint8Array) => Uint8Array): boolean {
    const { words, bytes } = this.#arena;
    return this.#arena.withLock(() => {
      const replaced = replace(this.#copy());
      if (replaced.length > BOARD_BYTES) return false;
      bytes.set(replaced, BOARD_AT);
      words[BOARD_BYTES_WORD] = replaced.length;
      Atomics.add(words, BOARD_VERSION_WORD, 1);
      this.#arena.bumpGeneration();
      return true;
    });
  }

  #copy(): Uint8Array {
    const { words, bytes } = this.#arena;
    return new Uint8Array(bytes.subarray(BOARD_AT, BOARD_AT + (words[BOARD_BYTES_WORD] as number)));
  }
}
