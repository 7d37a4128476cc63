import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { ResourceDefinition, Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT, NULL, PLAIN_TEXT } from "../../processors/shape/value-tag.ts";
import { TextBody } from "./body.ts";
import { INSIDE_JSON_STRING, writeFlatJsonValue, writeValueAsJsonText } from "./body-value.ts";
import { copyForJson } from "./escapes.ts";
import type { FieldNames } from "./field-names.ts";
import { JsonGroup, type AttributeGroup } from "./json-groups.ts";
import { jsonText, writeJsonValue } from "./json-value.ts";
import { writeInteger } from "./numbers.ts";
import { RecordTime, type RecordTimeForm } from "./record-time.ts";
import { ATTRIBUTES_PREFIX } from "./reserved-keys.ts";
import { SpanFields, type SpanLayout } from "./span-fields.ts";
import { textAt, textLength } from "./value-source.ts";

const CLOSING_BRACE = 125;
const NOTHING: Fragment = makeFragment("");
const KEY_END: Fragment = makeFragment('":');

/** What a JSON format consists of, as text; a record is written in the order of these fields. */
export interface JsonLayout {
  /** From the beginning to the value of the time: `{"time":`. */
  readonly timeKey: string;
  readonly time: RecordTimeForm;
  /** What follows the time and is the same for all records of a shape: `,"level":"INFO"`. */
  readonly head: (shape: Shape) => string;
  /** Before the value of the message: `,"msg":`. */
  readonly messageKey: string;
  /**
   * `value`: a body that is no text stays what it is, and without a body there is no message. `text`: there is always a
   * message, a string; without a body it is the name of the event.
   */
  readonly message: "value" | "text";
  /** What follows the message and is the same for all records of a shape. */
  readonly afterMessage: (shape: Shape) => string;
  readonly span: SpanLayout;
  /** Before the key of an attribute, its quote included: `,"`, or more where all keys have a prefix. */
  readonly keyHead: string;
  readonly names: FieldNames;
  /** `any`: every JSON value. `flat`: strings and numbers only; null is left out. */
  readonly values: "any" | "flat";
  readonly groups: readonly AttributeGroup[];
  /** Before the number of attributes that were dropped, where some were. */
  readonly droppedKey: string;
  /** Before the brace that ends the line. */
  readonly end: string;
}

/** What is computed once for each shape. */
interface JsonParts {
  readonly owner: JsonLine;
  /** The one whose attributes the parts tell: asynchronous ones come later, in another one. */
  readonly resource: ResourceDefinition;
  /** From the end of the time to the first thing that differs from record to record. */
  readonly head: Fragment;
  /** Undefined where the message is a part of the head, or is no text. */
  readonly message: TextBody | undefined;
  /** From the end of the message to the first attribute; empty where the head says it all. */
  readonly afterMessage: Fragment;
  /** `,"key":` for each key of the shape; undefined for one that is written elsewhere. */
  readonly keys: readonly (Fragment | undefined)[];
  readonly groups: readonly JsonGroup[];
}

/**
 * Writes records as JSON objects of one layout, without terminator: fragments of the shape, copied, and the values
 * between them. Valid JSON in valid UTF-8, whatever the values are. One formatter's own; never throws.
 */
export class JsonLine {
  readonly #layout: JsonLayout;
  readonly #time: RecordTime;
  readonly #span: SpanFields;
  readonly #isFlat: boolean;
  readonly #messageKey: Fragment;
  readonly #keyHead: Fragment;
  readonly #reservedKeyHead: Fragment;
  readonly #droppedKey: Fragment;
  readonly #end: Fragment;

  constructor(layout: JsonLayout) {
    this.#layout = layout;
    this.#time = new RecordTime(layout.time, { before: layout.timeKey, quote: '"' });
    this.#span = new SpanFields(layout.span);
    this.#isFlat = layout.values === "flat";
    this.#messageKey = makeFragment(layout.messageKey);
    this.#keyHead = makeFragment(layout.keyHead);
    this.#reservedKeyHead = makeFragment(layout.keyHead + ATTRIBUTES_PREFIX);
    this.#droppedKey = makeFragment(layout.droppedKey);
    this.#end = makeFragment(layout.end);
  }

