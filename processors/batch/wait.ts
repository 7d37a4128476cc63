import { FLUSH_REQUESTED_WORD, FLUSH_SERVED_WORD } from "../queue/queue-layout.ts";

/** True when a counter that wraps at 2^32 has reached `ticket`. */
export function hasReached(count: number, ticket: number): boolean {
  return ((count - ticket) | 0) >= 0;
}

/** Asks the consumer of a queue for a flush. Returns the ticket that it will serve. */
export function requestFlush(words: Int32Array, control: number): number {
  return (Atomics.add(words, control + FLUSH_REQUESTED_WORD, 1) + 1) | 0;
}

/**
 * Resolves when a word of shared memory has reached `ticket`, or `isOver` says that waiting is in vain. Holds the event loop
 * open while it waits; any thread.
 *
 * @param millis Longest wait; Infinity for none.
 * @returns False when the time was over first.
 */
export async function untilReached(
  words: Int32Array,
  wait: {
    readonly word: number;
    readonly ticket: number;
    readonly millis: number;
    readonly isOver: () => boolean;
  },
): Promise<boolean> {
  const deadline = performance.now() + wait.millis;
  for (;;) {
    const count = Atomics.load(words, wait.word);
    if (hasReached(count, wait.ticket) || wait.isOver()) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await changeOf(words, { word: wait.word, count, millis: Math.min(left, LOOK_MILLIS) });
  }
}

/** Resolves with false when the deadline (`performance.now()` milliseconds) comes before `work` is done. Rejects as `work` does. */
export async function isDoneBy(deadline: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: timedOut, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), Math.min(deadline - performance.now(), TIMER_MILLIS_MAX));
  const done = async (): Promise<boolean> => {
    await work;
    return true;
  };
  return Promise.race([done(), timedOut]).finally(() => clearTimeout(timer));
}

const TIMER_MILLIS_MAX = 2_147_483_647;

/** Between two looks at whether waiting is in vain. */
const LOOK_MILLIS = 200;

/** Resolves when the word is no longer `count`, or after a while. The timer keeps the event loop open, a wait does not. */
function changeOf(
  words: Int32Array,
  wait: { readonly word: number; readonly count: number; readonly millis: number },
): Promise<void> {
  const result = Atomics.waitAsync(words, wait.word, wait.count);
  if (!result.async) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      // Ends the wait too, which would stay behind otherwise. The others look again and go on waiting.
      Atomics.notify(words, wait.word);
      resolve();
    }, wait.millis);
    void result.value.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** `untilReached` for a caller that blocks its thread meanwhile: an exit hook, `flushSync`. */
export function blockUntilReached(
  words: Int32Array,
  wait: {
    readonly word: number;
    readonly ticket: number;
    readonly deadline: number;
    readonly onSlice: () => boolean;
  },
): boolean {
  for (;;) {
    const count = Atomics.load(words, wait.word);
    if (hasReached(count, wait.ticket)) return true;
    const left = wait.deadline - performance.now();
    if (left <= 0) return false;
    Atomics.wait(words, wait.word, count, Math.min(left, SLICE_MILLIS));
    if (!wait.onSlice()) return hasReached(Atomics.load(words, wait.word), wait.ticket);
  }
}

const SLICE_MILLIS = 20;

/** The word that says which flush was served last. */
export function servedWord(control: number): number {
  return control + FLUSH_SERVED_WORD;
}
