import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT, ARRAY, CONTAINER_HEAD_BYTES, MAP } from "../../processors/shape/value-tag.ts";
import { copyForText } from "./escapes.ts";
import { KeySet } from "./key-set.ts";
import { writeQuoted, writeTextValue } from "./text-value.ts";
import { isText, textAt, textLength, type ValueSource } from "./value-source.ts";

const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const OPENING_BRACE: Fragment = makeFragment("{ ");
const CLOSING_BRACE: Fragment = makeFragment(" }");
const EMPTY_MAP: Fragment = makeFragment("{}");
const COMMA: Fragment = makeFragment(", ");
const COLON: Fragment = makeFragment(": ");

const IDENTIFIER_BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  return Number(/[\w$]/.test(String.fromCharCode(byte)));
});

/** What of an error's map its stack says already. */
const SAID_BY_STACK = new KeySet(["stacktrace", "causes", "errors"]);
const STACKTRACE = new KeySet(["stacktrace"]);

/** Where the text `stacktrace` of the map at `at` stands, or -1: what a map that was an error has. */
export function stackInside(source: ValueSource, at: number): number {
  const view = source.view;
  if (view.getUint8(at) !== MAP) return -1;
  const count = view.getUint32(at + 5, true);
  let next = at + CONTAINER_HEAD_BYTES;
  for (let i = 0; i < count; i++) {
    const valueAt = skipValue(view, next);
    if (STACKTRACE.includesText(source, next) && isText(source, valueAt)) return valueAt;
    next = skipValue(view, valueAt);
  }
  return -1;
}

/** Writes an array or a map in the manner of `util.inspect`, on one line: `{ id: 1, tags: ["a", "b"] }`. */
function writeInspected(out: OutputBuffer, source: ValueSource, at: number): void {
  if (source.view.getUint8(at) === ARRAY) writeArray(out, source, at);
  else writeMap(out, source, at, false);
}

/** The same, less the stack of what was an error: for those who write the stack on lines of its own. */
export function writeInspectedAttribute(out: OutputBuffer, source: ValueSource, at: number): void {
  if (source.view.getUint8(at) === ARRAY) writeArray(out, source, at);
  else writeMap(out, source, at, stackInside(source, at) >= 0);
}

function writeArray(out: OutputBuffer, source: ValueSource, at: number): void {
  const count = source.view.getUint32(at + 5, true);
  let next = at + CONTAINER_HEAD_BYTES;
  out.byte(OPENING_BRACKET);
  for (let i = 0; i < count; i++) {
    if (i > 0) out.fragment(COMMA);
    writeElement(out, source, next);
    next = skipValue(source.view, next);
  }
  out.byte(CLOSING_BRACKET);
}

function writeMap(out: OutputBuffer, source: ValueSource, at: number, isError: boolean): void {
  const view = source.view;
  const count = view.getUint32(at + 5, true);
  let next = at + CONTAINER_HEAD_BYTES;
  let writtenCount = 0;
  for (let i = 0; i < count; i++) {
    const valueAt = skipValue(view, next);
    const isLeftOut =
      view.getUint8(valueAt) === ABSENT || (isError && SAID_BY_STACK.includesText(source, next));
    if (!isLeftOut) {
      out.fragment(writtenCount++ === 0 ? OPENING_BRACE : COMMA);
      writeKey(out, source, next);
      out.fragment(COLON);
      writeElement(out, source, valueAt);
    }
    next = skipValue(view, valueAt);
  }
  out.fragment(writtenCount === 0 ? EMPTY_MAP : CLOSING_BRACE);
}

function writeKey(out: OutputBuffer, source: ValueSource, at: number): void {
  const from = textAt(source, at);
  const length = textLength(source, at);
  for (let i = from; i < from + length; i++) {
    if (IDENTIFIER_BYTES[source.bytes[i] as number] === 1) continue;
    writeQuoted(out, source, at);
    return;
  }
  if (length === 0) writeQuoted(out, source, at);
  else copyForText(out, source, from, length);
}

function writeElement(out: OutputBuffer, source: ValueSource, at: number): void {
  if (isText(source, at)) writeQuoted(out, source, at);
  else writeTextValue(out, source, at, writeInspected);
}
