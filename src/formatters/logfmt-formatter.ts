import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import { LOGFMT_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { INSIDE_QUOTED_TEXT, writeBodyValue } from "./body-value.ts";
import { TextBody } from "./body.ts";
import { FieldNames } from "./field-names.ts";
import { writeInteger } from "./numbers.ts";
import { RecordTime } from "./record-time.ts";
import { SpanFields } from "./span-fields.ts";
import { textWord, writeTextValue } from "./text-value.ts";
import { textAt, textLength, type ValueSource } from "./value-source.ts";
import { levelText } from "./vendor-levels.ts";

/** Options of `FemtoLogfmtFormatter`; plain data. CONFIG.md describes each. */
export type LogfmtFormatterOptions = OptionsOf<typeof LOGFMT_FORMATTER_OPTIONS>;

const SPACE = 32;
const QUOTE = 34;
const EQUALS = 61;
const MESSAGE: Fragment = makeFragment(' msg="');
const DROPPED: Fragment = makeFragment(" dropped_attributes=");
const RESERVED_KEY: Fragment = makeFragment(" attributes.");

const NAMES: FieldNames = new FieldNames({
  reserved: ["time", "level", "logger", "msg", "event", "trace_id", "span_id", "dropped_attributes"],
  allowed: /[^\s="\\\p{Cc}\p{Zl}\p{Zp}]/u,
});

/** What one formatter has computed of one shape. */
interface LogfmtParts {
  readonly owner: FemtoLogfmtFormatter;
  /** From the end of the time to the first thing that differs from record to record. */
  readonly head: Fragment;
  /** Undefined where the message is a part of the head, or is no text. */
  readonly message: TextBody | undefined;
  /** From the end of the message to the first attribute. */
  readonly afterMessage: Fragment;
  /** ` key=` for each key of the shape. */
  readonly keys: readonly Fragment[];
}

/**
 * logfmt: one line of `key=value` a record.
 *
 *     time=2026-11-22T17:28:06.123456Z level=info logger=shop.checkout msg="Order 7 took 3 ms" trace_id=… span_id=… orderId=7
 *
 * Values of more than one word are quoted, arrays and maps are JSON in quotes, and so are stacks: a record is one line,
 * whatever it holds. Characters that keys cannot have become "_"; an attribute with the name of a field above is written
 * as "attributes.<key>". Runs on the thread that drains the queue; never throws.
 */
export class FemtoLogfmtFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: LogfmtFormatterOptions;
  readonly #time: RecordTime;
  readonly #span: SpanFields = new SpanFields({
    trace: " trace_id=",
    span: " span_id=",
    flags: "",
    end: "",
    form: "ids",
  });

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: LogfmtFormatterOptions = {}) {
    const { time } = resolveOptions(LOGFMT_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a logfmt formatter",
    });
    this.options = { ...options };
    this.#time = new RecordTime(time, { before: "time=", quote: "" });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    this.#time.write(out, record);
    out.fragment(parts.head);
    let at = writeMessage(record, parts, out);
    out.fragment(parts.afterMessage);
    if (record.spanAt >= 0) this.#span.write(out, record);
    for (const key of parts.keys) {
      if (record.view.getUint8(at) !== ABSENT) {
        out.fragment(key);
        writeTextValue(out, record, at, writeNestedInQuotes);
      }
      at = skipValue(record.view, at);
    }
    if (record.hasExtras) writeExtras(record, at, out);
    if (record.droppedCount === 0) return;
    out.fragment(DROPPED);
    writeInteger(out, record.droppedCount);
  }

  #partsOf(shape: Shape): LogfmtParts {
    const known = shape.fragments as LogfmtParts | undefined;
    if (known?.owner === this) return known;
    const parts = this.#makeParts(shape);
    shape.fragments = parts;
    return parts;
  }

  #makeParts(shape: Shape): LogfmtParts {
    const level = textWord(levelText(shape).toLowerCase());
    const logger = shape.scope.name === "" ? "" : ` logger=${textWord(shape.scope.name)}`;
    const event = shape.eventName === undefined ? "" : ` event=${textWord(shape.eventName)}`;
    const head = `${this.#time.end} level=${level}${logger}`;
    const isText = shape.body !== "none" && shape.body !== "value";
    const body = isText ? new TextBody(shape, INSIDE_QUOTED_TEXT) : undefined;
    const opening = isText ? `${head} msg="` : head;
    const closing = isText ? `"${event}` : event;
    const constant = body?.constant;
    return {
      owner: this,
      head: makeFragment(constant === undefined ? opening : opening + constant + closing),
      message: constant === undefined ? body : undefined,
      afterMessage: makeFragment(constant === undefined ? closing : ""),
      keys: shape.keys.map((key) => makeFragment(` ${NAMES.nameOf(key)}=`)),
    };
  }
}

/** Returns where the value of the first key stands. */
function writeMessage(record: RecordCursor, parts: LogfmtParts, out: OutputBuffer): number {
  if (parts.message !== undefined) return parts.message.write(out, record);
  const at = record.valuesAt;
  if (record.shape.body !== "value") return at;
  if (record.view.getUint8(at) !== ABSENT) {
    out.fragment(MESSAGE);
    writeBodyValue(out, record, at, INSIDE_QUOTED_TEXT);
    out.byte(QUOTE);
  }
  return skipValue(record.view, at);
}

function writeExtras(record: RecordCursor, extrasAt: number, out: OutputBuffer): void {
  const { view } = record;
  const count = view.getUint32(extrasAt, true);
  let at = extrasAt + 4;
  for (let i = 0; i < count; i++) {
    const valueAt = skipValue(view, at);
    if (view.getUint8(valueAt) !== ABSENT) {
      writeKey(record, at, out);
      writeTextValue(out, record, valueAt, writeNestedInQuotes);
    }
    at = skipValue(view, valueAt);
  }
}

function writeKey(record: RecordCursor, at: number, out: OutputBuffer): void {
  const treatment = NAMES.treatmentOf(record, at);
  if (treatment === "rewritten") {
    out.byte(SPACE);
    out.text(NAMES.readName(record, at));
  } else {
    if (treatment === "reserved") out.fragment(RESERVED_KEY);
    else out.byte(SPACE);
    out.copyRange(record.bytes, record.view, textAt(record, at), textLength(record, at));
  }
  out.byte(EQUALS);
}

function writeNestedInQuotes(out: OutputBuffer, source: ValueSource, at: number): void {
  out.byte(QUOTE);
  writeBodyValue(out, source, at, INSIDE_QUOTED_TEXT);
  out.byte(QUOTE);
}
