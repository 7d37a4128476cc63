import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import { AttributePath } from "./attribute-path.ts";
import { KeySet } from "./key-set.ts";
import { writeInteger } from "./numbers.ts";
import { textWord, writeTextValue, writeTextWord, type NestedWriter } from "./text-value.ts";
import { isText, textAt, textLength, type ValueSource } from "./value-source.ts";

const SPACE = 32;
const EQUALS = 61;
const NOWHERE = -1;
const DROPPED: Fragment = makeFragment(" dropped_attributes=");

const STACKTRACE = "exception.stacktrace";
/** What the text of a stack has in it, as a rule. */
const PARTS_OF_STACK = new KeySet(["exception.type", "exception.message"]);
/** What a stack stands for: itself, and the stacks of causes and members, which are joined to it. */
const SAID_BY_STACK = new KeySet([STACKTRACE, "exception.causes", "exception.errors"]);

/** What becomes of an attribute: the message has it already, or the stack may have it. */
type Treatment = "write" | "in message" | "part of stack" | "said by stack";

/**
 * The end of a line for people: ` key=value` for each attribute that the message has not shown. Where the record has
 * the stack of an exception, which the caller writes on lines of its own, what the stack says is left out.
 * Made once for each shape.
 */
export class TextTail {
  readonly #keys: readonly Fragment[];
  readonly #treatments: readonly Treatment[];
  readonly #stack: AttributePath;
  /** Names of the holes of the template. */
  readonly #holes: KeySet;
  readonly #writeNested: NestedWriter;

  /** @param writeNested How arrays and maps are written. */
  constructor(shape: Shape, writeNested: NestedWriter) {
    this.#holes = new KeySet(holeNames(shape));
    this.#keys = shape.keys.map((key) => makeFragment(` ${textWord(key)}=`));
    this.#treatments = shape.keys.map((key) => {
      if (this.#holes.has(key)) return "in message";
      if (PARTS_OF_STACK.has(key)) return "part of stack";
      return SAID_BY_STACK.has(key) ? "said by stack" : "write";
    });
    this.#stack = new AttributePath(STACKTRACE, shape);
    this.#writeNested = writeNested;
  }

  /** Where the text of the record's stack stands, or -1. */
  findStack(record: RecordCursor): number {
    const at = this.#stack.findOwn(record);
    return at !== NOWHERE && isText(record, at) && textLength(record, at) > 0 ? at : NOWHERE;
  }

  /**
   * Appends the attributes.
   * @param keysAt Where the value of the first key stands.
   * @param stackAt What `findStack` has returned.
   */
  write(out: OutputBuffer, record: RecordCursor, keysAt: number, stackAt: number): void {
    let at = keysAt;
    for (let i = 0; i < this.#keys.length; i++) {
      if (!isLeftOut(record, at, this.#treatments[i] as Treatment, stackAt)) {
        out.fragment(this.#keys[i] as Fragment);
        writeTextValue(out, record, at, this.#writeNested);
      }
      at = skipValue(record.view, at);
    }
    if (record.hasExtras) this.#writeExtras(out, record, at, stackAt);
    if (record.droppedCount === 0) return;
    out.fragment(DROPPED);
    writeInteger(out, record.droppedCount);
  }

  #writeExtras(out: OutputBuffer, record: RecordCursor, extrasAt: number, stackAt: number): void {
    const view = record.view;
    const count = view.getUint32(extrasAt, true);
    let at = extrasAt + 4;
    for (let i = 0; i < count; i++) {
      const valueAt = skipValue(view, at);
      if (!isLeftOut(record, valueAt, this.#treatmentOf(record, at), stackAt)) {
        out.byte(SPACE);
        writeTextWord(out, record, at);
        out.byte(EQUALS);
        writeTextValue(out, record, valueAt, this.#writeNested);
      }
      at = skipValue(view, valueAt);
    }
  }

  #treatmentOf(record: RecordCursor, keyAt: number): Treatment {
    if (this.#holes.includesText(record, keyAt)) return "in message";
    if (PARTS_OF_STACK.includesText(record, keyAt)) return "part of stack";
    return SAID_BY_STACK.includesText(record, keyAt) ? "said by stack" : "write";
  }
}

function holeNames(shape: Shape): string[] {
  if (shape.body !== "named" && shape.body !== "printf") return [];
  return shape.parsed.pieces.flatMap((piece) => (piece.kind === "named" ? [piece.path] : []));
}

function isLeftOut(record: RecordCursor, at: number, treatment: Treatment, stackAt: number): boolean {
  if (record.view.getUint8(at) === ABSENT) return true;
  switch (treatment) {
    case "write":
      return false;
    case "in message":
      return true;
    case "part of stack":
      return stackAt >= 0 && isText(record, at) && bytesOf(record, stackAt).includes(bytesOf(record, at));
    case "said by stack":
      return stackAt >= 0;
  }
}

function bytesOf(source: ValueSource, at: number): Buffer {
  const from = textAt(source, at);
  return source.bytes.subarray(from, from + textLength(source, at));
}
