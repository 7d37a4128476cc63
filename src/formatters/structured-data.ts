import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { readText, skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import { INSIDE_TEXT, writeBodyValue } from "./body-value.ts";
import { escapeText } from "./escapes.ts";
import { writeHex, writeHexByte, writeInteger } from "./numbers.ts";
import { ReservedKeys } from "./reserved-keys.ts";

const SCRATCH_BYTES = 1024;
const SCRATCH_KEEP_BYTES = 65_536;
const QUOTE = 34;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const NAME_CHARS_MAX = 32;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Room for ` omitted="…"]`. */
const END_BYTES = 32;

const TRACE_ID: Fragment = makeFragment(' trace_id="');
const SPAN_ID: Fragment = makeFragment('" span_id="');
const TRACE_FLAGS: Fragment = makeFragment('" trace_flags="');
const DROPPED: Fragment = makeFragment(' dropped_attributes="');
const OMITTED: Fragment = makeFragment(' omitted="');
const RESERVED = new ReservedKeys([
  "logger",
  "event",
  "trace_id",
  "span_id",
  "trace_flags",
  "dropped_attributes",
  "omitted",
]);

/**
 * The attributes of a record as one element of structured data, made once for each shape:
 *
 *     [femtologging@32473 logger="shop" trace_id="…" span_id="…" trace_flags="01" orderId="7"]
 *
 * Arrays and maps are JSON. Line breaks and control characters are escaped as in JSON, before the escapes of syslog. A
 * parameter that the element has no room for is left out and counted in `omitted`.
 *
 * @see RFC 5424, 6.3 STRUCTURED-DATA
 */
export class StructuredData {
  readonly #opening: Fragment;
  /** Logger and event. */
  readonly #constants: readonly Fragment[];
  readonly #keys: readonly Fragment[];
  readonly #argumentCount: number;
  readonly #value = new OutputBuffer(SCRATCH_BYTES);

  /** @param event Name of the event, where the header cannot say it. */
  constructor(shape: Shape, parts: { readonly id: string; readonly event: string | undefined }) {
    const logger = shape.scope.name === "" ? [] : [` logger="${escapeParam(shape.scope.name)}"`];
    const event = parts.event === undefined ? [] : [` event="${escapeParam(parts.event)}"`];
    this.#opening = makeFragment(`[${parts.id}`);
    this.#constants = [...logger, ...event].map((text) => makeFragment(text));
    this.#keys = shape.keys.map((key) => makeFragment(openParam(key)));
    this.#argumentCount = shape.argumentCount;
  }

  /** Appends the element. @param bytesMax Longest element, at least 66: its name and the count of what is left out. */
  write(out: OutputBuffer, record: RecordCursor, bytesMax: number): void {
    const end = out.at + bytesMax - END_BYTES;
    out.fragment(this.#opening);
    const omittedCount = this.#writeFields(out, record, end) + this.#writeAttributes(out, record, end);
    if (omittedCount > 0) writeCount(out, OMITTED, omittedCount);
    out.byte(CLOSING_BRACKET);
  }

  /** What is no attribute. Returns how many had no room. */
  #writeFields(out: OutputBuffer, record: RecordCursor, end: number): number {
    let omittedCount = 0;
    const write = (writeOne: () => void): void => {
      const from = out.at;
      writeOne();
      if (out.at <= end) return;
      out.at = from;
      omittedCount++;
    };
    for (const constant of this.#constants) write(() => out.fragment(constant));
    if (record.spanAt >= 0) write(() => writeSpan(out, record));
    if (record.droppedCount > 0) write(() => writeCount(out, DROPPED, record.droppedCount));
    return omittedCount;
  }

  /** Returns how many had no room. */
  #writeAttributes(out: OutputBuffer, record: RecordCursor, end: number): number {
    const { view } = record;
    let omittedCount = 0;
    let at = record.valueAt(this.#argumentCount);
    for (const key of this.#keys) {
      if (!this.#writeParam(out, record, { key, at, end })) omittedCount++;
      at = skipValue(view, at);
    }
    if (!record.hasExtras) return omittedCount;
    const count = view.getUint32(at, true);
    at += 4;
    for (let i = 0; i < count; i++) {
      const key = makeFragment(openParam(readText(record.bytes, view, at)));
      const valueAt = skipValue(view, at);
      if (!this.#writeParam(out, record, { key, at: valueAt, end })) omittedCount++;
      at = skipValue(view, valueAt);
    }
    return omittedCount;
  }

  #writeParam(
    out: OutputBuffer,
    record: RecordCursor,
    param: { readonly key: Fragment; readonly at: number; readonly end: number },
  ): boolean {
    if (record.view.getUint8(param.at) === ABSENT) return true;
    const from = out.at;
    this.#value.clear(SCRATCH_KEEP_BYTES);
    writeBodyValue(this.#value, record, param.at, INSIDE_TEXT);
    out.fragment(param.key);
    copyForParam(out, this.#value);
    out.byte(QUOTE);
    if (out.at <= param.end) return true;
    out.at = from;
    return false;
  }
}

function writeSpan(out: OutputBuffer, record: RecordCursor): void {
  out.fragment(TRACE_ID);
  writeHex(out, record.bytes, record.spanAt, TRACE_ID_BYTES);
  out.fragment(SPAN_ID);
  writeHex(out, record.bytes, record.spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
  out.fragment(TRACE_FLAGS);
  writeHexByte(out, record.traceFlags);
  out.byte(QUOTE);
}

function writeCount(out: OutputBuffer, name: Fragment, count: number): void {
  out.fragment(name);
  writeInteger(out, count);
  out.byte(QUOTE);
}

/** ` name="`: names are 1 to 32 characters of printable ASCII without `=`, `]` and `"`. @see RFC 5424, 6.3.3 */
function openParam(key: string): string {
  const name = RESERVED.rename(key)
    .replaceAll(/[^!#-<>-\\^-~]/g, "_")
    .slice(0, NAME_CHARS_MAX);
  return ` ${name === "" ? "_" : name}="`;
}

function escapeParam(text: string): string {
  return escapeText(text).replaceAll(/["\\\]]/g, String.raw`\$&`);
}

/** `"`, `\` and `]` need a backslash, and nothing else has one. */
function copyForParam(out: OutputBuffer, value: OutputBuffer): void {
  const length = value.at;
  out.ensure(length * 2);
  const target = out.bytes;
  let at = out.at;
  for (let i = 0; i < length; i++) {
    const byte = value.bytes[i] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte === CLOSING_BRACKET) target[at++] = BACKSLASH;
    target[at++] = byte;
  }
  out.at = at;
}
