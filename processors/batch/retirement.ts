import type { Arena } from "../queue/arena.ts";
import { RETIRED_WORD, type QueueGeometry } from "../queue/queue-layout.ts";
import { blockUntilReached } from "./wait.ts";

/** How long a worker that has lost its handler may take to say that it reads no more. It is told at once, and has nothing to finish. */
const RETIREMENT_MILLIS = 100;

/** What is known of the worker. */
export interface Retiring {
  readonly arena: Arena;
  readonly geometry: QueueGeometry;
  readonly isWorkerDead: boolean;
  wake(): void;
}

/**
 * Waits for a fenced worker that may be alive: what it took from the queue in its last moments would be nobody's. Blocks.
 * One that is stuck, or starved, for longer is left to itself: what it has taken by then is counted as left behind.
 * @param epoch That of the worker; 0 where no consumer has owned the handler yet.
 */
export function awaitRetirement(retiring: Retiring, epoch: number): void {
  const word = retiring.geometry.at / 4 + RETIRED_WORD;
  const look = (): boolean => {
    retiring.wake();
    return !retiring.isWorkerDead;
  };
  if (!look()) return;
  const deadline = performance.now() + RETIREMENT_MILLIS;
  blockUntilReached(retiring.arena.words, { word, ticket: epoch, deadline, onSlice: look });
}
