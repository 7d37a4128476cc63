import { OutputBuffer, type Fragment } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../processors/shape/renderer.ts";
import type { Shape } from "../processors/shape/shape.ts";
import { ABSENT } from "../processors/shape/value-tag.ts";
import type { TextBody } from "../src/formatters/body.ts";
import {
  ANY_STRING,
  RECORD_ATTRIBUTES,
  RECORD_BODY,
  RECORD_DROPPED_ATTRIBUTES_COUNT,
  RECORD_FLAGS,
  RECORD_OBSERVED_TIME_UNIX_NANO,
  RECORD_SPAN_ID,
  RECORD_TIME_UNIX_NANO,
  RECORD_TRACE_ID,
  REQUEST_RESOURCE_LOGS,
  RESOURCE_LOGS_SCOPE_LOGS,
  SCOPE_LOGS_LOG_RECORDS,
  TRACE_FLAGS_MASK,
} from "./otlp-fields.ts";
import type { OtlpRendererOptions } from "./otlp-renderer-options.ts";
import { ProtobufEnvelopeWriter } from "./protobuf-envelope.ts";
import { ProtobufFragmentMaker, type ProtobufFragments } from "./protobuf-fragments.ts";
import { writePairs, writeShapePair, writeSizedValue } from "./protobuf-value.ts";
import { ScopeBatches, type OpenScopeBatch, type ResourceGroup } from "./scope-batches.ts";
import { hasTemplateExtra } from "./template-attribute.ts";
import { UnixNanos } from "./unix-nanos.ts";
import { beginLength, endLength, varintBytes, writeVarint } from "./wire.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Both ids with their heads, and the flags. */
const SPAN_FIELDS_BYTES = 33;

/**
 * Renders batches as OTLP in protobuf: an `ExportLogsServiceRequest`, which is a `LogsData` too. Records are put
 * together from fragments of their shapes and their values, copied; lengths are never overlong. One a handler, on
 * the thread that drains its queue.
 *
 * @see OTLP 1.11.0, logs_service.proto: `ExportLogsServiceRequest`
 */
export class OtlpProtobufRenderer implements BatchRenderer {
  readonly #includeTemplate: boolean;
  readonly #batches = new ScopeBatches(new ProtobufEnvelopeWriter());
  readonly #maker = new ProtobufFragmentMaker();
  readonly #nanos = new UnixNanos();
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
    out.byte(SCOPE_LOGS_LOG_RECORDS);
    const lengthAt = out.at;
    beginLength(out, fragments.recordBytes);
    const contentAt = out.at;
    const { observedSeconds, observedNanos } = record;
    if (record.hasTimestamp) {
      this.#nanos.writeField(out, RECORD_TIME_UNIX_NANO, record.timeSeconds, record.timeNanos);
    } else {
      this.#nanos.writeField(out, RECORD_TIME_UNIX_NANO, observedSeconds, observedNanos);
    }
    out.fragment(fragments.fields);
    const keysAt = writeBody(out, record, fragments);
    writeAttributes(out, record, fragments, keysAt);
    if (record.droppedCount !== 0) writeDroppedCount(out, record.droppedCount);
    if (record.spanAt >= 0) writeSpan(out, record);
    // Not behind the other time: gzip takes a sixth longer then.
    this.#nanos.writeField(out, RECORD_OBSERVED_TIME_UNIX_NANO, observedSeconds, observedNanos);
    fragments.recordBytes = out.at - contentAt;
    endLength(out, lengthAt, contentAt);
    this.#byteCount += out.at - startAt;
  }

  /** Ends the batch: the bytes of the request, valid until the next call. None for an empty batch. */
  finish(into?: OutputBuffer): Uint8Array {
    const output = into ?? this.#output;
    output.clear();
    for (const group of this.#batches.groups()) writeGroup(output, group);
    this.#batches.close();
    this.#byteCount = 0;
    return output.written();
  }

  #fragmentsOf(shape: Shape): ProtobufFragments {
    const known = shape.fragments as ProtobufFragments | undefined;
    if (known !== undefined && known.owner === this) return known;
    const made = this.#maker.make(shape, {
      owner: this,
      batch: this.#batches.batchOf(shape.scope),
      includeTemplate: this.#includeTemplate,
    });
    shape.fragments = made;
    return made;
  }
}