  /** Appends the record. */
  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    this.#time.write(out, record);
    out.fragment(parts.head);
    const keysAt = this.#writeMessage(record, parts, out);
    if (parts.afterMessage.length > 0) out.fragment(parts.afterMessage);
    if (record.spanAt >= 0) this.#span.write(out, record);
    const extrasAt = this.#isFlat
      ? this.#writeFlatKeys(record, { keys: parts.keys, at: keysAt }, out)
      : writeKeys(out, record, parts.keys, keysAt);
    if (record.hasExtras) this.#writeExtras(record, extrasAt, out);
    const { groups } = parts;
    for (let i = 0; i < groups.length; i++) (groups[i] as JsonGroup).write(out, record);
    if (record.droppedCount > 0) {
      out.fragment(this.#droppedKey);
      writeInteger(out, record.droppedCount);
    }
    if (this.#end.length > 0) out.fragment(this.#end);
    out.byte(CLOSING_BRACE);
  }

  /** Returns where the value of the first key stands. */
  #writeMessage(record: RecordCursor, parts: JsonParts, out: OutputBuffer): number {
    if (parts.message !== undefined) return parts.message.write(out, record);
    if (record.shape.body !== "value") return record.valuesAt;
    const at = record.valuesAt;
    const isAbsent = record.view.getUint8(at) === ABSENT;
    if (this.#layout.message === "value") {
      if (isAbsent) return at + 1;
      out.fragment(this.#messageKey);
      return writeJsonValue(out, record, at);
    }
    out.fragment(this.#messageKey);
    if (isAbsent) out.ascii('""');
    else writeValueAsJsonText(out, record, at);
    return skipValue(record.view, at);
  }

  /** Returns where the value behind the last one begins. */
  #writeFlatKeys(
    record: RecordCursor,
    from: { readonly keys: JsonParts["keys"]; readonly at: number },
    out: OutputBuffer,
  ): number {
    let { at } = from;
    for (const key of from.keys) {
      if (key !== undefined && !this.#isLeftOut(record.view, at)) {
        out.fragment(key);
        writeFlatJsonValue(out, record, at);
      }
      at = skipValue(record.view, at);
    }
    return at;
  }

  #isLeftOut(view: DataView, at: number): boolean {
    const tag = view.getUint8(at);
    return tag === ABSENT || (tag === NULL && this.#isFlat);
  }

  #writeExtras(record: RecordCursor, extrasAt: number, out: OutputBuffer): void {
    const { view } = record;
    const count = view.getUint32(extrasAt, true);
    let at = extrasAt + 4;
    for (let i = 0; i < count; i++) {
      const valueAt = skipValue(view, at);
      if (!this.#isLeftOut(view, valueAt) && this.#writeExtraKey(record, at, out)) {
        if (this.#isFlat) writeFlatJsonValue(out, record, valueAt);
        else writeJsonValue(out, record, valueAt);
      }
      at = skipValue(view, valueAt);
    }
  }

  /** False for a key whose attribute is written elsewhere: nothing is written then. */
  #writeExtraKey(record: RecordCursor, at: number, out: OutputBuffer): boolean {
    const { names } = this.#layout;
    const treatment = names.treatmentOf(record, at);
    if (treatment === "left out") return false;
    if (treatment === "rewritten") {
      out.fragment(this.#keyHead);
      out.text(jsonText(names.readName(record, at)).slice(1, -1));
    } else {
      out.fragment(treatment === "reserved" ? this.#reservedKeyHead : this.#keyHead);
      const from = textAt(record, at);
      const length = textLength(record, at);
      if (record.view.getUint8(at) === PLAIN_TEXT) out.copyRange(record.bytes, record.view, from, length);
      else copyForJson(out, record, from, length);
    }
    out.fragment(KEY_END);
    return true;
  }

  #partsOf(shape: Shape): JsonParts {
    const known = shape.fragments as JsonParts | undefined;
    if (known?.owner === this && known.resource === shape.scope.resource) return known;
    const parts = this.#makeParts(shape);
    shape.fragments = parts;
    return parts;
  }

  #makeParts(shape: Shape): JsonParts {
    const layout = this.#layout;
    const after = layout.afterMessage(shape);
    return {
      owner: this,
      resource: shape.scope.resource,
      keys: shape.keys.map((key) => this.#keyFragment(key)),
      groups: layout.groups.map((group) => new JsonGroup(group, shape)),
      ...this.#makeMessage(shape, this.#time.end + layout.head(shape), after),
    };
  }

  #makeMessage(
    shape: Shape,
    head: string,
    after: string,
  ): Pick<JsonParts, "head" | "message" | "afterMessage"> {
    const { messageKey, message } = this.#layout;
    if (shape.body === "value") {
      return { head: makeFragment(head), message: undefined, afterMessage: makeFragment(after) };
    }
    if (shape.body === "none") {
      const text = message === "text" ? messageKey + jsonText(shape.eventName ?? "") : "";
      return { head: makeFragment(head + text + after), message: undefined, afterMessage: NOTHING };
    }
    const body = new TextBody(shape, INSIDE_JSON_STRING);
    const opening = `${head}${messageKey}"`;
    if (body.constant !== undefined) {
      const whole = `${opening}${body.constant}"${after}`;
      return { head: makeFragment(whole), message: undefined, afterMessage: NOTHING };
    }
    return { head: makeFragment(opening), message: body, afterMessage: makeFragment(`"${after}`) };
  }

  #keyFragment(key: string): Fragment | undefined {
    const name = this.#layout.names.nameOf(key);
    if (name === undefined) return undefined;
    return makeFragment(`${this.#layout.keyHead}${jsonText(name).slice(1, -1)}":`);
  }
}

/** What most records consist of. Returns where the value behind the last one begins. */
function writeKeys(
  out: OutputBuffer,
  record: RecordCursor,
  keys: readonly (Fragment | undefined)[],
  keysAt: number,
): number {
  const { view } = record;
  let at = keysAt;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (key === undefined || view.getUint8(at) === ABSENT) {
      at = skipValue(view, at);
    } else {
      out.fragment(key);
      at = writeJsonValue(out, record, at);
    }
  }
  return at;
}
