import { makeFragment, type Fragment } from "../../processors/shape/output.ts";
import { clampSeconds } from "./numbers.ts";

/**
 * The text of the last second that was asked for: dates are computed once a second and not once a record.
 * One formatter's own.
 */
export class SecondText {
  readonly #render: (date: Date) => string;
  #seconds = Number.NaN;
  #fragment: Fragment = makeFragment("");

  /** @param render Makes the text of a whole second; called with valid dates only. */
  constructor(render: (date: Date) => string) {
    this.#render = render;
  }

  /** @param seconds Whole seconds since 1970; beyond what `Date` can hold its nearest end is taken. */
  fragment(seconds: number): Fragment {
    if (seconds !== this.#seconds) {
      this.#fragment = makeFragment(this.#render(new Date(clampSeconds(seconds) * 1000)));
      this.#seconds = seconds;
    }
    return this.#fragment;
  }
}

/** "2026-11-22T17:28:06", UTC. */
export function isoSecond(date: Date): string {
  return date.toISOString().slice(0, -5);
}

/** "2026-11-22 17:28:06", UTC. */
export function utcSecond(date: Date): string {
  return isoSecond(date).replace("T", " ");
}

/** "2026-11-22 17:28:06", in the time zone of the process. */
export function localSecond(date: Date): string {
  const day = `${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  return `${String(date.getFullYear()).padStart(4, "0")}-${day} ${localClock(date)}`;
}

/** "17:28:06", in the time zone of the process. */
export function localClock(date: Date): string {
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

/** "17:28:06", UTC. */
export function utcClock(date: Date): string {
  return date.toISOString().slice(-13, -5);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
