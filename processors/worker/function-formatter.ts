import type { FemtoLogRecord } from "../../src/record/log-record.ts";
import type { OutputBuffer } from "../shape/output.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";
import { RecordDecoder } from "./decoded-record.ts";

/** Makes the line of a record, without terminator. */
export type RecordFunction = (record: FemtoLogRecord) => string;

/** A function of a record as a formatter: each record is decoded for it, which costs many times what ours do. */
export class FunctionFormatter implements FemtoFormatter {
  readonly #format: RecordFunction;
  readonly #decoder: RecordDecoder = new RecordDecoder();

  constructor(format: RecordFunction) {
    this.#format = format;
  }

  /** @throws {TypeError} The function returned no string; what it throws itself too. */
  format(record: RecordCursor, out: OutputBuffer): void {
    const line: unknown = this.#format(this.#decoder.decode(record));
    if (typeof line !== "string") {
      throw new TypeError(`Cannot write a record: the formatter returned ${typeof line}, must be a string`);
    }
    out.text(line);
  }
}
