/** Offers records to a logger at a fixed rate, and watches what that does to the caller and to its memory. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import type { HandlerStats } from "femtologging";

import { monotonicMillis } from "../clock.ts";
import { type Percentiles, percentilesOf } from "../percentiles.ts";
import { dueMillis, type Schedule } from "./schedule.ts";
import type { OverloadSubject } from "./subjects.ts";

/** A caller that is late logs no more than this without a turn of the event loop, which some loggers need to work. */
const RECORDS_IN_TURN_MAX = 200;
const LOOK_MILLIS = 10;

/** What was seen from the thread that logs. */
export interface OfferResult {
  /** Of the calls during which the sink was slow, ms. */
  readonly call: Percentiles;
  /** How late the caller came to log a record, at most: what it was held up by calls before, ms. */
  readonly lateMillisMax: number;
  readonly rssBytesBefore: number;
  /** From when the sink got slow until the end. */
  readonly rssBytesMax: number;
  /** Records that waited, at most. */
  readonly queuedMax: number;
  /** Records that were dropped before the sink got slow: not 0 on a machine that is too busy for the test. */
  readonly droppedEarly: number;
  /** After the sink was fast again: when the last record was dropped; 0 for before. */
  readonly dropsStopMillis: number;
  /** After the sink was fast again: when no more were queued than before it was slow. Undefined: never. */
  readonly queueEmptyMillis: number | undefined;
}

/** Logs all records of the schedule, each when it is due or as soon as the logger lets the caller go on. */
export async function offer(subject: OverloadSubject, schedule: Schedule): Promise<OfferResult> {
  const { beginMillis, slowFromMillis, slowUntilMillis, ratePerSecond, count } = schedule;
  const callMillis: number[] = [];
  const watch = new Watch(schedule);
  let lateMillisMax = 0;
  let next = 0;
  while (next < count) {
    const now = monotonicMillis();
    watch.look(now, subject.stats);
    const dueCount = Math.min(count, Math.floor(((now - beginMillis) * ratePerSecond) / 1000) + 1);
    if (next >= dueCount) {
      await sleep(1);
      continue;
    }
    const end = Math.min(dueCount, next + RECORDS_IN_TURN_MAX);
    while (next < end) {
      const begin = monotonicMillis();
      lateMillisMax = Math.max(lateMillisMax, begin - dueMillis(schedule, next));
      const before = performance.now();
      subject.log(next++);
      const millis = performance.now() - before;
      if (begin < slowUntilMillis && begin + millis >= slowFromMillis) callMillis.push(millis);
      // A look is due.
      if (millis >= LOOK_MILLIS) break;
    }
    await nextTurn();
  }
  return { call: percentilesOf(Float64Array.from(callMillis)), lateMillisMax, ...watch.result() };
}

/** Looks at memory and counters now and then. */
class Watch {
  readonly #schedule: Schedule;
  #lookMillis = 0;
  #rssBytesBefore = 0;
  #rssBytesMax = 0;
  #queuedBefore = 0;
  #queuedMax = 0;
  #dropped = 0;
  #droppedEarly = 0;
  #dropsStopMillis = 0;
  #queueEmptyMillis: number | undefined;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  look(now: number, stats: (() => HandlerStats) | undefined): void {
    if (now < this.#lookMillis) return;
    this.#lookMillis = now + LOOK_MILLIS;
    const rss = process.memoryUsage.rss();
    if (now < this.#schedule.slowFromMillis) this.#rssBytesBefore = rss;
    this.#rssBytesMax = Math.max(this.#rssBytesMax, rss);
    if (stats !== undefined) this.#lookAtStats(now, stats());
  }

  result(): Omit<OfferResult, "call" | "lateMillisMax"> {
    return {
      rssBytesBefore: this.#rssBytesBefore,
      rssBytesMax: this.#rssBytesMax,
      queuedMax: this.#queuedMax,
      droppedEarly: this.#droppedEarly,
      dropsStopMillis: this.#dropsStopMillis,
      queueEmptyMillis: this.#queueEmptyMillis,
    };
  }

  #lookAtStats(now: number, { queued, droppedTotal }: HandlerStats): void {
    const { slowFromMillis, slowUntilMillis } = this.#schedule;
    this.#queuedMax = Math.max(this.#queuedMax, queued);
    if (now < slowFromMillis) {
      this.#queuedBefore = Math.max(this.#queuedBefore, queued);
      this.#droppedEarly = droppedTotal;
    }
    if (now >= slowUntilMillis) {
      if (droppedTotal > this.#dropped) this.#dropsStopMillis = now - slowUntilMillis;
      if (queued <= this.#queuedBefore) this.#queueEmptyMillis ??= now - slowUntilMillis;
    }
    this.#dropped = droppedTotal;
  }
}
