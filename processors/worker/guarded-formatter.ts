import type { OutputBuffer } from "../shape/output.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";

/** Between two words about records that could not be formatted. */
const REPORT_MILLIS = 1000;

/** A formatter of the application: what it throws is told, and costs the record. */
export class GuardedFormatter implements FemtoFormatter {
  readonly #formatter: FemtoFormatter;
  readonly #report: (trouble: string) => void;
  #toldAtMillis = Number.NEGATIVE_INFINITY;

  constructor(formatter: FemtoFormatter, report: (trouble: string) => void) {
    this.#formatter = formatter;
    this.#report = report;
  }

  /** @throws What the formatter throws: the record is then counted as failed. */
  format(record: RecordCursor, out: OutputBuffer): void {
    try {
      this.#formatter.format(record, out);
    } catch (error) {
      this.#tell(error);
      throw error;
    }
  }

  /** At most once a second: each word to another thread is a message. */
  #tell(error: unknown): void {
    const now = performance.now();
    if (now - this.#toldAtMillis < REPORT_MILLIS) return;
    this.#toldAtMillis = now;
    const why = error instanceof Error ? error.message : String(error);
    this.#report(`Cannot format a record: ${why}; it is counted as export_failed`);
  }
}
