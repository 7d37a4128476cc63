import { CONSUMER_ENDED, CONSUMER_STATE_WORD, FLUSH_SERVED_WORD, RETIRED_WORD } from "./queue-layout.ts";

/** Says that the consumer of a queue has ended: whoever waits for it, or for a flush, looks again. */
export function announceEnd(words: Int32Array, control: number): void {
  Atomics.store(words, control + CONSUMER_STATE_WORD, CONSUMER_ENDED);
  Atomics.notify(words, control + CONSUMER_STATE_WORD);
  Atomics.notify(words, control + FLUSH_SERVED_WORD);
}

/** Says that the consumer of an epoch, which another has followed, reads no more: see `takeOver` of the engine. */
export function announceRetired(
  words: Int32Array,
  place: { readonly control: number; readonly epoch: number },
): void {
  Atomics.store(words, place.control + RETIRED_WORD, place.epoch);
  Atomics.notify(words, place.control + RETIRED_WORD);
}
