import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import { clampSeconds, writeEpochMillis, writeEpochNanos, writeMicros, writeMillis } from "./numbers.ts";
import { isoSecond, SecondText } from "./second-text.ts";

/**
 * How a record's time is written: UTC text with six or three decimals of a second, or a number since 1970 of milliseconds,
 * nanoseconds, or seconds with three decimals.
 */
export type RecordTimeForm = "iso" | "iso-millis" | "epoch-millis" | "epoch-nanos" | "epoch-seconds";

/** What stands before and behind the time; quotes around a text are not among it. */
export interface TimeSurroundings {
  readonly before: string;
  readonly quote: '"' | "";
}

/** Writes the times of records in one form, each after the same text. One formatter's own. */
export class RecordTime {
  /** What ends the value: the caller puts it before what follows, so that it is copied with that. */
  readonly end: string;
  readonly #form: RecordTimeForm;
  readonly #head: Fragment;
  readonly #second: SecondText;

  constructor(form: RecordTimeForm, { before, quote }: TimeSurroundings) {
    const isText = form === "iso" || form === "iso-millis";
    this.end = isText ? `Z${quote}` : "";
    this.#form = form;
    this.#head = makeFragment(before);
    this.#second = new SecondText((date) =>
      isText ? `${before}${quote}${isoSecond(date)}.` : `${before}${date.getTime() / 1000}.`,
    );
  }

  write(out: OutputBuffer, record: RecordCursor): void {
    const seconds = record.timeSeconds;
    const nanos = record.timeNanos;
    switch (this.#form) {
      case "iso":
        out.fragment(this.#second.fragment(seconds));
        writeMicros(out, nanos);
        return;
      case "iso-millis":
        out.fragment(this.#second.fragment(seconds));
        writeMillis(out, nanos);
        return;
      case "epoch-millis":
        out.fragment(this.#head);
        writeEpochMillis(out, seconds, nanos);
        return;
      case "epoch-nanos":
        out.fragment(this.#head);
        writeEpochNanos(out, seconds, nanos);
        return;
      default:
        this.#writeSeconds(out, seconds, nanos);
    }
  }

  #writeSeconds(out: OutputBuffer, seconds: number, nanos: number): void {
    if (seconds >= 0) {
      out.fragment(this.#second.fragment(seconds));
      writeMillis(out, nanos);
      return;
    }
    // Before 1970, and what is no number: whole seconds and decimals point in two directions.
    const millis = clampSeconds(seconds) * 1000 + Math.floor(Math.min(nanos, 999_999_999) / 1e6);
    out.fragment(this.#head);
    out.ascii((millis / 1000).toFixed(3));
  }
}
