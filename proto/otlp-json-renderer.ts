import { makeFragment, OutputBuffer, type Fragment } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../processors/shape/renderer.ts";
import type { Shape } from "../processors/shape/shape.ts";
import { skipValue } from "../processors/shape/value-reader.ts";
import { writeHex } from "../src/formatters/numbers.ts";
import { ABSENT } from "../processors/shape/value-tag.ts";
import { dropLastComma, writeJsonAnyValue, writeJsonPairs, writeJsonShapePair } from "./json-any-value.ts";
import { JsonEnvelopeWriter } from "./json-envelope.ts";
import { makeJsonFragments, type JsonFragments } from "./json-fragments.ts";
import { TRACE_FLAGS_MASK } from "./otlp-fields.ts";
import type { OtlpRendererOptions } from "./otlp-renderer-options.ts";
import { ScopeBatches, type ResourceGroup } from "./scope-batches.ts";
import { hasTemplateExtra } from "./template-attribute.ts";
import { UnixNanosText } from "./unix-nanos.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const QUOTE = 34;
const COMMA = 44;

const requestHead: Fragment = makeFragment('{"resourceLogs":[');
const requestEnd: Fragment = makeFragment("]}");
const recordHead: Fragment = makeFragment('{"timeUnixNano":"');
const observedHead: Fragment = makeFragment('","observedTimeUnixNano":"');
const textHead: Fragment = makeFragment(',"body":{"stringValue":"');
const textEnd: Fragment = makeFragment('"}');
const bodyHead: Fragment = makeFragment(',"body":');
const attributesHead: Fragment = makeFragment(',"attributes":[');
const attributesEnd: Fragment = makeFragment("]");
const traceIdHead: Fragment = makeFragment(',"traceId":"');
const spanIdHead: Fragment = makeFragment('","spanId":"');
const recordEnd: Fragment = makeFragment("},");

/**
 * Renders batches as OTLP/JSON: an `ExportLogsServiceRequest`, which is a `LogsData` too, in one line without
 * terminator. Strict: 64-bit integers are decimal strings, ids lower-case hex, bytes base64, NaN and infinities strings.
 * One a handler, on the thread that drains its queue.
 *
 * @see OTLP 1.11.0, JSON Protobuf Encoding
 */
export class OtlpJsonRenderer implements BatchRenderer {
  readonly #includeTemplate: boolean;
  readonly #batches = new ScopeBatches(new JsonEnvelopeWriter());
  readonly #nanos = new UnixNanosText();
  readonly #output = new OutputBuffer();
  #byteCount = 0;

  constructor(options: OtlpRendererOptions = {}) {
    this.#includeTemplate = options.includeTemplate ?? false;
  }

  /** Bytes of the records so far: without those of resources and scopes, which `finish` adds. */
  get byteCount(): number {
    return this.#byteCount;
  }

  /** Takes one record into the batch, among those of its scope. The cursor is valid during the call only. */
  add(record: RecordCursor): void {
    const shape = record.shape;
    const fragments = this.#fragmentsOf(shape);
    const out = fragments.batch.out ?? this.#batches.open(fragments.batch);
    const startAt = out.at;
    out.fragment(recordHead);
    this.#nanos.write(out, record.timeSeconds, record.timeNanos);
    out.fragment(observedHead);
    this.#nanos.write(out, record.observedSeconds, record.observedNanos);
    out.fragment(fragments.fields);
    const keysAt = writeBody(out, record, fragments);
    writeAttributes(out, record, fragments, keysAt);
    if (record.droppedCount !== 0) out.ascii(`,"droppedAttributesCount":${record.droppedCount}`);
    if (record.spanAt >= 0) writeSpan(out, record);
    out.fragment(recordEnd);
    this.#byteCount += out.at - startAt;
  }

  /** Ends the batch: the bytes of the request, valid until the next call. None for an empty batch. */
  finish(into?: OutputBuffer): Uint8Array {
    const output = into ?? this.#output;
    output.clear();
    if (!this.#batches.isEmpty) {
      output.fragment(requestHead);
      const listAt = output.at;
      for (const group of this.#batches.groups()) writeGroup(output, group);
      dropLastComma(output, listAt);
      output.fragment(requestEnd);
    }
    this.#batches.close();
    this.#byteCount = 0;
    return output.written();
  }

  #fragmentsOf(shape: Shape): JsonFragments {
    const known = shape.fragments as JsonFragments | undefined;
    if (known !== undefined && known.owner === this) return known;
    const made = makeJsonFragments(shape, {
      owner: this,
      batch: this.#batches.batchOf(shape.scope),
      includeTemplate: this.#includeTemplate,
    });
    shape.fragments = made;
    return made;
  }
}

/** The body, where it depends on the record. Returns where the value of the first key stands. */
function writeBody(out: OutputBuffer, record: RecordCursor, fragments: JsonFragments): number {
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
  fragments: JsonFragments,
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

/** Appends one `ResourceLogs`, a comma after it. */
function writeGroup(output: OutputBuffer, group: ResourceGroup): void {
  output.append(group.envelope.head);
  const listAt = output.at;
  for (const batch of group.scopes) {
    output.append(batch.envelope.head);
    const recordsAt = output.at;
    output.append(batch.out.written());
    dropLastComma(output, recordsAt);
    output.append(batch.envelope.tail);
    output.byte(COMMA);
  }
  dropLastComma(output, listAt);
  output.append(group.envelope.tail);
  output.byte(COMMA);
}
