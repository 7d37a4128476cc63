import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { LineMessage } from "./line-message.ts";
import { writeHex } from "./numbers.ts";
import { TextTail } from "./text-tail.ts";
import { textWord, writeNestedAsJson } from "./text-value.ts";

const NOWHERE = -1;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const TRACE_ID: Fragment = makeFragment(" trace_id=");
const SPAN_ID: Fragment = makeFragment(" span_id=");

/**
 * The text of a message of syslog, made once for each shape: the message on one line, and behind it, where nothing else carries
 * them, logger, attributes and span as `key=value`. Line breaks and control characters are escaped, those of stacks too, so that
 * no value begins a message of its own (CWE-117).
 */
export class SyslogText {
  readonly #message: LineMessage;
  readonly #constant: Fragment | undefined;
  readonly #afterMessage: Fragment;
  readonly #tail: TextTail | undefined;

  /** @param hasTail Whether attributes follow the message. */
  constructor(shape: Shape, hasTail: boolean) {
    this.#message = new LineMessage(shape);
    const { constant } = this.#message;
    this.#constant = constant === undefined ? undefined : makeFragment(constant);
    const logger = shape.scope.name === "" ? "" : ` logger=${textWord(shape.scope.name)}`;
    this.#afterMessage = makeFragment(hasTail ? `${this.#message.event}${logger}` : "");
    this.#tail = hasTail ? new TextTail(shape, writeNestedAsJson) : undefined;
  }

  write(out: OutputBuffer, record: RecordCursor): void {
    const keysAt = this.#writeMessage(out, record);
    if (this.#tail === undefined) return;
    out.fragment(this.#afterMessage);
    // The stack is an attribute like the others: what stood on lines of its own would be messages of their own.
    this.#tail.write(out, record, keysAt, NOWHERE);
    if (record.spanAt < 0) return;
    out.fragment(TRACE_ID);
    writeHex(out, record.bytes, record.spanAt, TRACE_ID_BYTES);
    out.fragment(SPAN_ID);
    writeHex(out, record.bytes, record.spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
  }

  /** Returns where the value of the first key stands. */
  #writeMessage(out: OutputBuffer, record: RecordCursor): number {
    if (this.#constant === undefined) return this.#message.write(out, record);
    out.fragment(this.#constant);
    return record.valuesAt;
  }
}
