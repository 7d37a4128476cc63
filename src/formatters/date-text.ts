import type { OutputBuffer } from "../../processors/shape/output.ts";
import { writeMicros, writeMillis } from "./numbers.ts";
import { localSecond, SecondText, utcSecond } from "./second-text.ts";
import { strftime } from "./strftime.ts";

/** Splits at `%f`, but not at the second half of `%%` and an "f" behind it. */
const MICROSECONDS = /((?:^|[^%])(?:%%)*)%f/g;
const SPLIT = "\0f\0";

/**
 * The time of a record as text for people: what is the same for a second is computed once a second. One formatter's own.
 */
export class DateText {
  /** The text before, between and behind the decimals. */
  readonly #parts: readonly SecondText[];
  readonly #hasMillis: boolean;

  /** @param datefmt For strftime, with `%f` for microseconds; undefined for Python's usual text with milliseconds. */
  constructor(datefmt: string | undefined, isUtc: boolean) {
    this.#hasMillis = datefmt === undefined;
    if (datefmt === undefined) {
      const secondOf = isUtc ? utcSecond : localSecond;
      this.#parts = [new SecondText((date) => `${secondOf(date)},`)];
      return;
    }
    // Twice: two of them in a row share a character.
    const marked = datefmt.replaceAll(MICROSECONDS, `$1${SPLIT}`).replaceAll(MICROSECONDS, `$1${SPLIT}`);
    this.#parts = marked.split(SPLIT).map((part) => new SecondText((date) => strftime(part, date, isUtc)));
  }

  write(out: OutputBuffer, seconds: number, nanos: number): void {
    for (let i = 0; i < this.#parts.length; i++) {
      if (i > 0) writeMicros(out, nanos);
      out.fragment((this.#parts[i] as SecondText).fragment(seconds));
    }
    if (this.#hasMillis) writeMillis(out, nanos);
  }
}
