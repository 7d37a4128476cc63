/** When files are rotated by the clock: as `logging.handlers.TimedRotatingFileHandler` of CPython 3.13. Pure arithmetic. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const WEEK = 7 * DAY;

/** Unit of the interval: second, minute, hour, 24 hours, midnight, or the end of a day of the week (0 is Monday). */
export type When = "S" | "M" | "H" | "D" | "MIDNIGHT" | "W0" | "W1" | "W2" | "W3" | "W4" | "W5" | "W6";

/** What a schedule is made of. */
export interface Schedule {
  readonly when: When;
  /** Units of `when` between two rotations, from 1. */
  readonly interval: number;
  readonly utc: boolean;
  /**
   * For MIDNIGHT and W0 to W6: second of the day, 0 to 86,400. 86,400 is the midnight that ends the day: "W0" rotates
   * when Monday is over; 0 is the one that begins it.
   */
  readonly atSecond: number;
}

/** Seconds that the clock on the wall is ahead of UTC, at a time in seconds since 1970. */
export type OffsetOf = (epochSeconds: number) => number;

/** The offset of the time zone of this process. */
function localOffset(epochSeconds: number): number {
  return -new Date(epochSeconds * 1000).getTimezoneOffset() * MINUTE;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { S: 1, M: MINUTE, H: HOUR, D: DAY, MIDNIGHT: DAY };

/** Seconds between two rotations, leaving daylight saving aside. */
function intervalSeconds({ when, interval }: Schedule): number {
  return (UNIT_SECONDS[when] ?? WEEK) * interval;
}

/**
 * When the rotation after `now` is due. MIDNIGHT and W0 to W6 keep to the clock on the wall when it is put forward or
 * back; the other units count seconds.
 *
 * @param now Seconds since 1970, an integer.
 * @returns Seconds since 1970.
 * @see CPython 3.13, Lib/logging/handlers.py: computeRollover
 */
export function nextRollover(schedule: Schedule, now: number, offsetOf: OffsetOf = localOffset): number {
  const { when, utc } = schedule;
  if (when !== "MIDNIGHT" && !when.startsWith("W")) return now + intervalSeconds(schedule);
  const offset = utc ? 0 : offsetOf(now);
  const due = now + secondsUntil(schedule, now + offset);
  return utc ? due : keepWallClock(due, { offset, offsetOf });
}

/** Seconds from a time on the wall until the rotation, if the wall's clock just went on. */
function secondsUntil({ when, interval, atSecond }: Schedule, wallSeconds: number): number {
  let left = atSecond - modulo(wallSeconds, DAY);
  // 1970 began on a Thursday.
  let dayOfWeek = modulo(Math.floor(wallSeconds / DAY) + 3, 7);
  if (left <= 0) {
    left += DAY;
    dayOfWeek = (dayOfWeek + 1) % 7;
  }
  if (when === "MIDNIGHT") return left + (interval - 1) * DAY;
  return left + modulo(Number(when.slice(1)) - dayOfWeek, 7) * DAY + (interval - 1) * WEEK;
}

/** Moves a time so that it reads on the wall as it would had the clock not been changed in between. */
function keepWallClock(
  due: number,
  { offset, offsetOf }: { readonly offset: number; readonly offsetOf: OffsetOf },
): number {
  const change = offsetOf(due) - offset;
  // Put forward over that very time: it does not come on this day, the first moment after it does.
  if (change > 0 && offsetOf(due - change) === offset) return due;
  return due - change;
}

const SUFFIX_LENGTHS: Readonly<Record<string, number>> = { S: 19, M: 16, H: 13 };
const SUFFIX_PATTERNS: Readonly<Record<string, string>> = {
  S: String.raw`\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d`,
  M: String.raw`\d{4}-\d\d-\d\d_\d\d-\d\d`,
  H: String.raw`\d{4}-\d\d-\d\d_\d\d`,
};

/** Regular expression, as text, of what `suffixOf` gives. */
export function suffixPattern({ when }: Schedule): string {
  return SUFFIX_PATTERNS[when] ?? String.raw`\d{4}-\d\d-\d\d`;
}

/**
 * The name of the interval that ends: its start on the wall, `2026-03-29_14` for H.
 *
 * @param times Seconds since 1970: when the rotation was due, and the time now.
 * @see CPython 3.13, Lib/logging/handlers.py: doRollover
 */
export function suffixOf(
  schedule: Schedule,
  times: { readonly rolloverAt: number; readonly now: number },
  offsetOf: OffsetOf = localOffset,
): string {
  let start = times.rolloverAt - intervalSeconds(schedule);
  let offset = 0;
  if (!schedule.utc) {
    start += offsetOf(times.now) - offsetOf(start);
    offset = offsetOf(start);
  }
  const text = new Date((start + offset) * 1000).toISOString();
  const wall = `${text.slice(0, 10)}_${text.slice(11, 19).replaceAll(":", "-")}`;
  return wall.slice(0, SUFFIX_LENGTHS[schedule.when] ?? 10);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
