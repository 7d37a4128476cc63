import { OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import type { TextBody } from "../../src/formatters/body.ts";
import { writeHex } from "../../src/formatters/numbers.ts";
import { CborCodec } from "./cbor-codec.ts";
import { ConstantFieldWriter } from "./constant-fields.ts";
import { ExtraFields } from "./extra-fields.ts";
import { JsonCodec } from "./json-codec.ts";
import { MsgpackCodec } from "./msgpack-codec.ts";
import {
  DROPPED_ATTRIBUTES_FIELD,
  EXCEPTION_FIELD,
  KEY_VALUES_FIELD,
  LENGTH_BYTES,
  MESSAGE_FIELD,
  OBSERVED_TIMESTAMP_FIELD,
  SPAN_ID_FIELD,
  THREAD_ID_FIELD,
  TIMESTAMP_FIELD,
  TRACE_FLAGS_FIELD,
  TRACE_ID_FIELD,
  type SocketFormat,
} from "./record-fields.ts";
import { makeShapeFragments, type ShapeFragments } from "./shape-fragments.ts";
import type { WireCodec } from "./wire-codec.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Fields of a record that stand in no fragment of its shape, at most. */
const VARIABLE_FIELDS_MAX = 10;

/** How frames are made. */
export interface SocketRendererOptions {
  readonly format: SocketFormat;
  /** Longest payload of a frame; a record that makes a longer one is refused. */
  readonly frameBytesMax: number;
  /** Whether each frame tells of the resource. */
  readonly includeResource: boolean;
  /** Is told of records that were refused. */
  readonly report: (trouble: string) => void;
}

function makeCodec(format: SocketFormat): WireCodec {
  if (format === "json") return new JsonCodec();
  return format === "cbor" ? new CborCodec() : new MsgpackCodec();
}

/**
 * Renders batches as frames, one a record: its length in 4 bytes, and a map in MessagePack, CBOR or JSON. Records are put
 * together from fragments of their shapes and their values, copied. One a handler, on the thread that drains its queue.
 */
export class SocketRenderer implements BatchRenderer {
  readonly #options: SocketRendererOptions;
  readonly #codec: WireCodec;
  readonly #writer: ConstantFieldWriter;
  readonly #extras: ExtraFields;
  readonly #out = new OutputBuffer();
  readonly #digits = new OutputBuffer(64);
  readonly #keys: Readonly<Record<"message" | "timestamp" | "observed" | "threadId" | "keyValues", Fragment>>;
  readonly #rareKeys: Readonly<
    Record<"exception" | "traceId" | "spanId" | "traceFlags" | "dropped", Fragment>
  >;
  #isFinished = false;
  #isRefusalReported = false;

  constructor(options: SocketRendererOptions) {
    this.#options = options;
    this.#codec = makeCodec(options.format);
    const writer = new ConstantFieldWriter(this.#codec);
    this.#writer = writer;
    this.#extras = new ExtraFields(this.#codec);
    this.#keys = {
      message: writer.key(MESSAGE_FIELD),
      timestamp: writer.key(TIMESTAMP_FIELD),
      observed: writer.key(OBSERVED_TIMESTAMP_FIELD),
      threadId: writer.key(THREAD_ID_FIELD),
      keyValues: writer.key(KEY_VALUES_FIELD),
    };
    this.#rareKeys = {
      exception: writer.key(EXCEPTION_FIELD),
      traceId: writer.key(TRACE_ID_FIELD),
      spanId: writer.key(SPAN_ID_FIELD),
      traceFlags: writer.key(TRACE_FLAGS_FIELD),
      dropped: writer.key(DROPPED_ATTRIBUTES_FIELD),
    };
  }

  get byteCount(): number {
    return this.#isFinished ? 0 : this.#out.at;
  }

  /**
   * Takes one record into the batch.
   * @throws {RangeError} Its frame is longer than `frameBytesMax`; the batch is as it was before.
   */
  add(record: RecordCursor): void {
    const out = this.#out;
    if (this.#isFinished) {
      out.clear();
      this.#isFinished = false;
    }
    const frameAt = out.at;
    try {
      this.#frame(record);
    } catch (error) {
      out.at = frameAt;
      throw error;
    }
    const payloadBytes = out.at - frameAt - LENGTH_BYTES;
    if (payloadBytes > this.#options.frameBytesMax) {
      out.at = frameAt;
      throw this.#refusal(record, payloadBytes);
    }
    out.view.setUint32(frameAt, payloadBytes);
  }

  /** Ends the batch: whole frames, valid until the next `add`. */
  finish(): Uint8Array {
    if (this.#isFinished) this.#out.clear();
    this.#isFinished = true;
    this.#isRefusalReported = false;
    return this.#out.written();
  }

  #refusal(record: RecordCursor, payloadBytes: number): RangeError {
    const { frameBytesMax, report } = this.#options;
    const message = `Cannot send a record of logger "${record.shape.scope.name}": its frame has ${payloadBytes} bytes, may have ${frameBytesMax} ("frameBytesMax"); counted as export_failed`;
    // Once a batch: a report crosses to the application's thread.
    if (!this.#isRefusalReported) report(message);
    this.#isRefusalReported = true;
    return new RangeError(message);
  }

  #frame(record: RecordCursor): void {
    const out = this.#out;
    const codec = this.#codec;
    const fragments = this.#fragmentsOf(record.shape);
    const { head, tail, text } = fragments;
    out.ensure(LENGTH_BYTES);
    out.at += LENGTH_BYTES;
    const openedAt = out.at;
    const countMax = head.count + tail.count + VARIABLE_FIELDS_MAX;
    codec.openMap(out, countMax);
    out.fragment(head.fragment);
    let count = head.count + tail.count;
    let keysAt: number;
    if (text === undefined) {
      keysAt = record.valueAt(record.shape.argumentCount);
      if (this.#value(record)) count++;
    } else {
      keysAt = this.#text(record, fragments, text);
      count++;
    }
    count += this.#times(record) + 1;
    out.fragment(this.#keys.threadId);
    codec.integer(out, record.threadId);
    codec.afterEntry(out);
    count += this.#attributes(record, fragments, keysAt);
    if (record.spanAt >= 0) count += this.#span(record);
    if (record.droppedCount > 0) count += this.#dropped(record);
    out.fragment(tail.fragment);
    codec.closeMap(out, openedAt, countMax, count);
  }

  #fragmentsOf(shape: Shape): ShapeFragments {
    const known = shape.fragments as ShapeFragments | undefined;
    if (known !== undefined && known.owner === this && known.resource === shape.scope.resource) return known;
    const made = makeShapeFragments(shape, {
      owner: this,
      codec: this.#codec,
      writer: this.#writer,
      includeResource: this.#options.includeResource,
    });
    shape.fragments = made;
    return made;
  }

  /** A message that values change. Returns where the value of the first key stands. */
  #text(record: RecordCursor, fragments: ShapeFragments, text: TextBody): number {
    const out = this.#out;
    const codec = this.#codec;
    const expectedBytes = fragments.textBytes;
    out.fragment(this.#keys.message);
    const openedAt = out.at;
    codec.openText(out, expectedBytes);
    const contentAt = out.at;
    const keysAt = text.write(out, record);
    fragments.textBytes = out.at - contentAt;
    codec.closeText(out, openedAt, expectedBytes);
    codec.afterEntry(out);
    return keysAt;
  }

  /** A message that is no text. Returns whether there is one. */
  #value(record: RecordCursor): boolean {
    if (record.shape.body !== "value" || record.view.getUint8(record.valuesAt) === ABSENT) return false;
    this.#out.fragment(this.#keys.message);
    this.#codec.value(this.#out, record, record.valuesAt);
    this.#codec.afterEntry(this.#out);
    return true;
  }

  #times(record: RecordCursor): number {
    const out = this.#out;
    const codec = this.#codec;
    out.fragment(this.#keys.timestamp);
    codec.nanos(out, record.timeSeconds, record.timeNanos);
    codec.afterEntry(out);
    if (!record.hasTimestamp) return 1;
    out.fragment(this.#keys.observed);
    codec.nanos(out, record.observedSeconds, record.observedNanos);
    codec.afterEntry(out);
    return 2;
  }

  /** `key_values`, and `exc_info` where there is an exception. Returns how many fields that makes. */
  #attributes(record: RecordCursor, fragments: ShapeFragments, keysAt: number): number {
    const out = this.#out;
    const extrasAt = record.hasExtras ? skipValues(record.view, keysAt, fragments.keys.length) : -1;
    out.fragment(this.#keys.keyValues);
    this.#map(record, fragments, { keysAt, extrasAt, isException: false });
    if (!fragments.hasException && !this.#extras.hasException(record, extrasAt)) return 1;
    out.fragment(this.#rareKeys.exception);
    this.#map(record, fragments, { keysAt, extrasAt, isException: true });
    return 2;
  }

  #map(
    record: RecordCursor,
    { keys, isException }: ShapeFragments,
    part: { readonly keysAt: number; readonly extrasAt: number; readonly isException: boolean },
  ): void {
    const out = this.#out;
    const codec = this.#codec;
    const { view } = record;
    const extraCount = part.extrasAt < 0 ? 0 : view.getUint32(part.extrasAt, true);
    const countMax = keys.length + extraCount;
    const openedAt = out.at;
    codec.openMap(out, countMax);
    let count = 0;
    let at = part.keysAt;
    for (let i = 0; i < keys.length; i++) {
      if (view.getUint8(at) === ABSENT || isException[i] !== part.isException) {
        at = skipValue(view, at);
        continue;
      }
      out.fragment(keys[i] as Fragment);
      at = codec.value(out, record, at);
      codec.afterEntry(out);
      count++;
    }
    if (extraCount > 0) count += this.#extras.write(out, record, part);
    codec.closeMap(out, openedAt, countMax, count);
    codec.afterEntry(out);
  }

  #span(record: RecordCursor): number {
    const { traceId, spanId, traceFlags } = this.#rareKeys;
    const out = this.#out;
    this.#hex(record, { key: traceId, from: record.spanAt, length: TRACE_ID_BYTES });
    this.#hex(record, { key: spanId, from: record.spanAt + TRACE_ID_BYTES, length: SPAN_ID_BYTES });
    out.fragment(traceFlags);
    this.#codec.integer(out, record.traceFlags);
    this.#codec.afterEntry(out);
    return 3;
  }

  #hex(
    record: RecordCursor,
    field: { readonly key: Fragment; readonly from: number; readonly length: number },
  ): void {
    const out = this.#out;
    const digits = this.#digits;
    digits.clear();
    writeHex(digits, record.bytes, field.from, field.length);
    out.fragment(field.key);
    this.#codec.text(out, digits, 0, digits.at);
    this.#codec.afterEntry(out);
  }

  #dropped(record: RecordCursor): number {
    this.#out.fragment(this.#rareKeys.dropped);
    this.#codec.integer(this.#out, record.droppedCount);
    this.#codec.afterEntry(this.#out);
    return 1;
  }
}

/** Where the value after the next `count` ones begins. */
function skipValues(view: DataView, at: number, count: number): number {
  let next = at;
  for (let i = 0; i < count; i++) next = skipValue(view, next);
  return next;
}
