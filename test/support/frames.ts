import { createArena, type Arena } from "../../processors/queue/arena.ts";
import { LARGE_SLOT_AT, LargeArea, largeFrameAt } from "../../processors/queue/large-area.ts";
import { QueueReader } from "../../processors/queue/reader.ts";
import { takeThreadSlot } from "../../processors/queue/threads.ts";
import { LaneWriter, PUBLISHED, type RecordSource } from "../../processors/queue/writer.ts";
import { BoundAttributes } from "../../processors/shape/bound-attributes.ts";
import {
  ShapeDictionary,
  type DefinedScope,
  type ResourceInput,
  type ScopeInput,
} from "../../processors/shape/dictionary.ts";
import { EmitShapes, writeShapeHead, writeSpan, type SpanIds } from "../../processors/shape/emit-shapes.ts";
import { RecordEncoder } from "../../processors/shape/encoder.ts";
import {
  FLAG_EXTRAS,
  FLAG_LARGE,
  FLAG_TIMESTAMP,
  FRAME_BYTES_AT,
  LARGE_FRAME_BYTES,
  SHAPE_AT,
} from "../../processors/shape/frame.ts";
import { RecordCursor } from "../../processors/shape/record-cursor.ts";
import { ShapeFamily } from "../../processors/shape/shape-family.ts";
import type { BodyStyle } from "../../processors/shape/shape.ts";
import { ShapeReader } from "../../processors/shape/shape-reader.ts";
import { readPairs, readValue, type ReadValue } from "../../processors/shape/value-reader.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../../processors/shape/value-writer.ts";
import { parseTemplate } from "../../src/record/template.ts";

/** A record to be made. What is left out: INFO of the scope "shop", 2026-11-22T17:28:06.123Z, no attributes, no body. */
export interface RecordDescription {
  readonly severityNumber?: number;
  readonly severityText?: string;
  /** The text of a call, holes unfilled. A record has a template or a body. */
  readonly template?: string;
  /** Positional arguments, for the % holes of the template. */
  readonly arguments?: readonly unknown[];
  readonly body?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Attributes of the logger or of a context. */
  readonly bound?: Readonly<Record<string, unknown>>;
  readonly span?: SpanIds;
  /** Epoch seconds and nanoseconds, where the caller gave a time of its own. */
  readonly timestamp?: readonly [seconds: number, nanos: number];
  /** Epoch milliseconds with fraction: when the call was made. */
  readonly millis?: number;
  readonly eventName?: string;
  readonly droppedCount?: number;
  /** Scopes and resources are told apart by identity: pass the same object for the same one. */
  readonly scope?: ScopeInput;
  readonly resource?: ResourceInput;
  readonly limits?: EncoderLimits;
  /** True for a record that brings its shape along. */
  readonly isInline?: boolean;
}

/** 2026-11-22T17:28:06.123Z. */
const RECORD_MILLIS: number = Date.UTC(2026, 10, 22, 17, 28, 6, 123);

const RESOURCE: ResourceInput = { attributes: { "service.name": "shop" } };
const SCOPE: ScopeInput = { name: "shop" };
const PIPE_QUEUE_BYTES = 1_048_576;
const HANDLER_BIT = 1;

/**
 * The whole way of a record from the call to a renderer, within one thread: dictionary, encoder, lane, large area,
 * reader, shapes.
 */
export class RecordPipe {
  readonly arena: Arena;
  readonly dictionary: ShapeDictionary;
  readonly encoder: RecordEncoder = new RecordEncoder();
  readonly reader: QueueReader;
  readonly shapes: ShapeReader;
  readonly #lane: LaneWriter;
  readonly #large: LargeArea;
  readonly #threadSlot: number;
  readonly #scopes = new Map<ResourceInput, Map<ScopeInput, DefinedScope>>();
  readonly #emitShapes = new Map<DefinedScope, EmitShapes>();
  readonly #families = new Map<string, ShapeFamily>();

