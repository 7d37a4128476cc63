import { RUN, STOP_WORD } from "../queue/queue-layout.ts";
import type { Consumer } from "./consumer.ts";

/** Longest wait for attributes of a resource that are found out asynchronously. */
export const RESOURCE_WAIT_MILLIS = 5000;
/** Between two looks whether they are there. */
export const RESOURCE_LOOK_MILLIS = 20;

/**
 * Whether the first batch waits for attributes of the resource that are still to come: 5 s at most, all waits together.
 * Not at the end, and not while the queue is nearly full: no call waits for a detector.
 */
export class ResourceWait {
  readonly #consumer: Consumer;
  #deadline: number | undefined;

  constructor(consumer: Consumer) {
    this.#consumer = consumer;
  }

  /** True while records should stay in the queue. Looks for news first. */
  get isPending(): boolean {
    const { arena, geometry, reader, shapes } = this.#consumer;
    if (this.#deadline !== undefined && performance.now() > this.#deadline) return false;
    if (!reader.hasMore() || !shapes.hasPendingResource(reader.openedLanes())) return false;
    if (Atomics.load(arena.words, geometry.at / 4 + STOP_WORD) !== RUN || reader.isCrowded) return false;
    this.#deadline ??= performance.now() + RESOURCE_WAIT_MILLIS;
    return true;
  }
}
