import { keyOfValue } from "../../src/filters/rules/record-text.ts";
import type { FemtoLogRecord, FemtoMap } from "../../src/record/log-record.ts";
import { RecordEncoder } from "../shape/encoder.ts";
import { attributeKeys, writeSpan, type EmittedRecord } from "../shape/emit-shapes.ts";
import { FLAG_DROPPED, FLAG_EXTRAS, FLAG_TIMESTAMP } from "../shape/frame.ts";
import { objectShape, objectShapeKey, type ShapedRecord } from "../shape/object-shape.ts";
import { readProperty } from "../shape/object-encoder.ts";
import { RecordCursor } from "../shape/record-cursor.ts";
import { readReplaced } from "../shape/replaced-record.ts";
import type { ScopeDefinition, Shape } from "../shape/shape.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../shape/value-writer.ts";
import type { RecordDecoder } from "./decoded-record.ts";

/** Shapes of a scope that are kept; further ones are made anew for each record. */
const SHAPES_MAX = 256;
/** Scopes that filters have made, and that are told apart. */
const SCOPES_MAX = 256;
const UNKNOWN_RESOURCE = { attributes: {}, schemaUrl: undefined, pending: false };
/** The provider has counted what it refused. What filters add is meant to be there. */
const LIMITS = { ...DEFAULT_ENCODER_LIMITS, attributeCountMax: Number.POSITIVE_INFINITY };

/**
 * Makes records as a queue holds them from record objects, on the thread that drains it: without definitions, which only
 * threads that log can make. One for each record that is looked at at the same time.
 */
export class ObjectRecords {
  readonly #decoder: RecordDecoder;
  #encoder: RecordEncoder | undefined;
  readonly #shapes = new WeakMap<ScopeDefinition, Map<string, Shape>>();
  readonly #scopes = new Map<string, ScopeDefinition>();
  #cursor: RecordCursor | undefined;
  readonly #limits: EncoderLimits;

  /**
   * @param decoder The one that the records come from: it knows which scope is which.
   * @param valueLengthMax UTF-16 units that a text value keeps. Default: all.
   */
  constructor(decoder: RecordDecoder, valueLengthMax: number = LIMITS.valueLengthMax) {
    this.#decoder = decoder;
    this.#limits = { ...LIMITS, valueLengthMax };
  }

  /**
   * A cursor on the record; valid until the next call.
   * @param original What it takes the place of.
   * @throws {Error} The record is larger than 16 MiB, or a getter of it throws.
   */
  read(given: FemtoLogRecord, original?: RecordCursor): RecordCursor {
    const { record, observedMillis } = readReplaced(given, original);
    const shape = this.shapeOf(this.#scopeOf(given, original?.shape.scope), record);
    return this.make(record, { shape, observedMillis, threadId: original?.threadId ?? given.threadId });
  }

  /**
   * A cursor on a record of which all is known; valid until the next call.
   * @param head.shape One of `shapeOf`, for a record with or without body as this one is.
   * @throws {Error} The record is larger than 16 MiB, or a getter of it throws.
   */
  make(
    record: EmittedRecord,
    head: { readonly shape: Shape; readonly observedMillis: number; readonly threadId: number },
  ): RecordCursor {
    const encoder = (this.#encoder ??= new RecordEncoder());
    encoder.begin(this.#limits);
    encoder.finish(write(encoder, record), head.observedMillis);
    // The encoder's memory is another one after it has grown.
    if (this.#cursor?.bytes !== encoder.bytes) this.#cursor = new RecordCursor(encoder.bytes);
    const cursor = this.#cursor;
    cursor.load(0);
    cursor.threadId = head.threadId;
    cursor.shape = head.shape;
    return cursor;
  }

  #scopeOf(given: FemtoLogRecord, original: ScopeDefinition | undefined): ScopeDefinition {
    const scope = given.instrumentationScope;
    const known = this.#decoder.definitionOf(scope);
    const name = typeof given.loggerName === "string" ? given.loggerName : scope.name;
    if (known?.name === name) return known;
    const resource = (original ?? known)?.resource ?? UNKNOWN_RESOURCE;
    const definition: ScopeDefinition = {
      name,
      version: scope.version,
      schemaUrl: scope.schemaUrl,
      attributes: scope.attributes ?? {},
      resource,
    };
    const key = keyOf(definition);
    const made = this.#scopes.get(key);
    if (made?.resource === resource) return made;
    if (this.#scopes.size < SCOPES_MAX) this.#scopes.set(key, definition);
    return definition;
  }

  /** The shape of records like this one. */
  shapeOf(scope: ScopeDefinition, record: ShapedRecord): Shape {
    const key = objectShapeKey(record);
    let shapes = this.#shapes.get(scope);
    if (shapes === undefined) this.#shapes.set(scope, (shapes = new Map<string, Shape>()));
    const known = shapes.get(key);
    if (known !== undefined) return known;
    const shape = objectShape(scope, record);
    if (shapes.size < SHAPES_MAX) shapes.set(key, shape);
    return shape;
  }
}

function keyOf({ name, version, schemaUrl, attributes }: ScopeDefinition): string {
  return keyOfValue([name, version ?? null, schemaUrl ?? null, attributes as FemtoMap]);
}

/** All attributes are extras: there is no shape whose keys they could be. Returns the flags. */
function write(encoder: RecordEncoder, record: EmittedRecord): number {
  let flags = 0;
  const { timestamp, span, droppedCount, body, attributes } = record;
  if (timestamp !== undefined) {
    encoder.float64(timestamp[0]);
    encoder.uint32(timestamp[1]);
    flags |= FLAG_TIMESTAMP;
  }
  if (span !== undefined) flags |= writeSpan(encoder, span);
  if (droppedCount > 0) {
    encoder.uint32(droppedCount);
    flags |= FLAG_DROPPED;
  }
  if (body !== undefined) encoder.whole(body);
  const keys = attributeKeys(attributes);
  if (keys.length === 0) return flags;
  encoder.uint32(keys.length);
  for (const key of keys) {
    encoder.text(key);
    encoder.value(readProperty(attributes, key));
  }
  return flags | FLAG_EXTRAS;
}