  constructor(queueBytes: number = PIPE_QUEUE_BYTES) {
    this.arena = createArena();
    const handlerSlot = this.arena.openHandler(queueBytes);
    this.#threadSlot = takeThreadSlot(this.arena);
    this.dictionary = new ShapeDictionary(this.arena, this.#threadSlot);
    this.#lane = new LaneWriter(this.arena, { handlerSlot, lane: this.#threadSlot });
    this.#large = new LargeArea(this.arena);
    this.shapes = new ShapeReader(this.arena);
    this.reader = new QueueReader(this.arena, {
      handlerSlot,
      onLargeDone: (slot) => this.#large.release(slot, handlerSlot),
    });
  }

  /** Encodes and publishes a record. False when the queue is full. @throws {RangeError} RECORD_TOO_LARGE. */
  publish(description: RecordDescription): boolean {
    const byteCount = this.encode(description);
    if (byteCount <= this.#lane.frameBytesMax) return this.#lane.offer(this.encoder, byteCount) === PUBLISHED;
    const frame = this.encoder.bytes.subarray(0, byteCount);
    const slot = this.#large.put(frame, { low: HANDLER_BIT, high: 0, threadSlot: this.#threadSlot });
    return slot >= 0 && this.#lane.offer(pointerTo(slot), LARGE_FRAME_BYTES) === PUBLISHED;
  }

  /** Encodes a record into the scratch memory. Returns its bytes. */
  encode(description: RecordDescription): number {
    const { encoder } = this;
    const bound =
      description.bound === undefined ? undefined : BoundAttributes.of(description.bound, { encoder });
    encoder.begin(description.limits ?? DEFAULT_ENCODER_LIMITS);
    const isEmitted = description.template === undefined && description.isInline !== true;
    const shapeAndFlags = isEmitted ? this.#emit(description, bound) : this.#call(description, bound);
    return encoder.finish(shapeAndFlags, description.millis ?? RECORD_MILLIS);
  }

  /** All records that have been published since the last call; valid as long as they are not released. */
  read(): RecordCursor[] {
    const records: RecordCursor[] = [];
    for (let frameAt = this.reader.next(); frameAt >= 0; frameAt = this.reader.next()) {
      const cursor = new RecordCursor(this.arena.bytes);
      let id = cursor.load(frameAt);
      if ((cursor.flags & FLAG_LARGE) !== 0) {
        id = cursor.load(largeFrameAt(cursor.view.getInt32(frameAt + LARGE_SLOT_AT, true)));
      }
      cursor.threadId = this.reader.threadId;
      cursor.shape = this.shapes.shapeOf(cursor, { lane: this.reader.lane, id });
      records.push(cursor);
    }
    return records;
  }

  /** Gives the memory of all records that were read back. */
  release(): void {
    const batch = this.reader.endBatch();
    if (batch !== undefined) this.reader.finish(batch);
  }

  #emit(description: RecordDescription, bound: BoundAttributes | undefined): number {
    const scope = this.#scope(description);
    const emitShapes = this.#emitShapes.get(scope) ?? new EmitShapes(this.dictionary, scope);
    this.#emitShapes.set(scope, emitShapes);
    return emitShapes.encode(this.encoder, {
      severityNumber: description.severityNumber ?? 9,
      severityText: description.severityText ?? "INFO",
      eventName: description.eventName,
      body: description.body,
      attributes: description.attributes ?? {},
      droppedCount: description.droppedCount ?? 0,
      timestamp: description.timestamp,
      span: description.span,
      bound,
    });
  }

  #call(description: RecordDescription, bound: BoundAttributes | undefined): number {
    const { encoder } = this;
    const attributes = description.attributes ?? {};
    const keys = Object.keys(attributes);
    const family = this.#family(description);
    const found = family.find(keys);
    const shape = found ?? family.keyless();
    let flags = 0;
    if (description.timestamp !== undefined) {
      encoder.float64(description.timestamp[0]);
      encoder.uint32(description.timestamp[1]);
      flags |= FLAG_TIMESTAMP;
    }
    if (description.span !== undefined) flags |= writeSpan(encoder, description.span);
    const droppedCount = description.droppedCount ?? 0;
    flags |= writeShapeHead(encoder, { shape, droppedCount, dictionary: this.dictionary });
    for (const value of positionalOf(description)) encoder.value(value);
    for (const key of shape.keys) encoder.value(attributes[key]);
    const free = found === undefined ? keys : [];
    if (bound === undefined && free.length === 0) return shape.id | flags;
    const countAt = encoder.at;
    encoder.uint32(0);
    for (const key of free) {
      encoder.text(key);
      encoder.value(attributes[key]);
    }
    const boundCount = bound?.writeExcept(encoder, (key) => keys.includes(key)) ?? 0;
    encoder.view.setUint32(countAt, free.length + boundCount, true);
    return shape.id | flags | FLAG_EXTRAS;
  }

