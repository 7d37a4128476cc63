import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT, PLAIN_TEXT } from "../../processors/shape/value-tag.ts";
import { copyForJson } from "./escapes.ts";
import { JsonLayout, type JsonNames, type JsonParts } from "./json-layout.ts";
import { jsonText, writeJsonValue } from "./json-value.ts";
import {
  writeEpochMillis,
  writeEpochNanos,
  writeHex,
  writeHexByte,
  writeInteger,
  writeMicros,
} from "./numbers.ts";
import { isoSecond, SecondText } from "./second-text.ts";
import { textAt, textLength } from "./value-source.ts";

/** How a record's time is written: text of microseconds in UTC, or one integer since 1970. */
export type JsonTime = "iso" | "epoch-millis" | "epoch-nanos";

/** Options of `FemtoJsonFormatter`; plain data. */
export interface JsonFormatterOptions {
  /** Default `"iso"`. Integers of nanoseconds are beyond what a JavaScript number holds exactly. */
  readonly time?: JsonTime;
  /** Other names for the fixed keys; those left out keep theirs. */
  readonly names?: Partial<JsonNames>;
}

const JSON_TIMES: readonly string[] = ["iso", "epoch-millis", "epoch-nanos"];
const QUOTE = 34;
const CLOSING_BRACE = 125;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/**
 * JSON, one object a record. The layout is stable:
 *
 *     {"time":"2026-11-22T17:28:06.123456Z","level":"INFO","severity":9,"logger":"shop.checkout","msg":"Order 7 took 3 ms",
 *      "event":"order.paid","trace_id":"…","span_id":"…","trace_flags":"01","orderId":7,"ms":3,"dropped_attributes":2}
 *
 * `level` is the severity text, or the name of the severity number where there is none. `msg` is the rendered text, the
 * JSON value of a body that is no text, or left out where there is no body. `event`, the ids and `dropped_attributes`
 * are there only where the record has them. Attributes follow flat and in order; one with the name of a fixed key is
 * written as "attributes.<key>".
 *
 * NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity", bytes a base64 string, 64-bit integers bare
 * numbers, -0 is -0. Each line is valid JSON and valid UTF-8. Runs on the thread that drains the queue; never throws.
 */
export class FemtoJsonFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: JsonFormatterOptions;
  readonly #time: JsonTime;
  readonly #layout: JsonLayout;
  readonly #second: SecondText;
  readonly #timeKey: Fragment;

  /**
   * @throws {RangeError} `time` is none of the three, or two names are the same.
   * @throws {TypeError} A name is empty or no text, or there is no such name.
   */
  constructor(options: JsonFormatterOptions = {}) {
    this.options = { ...options, ...(options.names === undefined ? {} : { names: { ...options.names } }) };
    this.#time = options.time ?? "iso";
    if (!JSON_TIMES.includes(this.#time)) {
      throw new RangeError(
        `Cannot make JSON lines: "time" is "${this.#time}", must be one of ${JSON_TIMES.join(", ")}`,
      );
    }
    this.#layout = new JsonLayout(options.names ?? {}, this.#time === "iso" ? 'Z"' : "");
    const timeKey = `{${jsonText(this.#layout.names.time)}:`;
    this.#timeKey = makeFragment(timeKey);
    this.#second = new SecondText((date) => `${timeKey}"${isoSecond(date)}.`);
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#layout.partsOf(record.shape);
    this.#writeTime(record, out);
    out.fragment(parts.head);
    let at = this.#writeMessage(record, parts, out);
    if (record.spanAt >= 0) this.#writeSpan(record, out);
    const { keys } = parts;
    const view = record.view;
    for (let i = 0; i < keys.length; i++) {
      if (view.getUint8(at) === ABSENT) {
        at++;
      } else {
        out.fragment(keys[i] as Fragment);
        at = writeJsonValue(out, record, at);
      }
    }
    if (record.hasExtras) this.#writeExtras(record, at, out);
    if (record.droppedCount > 0) this.#writeDropped(record, out);
    out.byte(CLOSING_BRACE);
  }

  #writeTime(record: RecordCursor, out: OutputBuffer): void {
    const seconds = record.timeSeconds;
    const nanos = record.timeNanos;
    if (this.#time === "iso") {
      out.fragment(this.#second.fragment(seconds));
      writeMicros(out, nanos);
      return;
    }
    out.fragment(this.#timeKey);
    if (this.#time === "epoch-millis") writeEpochMillis(out, seconds, nanos);
    else writeEpochNanos(out, seconds, nanos);
  }

  /** Returns where the value of the first key stands. */
  #writeMessage(record: RecordCursor, parts: JsonParts, out: OutputBuffer): number {
    let at = record.valuesAt;
    if (parts.message !== undefined) at = parts.message.write(out, record);
    else if (record.shape.body === "value") at = this.#writeBodyValue(record, out);
    if (parts.afterMessage.length > 0) out.fragment(parts.afterMessage);
    return at;
  }

  #writeBodyValue(record: RecordCursor, out: OutputBuffer): number {
    const at = record.valuesAt;
    if (record.view.getUint8(at) === ABSENT) return at + 1;
    out.fragment(this.#layout.msgKey);
    return writeJsonValue(out, record, at);
  }

  #writeSpan(record: RecordCursor, out: OutputBuffer): void {
    const layout = this.#layout;
    out.fragment(layout.traceIdKey);
    writeHex(out, record.bytes, record.spanAt, TRACE_ID_BYTES);
    out.fragment(layout.spanIdKey);
    writeHex(out, record.bytes, record.spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
    out.fragment(layout.traceFlagsKey);
    writeHexByte(out, record.traceFlags);
    out.byte(QUOTE);
  }

  #writeExtras(record: RecordCursor, extrasAt: number, out: OutputBuffer): void {
    const view = record.view;
    const count = view.getUint32(extrasAt, true);
    let at = extrasAt + 4;
    for (let i = 0; i < count; i++) {
      const valueAt = skipValue(view, at);
      if (view.getUint8(valueAt) !== ABSENT) {
        this.#writeExtraKey(record, at, out);
        writeJsonValue(out, record, valueAt);
      }
      at = skipValue(view, valueAt);
    }
  }

  #writeExtraKey(record: RecordCursor, at: number, out: OutputBuffer): void {
    const { reserved, extraKey, renamedExtraKey, extraKeyEnd } = this.#layout;
    out.fragment(reserved.includesText(record, at) ? renamedExtraKey : extraKey);
    if (record.view.getUint8(at) === PLAIN_TEXT) {
      out.copyRange(record.bytes, record.view, textAt(record, at), textLength(record, at));
    } else {
      copyForJson(out, record, textAt(record, at), textLength(record, at));
    }
    out.fragment(extraKeyEnd);
  }

  #writeDropped(record: RecordCursor, out: OutputBuffer): void {
    out.fragment(this.#layout.droppedKey);
    writeInteger(out, record.droppedCount);
  }
}
