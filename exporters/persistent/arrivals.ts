import type { BatchOptions, SendOutcome } from "../sender.ts";
import type { OutcomeCounts } from "./finality.ts";
import type { Segment } from "./segment.ts";

/** Longest time that a batch waits for its peer, in milliseconds, before being on the disk is enough. */
const PATIENCE_MILLIS = 1_000;

interface Arrival {
  readonly recordCount: number;
  /** Whether what is on the disk is as safe as it is to be. */
  isSafe: boolean;
  readonly settle: (outcome: SendOutcome) => void;
}

/**
 * The batches whose senders wait to hear what has become of them: in the hands of the peer, or safe on the disk. While the peer answers
 * the one is waited for, and while it does not the other is enough.
 */
export class Arrivals {
  /** By segment and place. */
  readonly #waiting = new Map<Segment, Map<number, Arrival>>();
  readonly #onImpatience: () => void;
  #isHurried = false;

  /** @param onImpatience A batch has waited too long for the peer. */
  constructor(onImpatience: () => void) {
    this.#onImpatience = onImpatience;
  }

  /** From now on the disk is enough, for those that wait too; or the peer is waited for again. */
  set isHurried(isHurried: boolean) {
    this.#isHurried = isHurried;
    if (!isHurried) return;
    for (const arrivals of this.#waiting.values()) {
      for (const arrival of arrivals.values()) if (arrival.isSafe) arrival.settle(spooledOutcome(arrival));
    }
  }

  get isHurried(): boolean {
    return this.#isHurried;
  }

  /**
   * Waits for a batch that has just been appended.
   *
   * @param place.synced Resolves when the batch is on the disk itself; left out where that is not asked for.
   */
  wait(
    place: { readonly segment: Segment; readonly at: number; readonly synced: Promise<boolean> | undefined },
    { recordCount, signal }: BatchOptions,
  ): Promise<SendOutcome> {
    if (place.synced === undefined && (this.#isHurried || signal.aborted))
      return Promise.resolve(spooledOutcome({ recordCount }));
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const arrivals = this.#waiting.get(place.segment) ?? new Map<number, Arrival>();
    this.#waiting.set(place.segment, arrivals);
    const timer = setTimeout(this.#onImpatience, PATIENCE_MILLIS).unref();
    const stop = (): void => settle(spooledOutcome({ recordCount }));
    const settle = (outcome: SendOutcome): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      arrivals.delete(place.at);
      if (arrivals.size === 0) this.#waiting.delete(place.segment);
      resolve(outcome);
    };
    const arrival = { recordCount, isSafe: place.synced === undefined, settle };
    arrivals.set(place.at, arrival);
    signal.addEventListener("abort", stop, { once: true });
    void place.synced?.then((isSynced) => {
      arrival.isSafe = isSynced;
      if (isSynced && (this.#isHurried || signal.aborted)) settle(spooledOutcome(arrival));
    });
    return promise;
  }

  /** Tells who waits for the batch what the peer says. @returns False when nobody does any more. */
  settle(place: { readonly segment: Segment; readonly at: number }, outcome: OutcomeCounts): boolean {
    const arrival = this.#waiting.get(place.segment)?.get(place.at);
    arrival?.settle({ ...outcome, reason: undefined, error: undefined });
    return arrival !== undefined;
  }
}

/** The records are safe in the queue. */
function spooledOutcome({ recordCount }: { readonly recordCount: number }): SendOutcome {
  return { delivered: 0, rejected: 0, failed: 0, spooled: recordCount, reason: undefined, error: undefined };
}
