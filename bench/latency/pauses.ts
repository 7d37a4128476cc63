/** Which of the slow calls were slow because the heap was being collected. */
import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** A call that took longer is looked at one by one. */
export const SLOW_MILLIS = 0.1;
/** So many slow calls are remembered; more are counted. */
const SLOW_COUNT_MAX = 65_536;
/** Observers are told of collections a little later. */
const SETTLE_MILLIS = 50;

/** A stretch of time, by `performance.now()`. */
interface Stretch {
  readonly begin: number;
  readonly end: number;
}

/** What was seen. */
export interface PauseSummary {
  readonly collectionCount: number;
  /** Sum of all collections. */
  readonly collectionMillis: number;
  readonly collectionMillisMax: number;
  /** Calls over 0.1 ms. */
  readonly slowCount: number;
  /** Those that a collection fell into. */
  readonly slowInCollectionCount: number;
  /** The longest call over 0.1 ms without one; 0 when there was none. */
  readonly maxOutsideMicros: number;
}

/** Takes note of collections and of slow calls, from its making on. */
export class PauseWatch {
  readonly #collections: Stretch[] = [];
  readonly #begins = new Float64Array(SLOW_COUNT_MAX);
  readonly #ends = new Float64Array(SLOW_COUNT_MAX);
  readonly #observer: PerformanceObserver;
  #slowCount = 0;

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        this.#collections.push({ begin: startTime, end: startTime + duration });
      }
    });
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** A call, by `performance.now()`. Makes no garbage. */
  take(begin: number, end: number): void {
    if (end - begin < SLOW_MILLIS) return;
    const at = this.#slowCount++;
    if (at >= SLOW_COUNT_MAX) return;
    this.#begins[at] = begin;
    this.#ends[at] = end;
  }

  /** Ends the watch. */
  async finish(): Promise<PauseSummary> {
    await sleep(SETTLE_MILLIS);
    this.#observer.disconnect();
    const lengths = this.#collections.map(({ begin, end }) => end - begin);
    const slow = Array.from({ length: Math.min(this.#slowCount, SLOW_COUNT_MAX) }, (_, at) => ({
      begin: this.#begins[at] as number,
      end: this.#ends[at] as number,
    }));
    const outside = slow.filter((call) => !this.#collections.some((collection) => overlap(call, collection)));
    return {
      collectionCount: lengths.length,
      collectionMillis: lengths.reduce((sum, length) => sum + length, 0),
      collectionMillisMax: Math.max(0, ...lengths),
      slowCount: this.#slowCount,
      slowInCollectionCount: slow.length - outside.length,
      maxOutsideMicros: Math.max(0, ...outside.map(({ begin, end }) => (end - begin) * 1000)),
    };
  }
}

function overlap(left: Stretch, right: Stretch): boolean {
  return left.begin < right.end && right.begin < left.end;
}
