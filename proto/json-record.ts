// One LogRecord in OTLP/JSON, as an object without anything around it.
import { makeFragment, type Fragment, type OutputBuffer } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import { skipValue } from "../processors/shape/value-reader.ts";
import { ABSENT } from "../processors/shape/value-tag.ts";
import { writeHex } from "../src/formatters/numbers.ts";
import { dropLastComma, writeJsonAnyValue, writeJsonPairs, writeJsonShapePair } from "./json-any-value.ts";
import type { JsonRecordFragments } from "./json-fragments.ts";
import { TRACE_FLAGS_MASK } from "./otlp-fields.ts";
import { hasTemplateExtra } from "./template-attribute.ts";
import type { UnixNanosText } from "./unix-nanos.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const QUOTE = 34;
const CLOSING_BRACE = 125;

const recordHead: Fragment = makeFragment('{"timeUnixNano":"');
const observedHead: Fragment = makeFragment('","observedTimeUnixNano":"');
const textHead: Fragment = makeFragment(',"body":{"stringValue":"');
const textEnd: Fragment = makeFragment('"}');
const bodyHead: Fragment = makeFragment(',"body":');
const attributesHead: Fragment = makeFragment(',"attributes":[');
const attributesEnd: Fragment = makeFragment("]");
const traceIdHead: Fragment = makeFragment(',"traceId":"');
const spanIdHead: Fragment = makeFragment('","spanId":"');

/** What a renderer has for the record. */
export interface JsonRecordParts {
  readonly fragments: JsonRecordFragments;
  readonly nanos: UnixNanosText;
}

/** Appends the record. Any thread; never throws. */
export function writeJsonRecord(out: OutputBuffer, record: RecordCursor, parts: JsonRecordParts): void {
  const { fragments, nanos } = parts;
  out.fragment(recordHead);
  nanos.write(out, record.timeSeconds, record.timeNanos);
  out.fragment(observedHead);
  nanos.write(out, record.observedSeconds, record.observedNanos);
  out.fragment(fragments.fields);
  const keysAt = writeBody(out, record, fragments);
  writeAttributes(out, record, fragments, keysAt);
  if (record.droppedCount !== 0) out.ascii(`,"droppedAttributesCount":${record.droppedCount}`);
  if (record.spanAt >= 0) writeSpan(out, record);
  out.byte(CLOSING_BRACE);
}

/** The body, where it depends on the record. Returns where the value of the first key stands. */
function writeBody(out: OutputBuffer, record: RecordCursor, fragments: JsonRecordFragments): number {
  if (fragments.text !== undefined) {
    out.fragment(textHead);
    const keysAt = fragments.text.write(out, record);
    out.fragment(textEnd);
    return keysAt;
  }
  if (record.shape.body === "value" && record.view.getUint8(record.valuesAt) !== ABSENT) {
    out.fragment(bodyHead);
    writeJsonAnyValue(out, record, record.valuesAt);
  }
  return record.valueAt(record.shape.argumentCount);
}

/** The values of the shape's keys, then those that have their keys with them. No list where there is none of them. */
function writeAttributes(
  out: OutputBuffer,
  record: RecordCursor,
  fragments: JsonRecordFragments,
  keysAt: number,
): void {
  const { view } = record;
  const { pairHeads, template } = fragments;
  const startAt = out.at;
  out.fragment(attributesHead);
  const listAt = out.at;
  let valueAt = keysAt;
  for (let i = 0; i < pairHeads.length; i++) {
    writeJsonShapePair(out, record, pairHeads[i] as Fragment, valueAt);
    valueAt = skipValue(view, valueAt);
  }
  if (record.hasExtras) writeJsonPairs(out, record, valueAt);
  if (template !== undefined && !(record.hasExtras && hasTemplateExtra(record, valueAt)))
    out.fragment(template);
  if (out.at === listAt) {
    out.at = startAt;
  } else {
    dropLastComma(out, listAt);
    out.fragment(attributesEnd);
  }
}

function writeSpan(out: OutputBuffer, record: RecordCursor): void {
  const { bytes, spanAt } = record;
  const spanIdAt = spanAt + TRACE_ID_BYTES;
  const flags = record.traceFlags & TRACE_FLAGS_MASK;
  if (flags !== 0) out.ascii(`,"flags":${flags}`);
  out.fragment(traceIdHead);
  writeHex(out, bytes, spanAt, TRACE_ID_BYTES);
  out.fragment(spanIdHead);
  writeHex(out, bytes, spanIdAt, SPAN_ID_BYTES);
  out.byte(QUOTE);
}