/** The body, where it depends on the record. Returns where the value of the first key stands. */
function writeBody(out: OutputBuffer, record: RecordCursor, fragments: ProtobufFragments): number {
  const { text } = fragments;
  if (text !== undefined) return writeTextBody(out, record, fragments, text);
  if (record.shape.body === "value" && record.view.getUint8(record.valuesAt) !== ABSENT) {
    out.byte(RECORD_BODY);
    writeSizedValue(out, record, record.valuesAt);
  }
  return record.valueAt(record.shape.argumentCount);
}

function writeTextBody(
  out: OutputBuffer,
  record: RecordCursor,
  fragments: ProtobufFragments,
  text: TextBody,
): number {
  const expectedBytes = fragments.textBytes;
  out.byte(RECORD_BODY);
  const bodyLengthAt = out.at;
  beginLength(out, 1 + varintBytes(expectedBytes) + expectedBytes);
  const bodyAt = out.at;
  out.byte(ANY_STRING);
  const textLengthAt = out.at;
  beginLength(out, expectedBytes);
  const textAt = out.at;
  const keysAt = text.write(out, record);
  fragments.textBytes = out.at - textAt;
  endLength(out, textLengthAt, textAt);
  endLength(out, bodyLengthAt, bodyAt);
  return keysAt;
}

/** The values of the shape's keys, then those that have their keys with them. */
function writeAttributes(
  out: OutputBuffer,
  record: RecordCursor,
  fragments: ProtobufFragments,
  keysAt: number,
): void {
  const { pairHeads, template } = fragments;
  let valueAt = keysAt;
  for (let i = 0; i < pairHeads.length; i++) {
    valueAt = writeShapePair(out, record, pairHeads[i] as Fragment, valueAt);
  }
  if (record.hasExtras) writePairs(out, record, valueAt, RECORD_ATTRIBUTES);
  if (template !== undefined && !(record.hasExtras && hasTemplateExtra(record, valueAt)))
    out.fragment(template);
}

function writeDroppedCount(out: OutputBuffer, droppedCount: number): void {
  out.byte(RECORD_DROPPED_ATTRIBUTES_COUNT);
  writeVarint(out, droppedCount);
}

function writeSpan(out: OutputBuffer, record: RecordCursor): void {
  const { bytes, view, spanAt } = record;
  out.ensure(SPAN_FIELDS_BYTES);
  out.bytes[out.at++] = RECORD_TRACE_ID;
  out.bytes[out.at++] = TRACE_ID_BYTES;
  out.copyRange(bytes, view, spanAt, TRACE_ID_BYTES);
  out.bytes[out.at++] = RECORD_SPAN_ID;
  out.bytes[out.at++] = SPAN_ID_BYTES;
  out.copyRange(bytes, view, spanAt + TRACE_ID_BYTES, SPAN_ID_BYTES);
  const flags = record.traceFlags & TRACE_FLAGS_MASK;
  if (flags === 0) return;
  out.bytes[out.at] = RECORD_FLAGS;
  out.view.setUint32(out.at + 1, flags, true);
  out.at += 5;
}

/** Bytes of the message `ScopeLogs`. */
function scopeLogsBytes(batch: OpenScopeBatch): number {
  const { head, tail } = batch.envelope;
  return head.length + batch.out.at + tail.length;
}

/** Appends one `ResourceLogs`. All lengths are known now. */
function writeGroup(output: OutputBuffer, group: ResourceGroup): void {
  const { head, tail } = group.envelope;
  let contentBytes = head.length + tail.length;
  for (const batch of group.scopes) {
    const bytes = scopeLogsBytes(batch);
    contentBytes += 1 + varintBytes(bytes) + bytes;
  }
  output.ensure(1 + varintBytes(contentBytes) + contentBytes);
  output.byte(REQUEST_RESOURCE_LOGS);
  writeVarint(output, contentBytes);
  output.append(head);
  for (const batch of group.scopes) {
    output.byte(RESOURCE_LOGS_SCOPE_LOGS);
    writeVarint(output, scopeLogsBytes(batch));
    output.append(batch.envelope.head);
    output.append(batch.out.written());
    output.append(batch.envelope.tail);
  }
  output.append(tail);
}