  #family(description: RecordDescription): ShapeFamily {
    const scope = this.#scope(description);
    const fixed = {
      scope,
      severityNumber: description.severityNumber ?? 9,
      severityText: description.severityText ?? "INFO",
      body: styleOf(description),
      template: description.template ?? "",
      argumentCount: positionalOf(description).length,
      eventName: description.eventName,
    };
    if (description.isInline === true) return new ShapeFamily(this.dictionary, fixed, false);
    const key = JSON.stringify({ ...fixed, scope: [scope.id, scope.resourceId] });
    const known = this.#families.get(key);
    if (known !== undefined) return known;
    const family = new ShapeFamily(this.dictionary, fixed);
    this.#families.set(key, family);
    return family;
  }

  #scope(description: RecordDescription): DefinedScope {
    const resource = description.resource ?? RESOURCE;
    const scope = description.scope ?? SCOPE;
    const scopes = this.#scopes.get(resource) ?? new Map<ScopeInput, DefinedScope>();
    this.#scopes.set(resource, scopes);
    const known = scopes.get(scope);
    if (known !== undefined) return known;
    const defined = this.dictionary.defineScope(scope, resource);
    scopes.set(scope, defined);
    return defined;
  }
}

function positionalOf(description: RecordDescription): readonly unknown[] {
  if (description.template !== undefined) return description.arguments ?? [];
  return description.body === undefined ? [] : [description.body];
}

function styleOf(description: RecordDescription): BodyStyle {
  if (description.template !== undefined) return parseTemplate(description.template).style;
  return description.body === undefined ? "none" : "value";
}

function pointerTo(largeSlot: number): RecordSource {
  const memory = new ArrayBuffer(LARGE_FRAME_BYTES);
  const view = new DataView(memory);
  view.setInt32(FRAME_BYTES_AT, LARGE_FRAME_BYTES, true);
  view.setInt32(SHAPE_AT, FLAG_LARGE, true);
  view.setInt32(LARGE_SLOT_AT, largeSlot, true);
  return { bytes: new Uint8Array(memory), words: new Int32Array(memory) };
}

let pipe: RecordPipe | undefined;

/** The record as a renderer sees it, in shared memory that nobody uses again. */
export function recordFrom(description: RecordDescription): RecordCursor {
  if (pipe === undefined || !pipe.publish(description)) {
    // Full: the records that were read before are still being looked at, so they keep that memory.
    pipe = new RecordPipe();
    if (!pipe.publish(description)) throw new RangeError("the record does not fit into an empty queue");
  }
  const [record] = pipe.read();
  if (record === undefined) throw new Error("the record that was published cannot be read");
  return record;
}

/** All values of a record: positional ones (a body among them) in `positional`, the others by key. */
export function valuesOf(record: RecordCursor): {
  readonly positional: ReadValue[];
  readonly attributes: Record<string, ReadValue>;
} {
  const { bytes, view, shape } = record;
  const positional: ReadValue[] = [];
  const pairs: [string, ReadValue][] = [];
  for (let position = 0; position < shape.argumentCount; position++) {
    positional.push(readValue(bytes, view, record.valueAt(position)));
  }
  for (const [index, key] of shape.keys.entries()) {
    const value = readValue(bytes, view, record.valueAt(shape.argumentCount + index));
    if (value !== undefined) pairs.push([key, value]);
  }
  // fromEntries defines properties: "__proto__" is one like any other.
  const attributes = Object.fromEntries(pairs);
  const extrasAt = record.extrasAt();
  if (extrasAt >= 0) {
    readPairs(attributes, { bytes, view, at: extrasAt + 4, count: view.getUint32(extrasAt, true) });
  }
  return { positional, attributes };
}
