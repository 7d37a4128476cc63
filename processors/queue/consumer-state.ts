import { CONSUMER_ENDED, CONSUMER_STATE_WORD, FLUSH_SERVED_WORD } from "./queue-layout.ts";

/** Says that the consumer of a queue has ended: whoever waits for it, or for a flush, looks again. */
export function announceEnd(words: Int32Array, control: number): void {
  Atomics.store(words, control + CONSUMER_STATE_WORD, CONSUMER_ENDED);
  Atomics.notify(words, control + CONSUMER_STATE_WORD);
  Atomics.notify(words, control + FLUSH_SERVED_WORD);
}
