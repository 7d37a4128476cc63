import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { escapeText } from "./escapes.ts";
import { LineMessage } from "./line-message.ts";
import { writeHex, writeMillis } from "./numbers.ts";
import { localSecond, SecondText, utcSecond } from "./second-text.ts";
import { TextTail } from "./text-tail.ts";
import { levelText } from "./vendor-levels.ts";
import { writeLines, writeNestedAsJson, type LinePrefixes } from "./text-value.ts";

/** How the lines of the layout of its own look. */
export interface TextLineOptions {
  /** Time in UTC with a "Z" behind it, instead of the local time of the process. */
  readonly isUtc: boolean;
  /** Whether a record of a span ends with its `trace_id` and `span_id`. */
  readonly hasSpanIds: boolean;
}

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const TRACE_ID: Fragment = makeFragment(" trace_id=");
const SPAN_ID: Fragment = makeFragment(" span_id=");
const STACK_PREFIXES: LinePrefixes = { first: makeFragment("\n"), others: makeFragment("\n") };

/** What one formatter has computed of one shape. */
interface TextParts {
  readonly owner: TextLine;
  /** From the end of the time to the first thing that differs from record to record. */
  readonly head: Fragment;
  /** Undefined where the message is a part of the head. */
  readonly message: LineMessage | undefined;
  readonly afterMessage: Fragment;
  readonly tail: TextTail;
}

/** The layout that `FemtoTextFormatter` has without a `format`. One formatter's own; never throws. */
export class TextLine {
  readonly #timeEnd: string;
  readonly #hasSpanIds: boolean;
  readonly #second: SecondText;

  constructor({ isUtc, hasSpanIds }: TextLineOptions) {
    this.#timeEnd = isUtc ? "Z" : "";
    this.#hasSpanIds = hasSpanIds;
    const secondOf = isUtc ? utcSecond : localSecond;
    this.#second = new SecondText((date) => `${secondOf(date)}.`);
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    out.fragment(this.#second.fragment(record.timeSeconds));
    writeMillis(out, record.timeNanos);
    out.fragment(parts.head);
    const keysAt = parts.message === undefined ? record.valuesAt : parts.message.write(out, record);
    out.fragment(parts.afterMessage);
    const stackAt = parts.tail.findStack(record);
    parts.tail.write(out, record, keysAt, stackAt);
    if (record.spanAt >= 0 && this.#hasSpanIds) writeSpanIds(out, record);
    if (stackAt >= 0) writeLines(out, record, stackAt, STACK_PREFIXES);
  }

  #partsOf(shape: Shape): TextParts {
    const known = shape.fragments as TextParts | undefined;
    if (known?.owner === this) return known;
    const parts = this.#makeParts(shape);
    shape.fragments = parts;
    return parts;
  }

  #makeParts(shape: Shape): TextParts {
    const message = new LineMessage(shape);
    const level = escapeText(levelText(shape));
    const logger = shape.scope.name === "" ? "" : ` ${escapeText(shape.scope.name)}`;
    const head = `${this.#timeEnd} ${level}${logger}:${message.constant === "" ? "" : " "}`;
    const isConstant = message.constant !== undefined;
    return {
      owner: this,
      head: makeFragment(isConstant ? head + message.constant + message.event : head),
      message: isConstant ? undefined : message,
      afterMessage: makeFragment(isConstant ? "" : message.event),
      tail: new TextTail(shape, writeNestedAsJson),
    };
  }
}

function writeSpanIds(out: OutputBuffer, record: RecordCursor): void {
  out.fragment(TRACE_ID);
  writeHex(out, record.bytes, record.spanAt, TRACE_ID_BYTES);
  out.fragment(SPAN_ID);
  writeHex(out, record.bytes, record.spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
}
