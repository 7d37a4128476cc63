import { OutputBuffer } from "../shape/output.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";

const RECORD_KEEP_BYTES = 65_536;

/** Lets through what is JSON. In an array one record that is none would spoil all those beside it. */
export class CheckedJsonFormatter implements FemtoFormatter {
  readonly #formatter: FemtoFormatter;
  readonly #record = new OutputBuffer(4096);
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  constructor(formatter: FemtoFormatter) {
    this.#formatter = formatter;
  }

  /** @throws {TypeError} The formatter wrote no JSON; what it throws itself too. */
  format(record: RecordCursor, out: OutputBuffer): void {
    const written = this.#record;
    written.clear(RECORD_KEEP_BYTES);
    this.#formatter.format(record, written);
    this.#check(written.written());
    out.append(written.written());
  }

  #check(bytes: Uint8Array): void {
    try {
      JSON.parse(this.#decoder.decode(bytes));
    } catch (error) {
      throw new TypeError(
        `the formatter wrote no JSON, which "format" "json-array" needs (${(error as Error).message}); write JSON, or send lines with "ndjson"`,
        { cause: error },
      );
    }
  }
}
