/** When what happens in the overload test, on the clock that all of its processes share. */

/** The stages: the sink is fast, then slow for a while, then fast again, while records are offered at the same rate all the time. */
export interface Schedule {
  /** `monotonicMillis()` of the first record. */
  readonly beginMillis: number;
  readonly slowFromMillis: number;
  readonly slowUntilMillis: number;
  /** Offered records a second. */
  readonly ratePerSecond: number;
  /** What the slow sink takes of them: 0.5 is half. */
  readonly share: number;
  /** Records in all, numbered from 0. */
  readonly count: number;
}

/** When a record is due, `monotonicMillis()`. */
export function dueMillis({ beginMillis, ratePerSecond }: Schedule, index: number): number {
  return beginMillis + (index * 1000) / ratePerSecond;
}

/** True while the sink takes less than it is offered. */
export function isSlow({ slowFromMillis, slowUntilMillis }: Schedule, nowMillis: number): boolean {
  return nowMillis >= slowFromMillis && nowMillis < slowUntilMillis;
}
