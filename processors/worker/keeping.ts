import { handlerWord, type Arena } from "../queue/arena.ts";
import { HANDLER_KEEP_COUNT, HANDLER_KEEP_DISCARDS, HANDLER_KEEP_LEVEL } from "../queue/layout.ts";

/**
 * Whether a handler keeps its records until something goes wrong: the batch being made then stays open, over many looks at the
 * queue, until a record of some level is in it, or it is full. What is kept stays in the queue too, so a successor finds it there.
 */
export class Keeping {
  readonly #words: Int32Array;
  readonly #word: number;
  /** Records taken into the batch that is kept open. */
  count = 0;
  /** A record that lets all go is among them. */
  #isOver = false;

  constructor(arena: Arena, handlerSlot: number) {
    this.#words = arena.words;
    this.#word = handlerWord(handlerSlot);
  }

  /** Records that are kept at most; 0 where the handler keeps none. */
  get capacity(): number {
    return this.#words[this.#word + HANDLER_KEEP_COUNT] as number;
  }

  /** Whether what is kept at the end is left out. */
  get discards(): boolean {
    return this.#words[this.#word + HANDLER_KEEP_DISCARDS] !== 0;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** A record of this severity is in the batch. */
  note(severity: number): void {
    if (severity >= (this.#words[this.#word + HANDLER_KEEP_LEVEL] as number)) this.#isOver = true;
  }

  /** The batch has ended. */
  reset(): void {
    this.count = 0;
    this.#isOver = false;
  }
}
