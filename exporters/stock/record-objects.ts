import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

import { RecordEncoder } from "../../processors/shape/encoder.ts";
import { FLAG_DROPPED, FLAG_EXTRAS, FLAG_SPAN, FLAG_TIMESTAMP } from "../../processors/shape/frame.ts";
import { objectShape, objectShapeKey } from "../../processors/shape/object-shape.ts";
import { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { ResourceDefinition, ScopeDefinition, Shape } from "../../processors/shape/shape.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../processors/shape/value-writer.ts";
import type { FemtoLogRecord, FemtoScope } from "../../src/record/log-record.ts";

/** Shapes of a scope that are remembered: those of templates that are made up as the program runs would never end. */
const shapeCountMax = 1024;
/** In place of the id of a shape, which nobody looks up. */
const NO_SHAPE = 1;
const ID_BYTES = 24;
const HEX_ID = /^[0-9a-f]+$/;

/** What a record of ours has beside what the OpenTelemetry SDK knows. */
type RecordObject = ReadableLogRecord & Partial<Pick<FemtoLogRecord, "template" | "threadId">>;

/** A scope, and what its records have in common with each other. */
interface ScopeShapes {
  readonly scope: ScopeDefinition;
  readonly shapes: Map<string, Shape>;
}

/** A record made from an object, which has the time of observation to the nanosecond: a frame has a float64 for it. */
class ObjectCursor extends RecordCursor {
  observed: readonly [seconds: number, nanos: number] = [0, 0];

  override get observedSeconds(): number {
    return this.observed[0];
  }

  override get observedNanos(): number {
    return this.observed[1];
  }
}

/** Brings record objects of the OpenTelemetry SDK into the form of records in a queue. One an exporter. */
export class RecordObjects {
  readonly #encoder = new RecordEncoder();
  readonly #scopes = new WeakMap<object, ScopeShapes>();
  readonly #resources = new WeakMap<object, ResourceDefinition>();
  #cursor: ObjectCursor | undefined;

  /**
   * The record as a cursor, valid until the next call.
   * @throws {RangeError} It is larger than a record may be.
   */
  cursorOf(record: RecordObject): RecordCursor {
    const encoder = this.#encoder;
    encoder.begin(DEFAULT_ENCODER_LIMITS);
    const flags = encodeHead(encoder, record);
    if (record.body !== undefined) encoder.whole(record.body);
    encodeAttributes(encoder, record.attributes);
    const [seconds, nanos] = record.hrTimeObserved;
    encoder.finish(NO_SHAPE | flags, seconds * 1000 + nanos / 1e6);
    // The encoder's memory is another one when it has grown.
    if (this.#cursor?.bytes !== encoder.bytes) this.#cursor = new ObjectCursor(encoder.bytes);
    const cursor = this.#cursor;
    cursor.load(0);
    cursor.threadId = record.threadId ?? 0;
    cursor.observed = record.hrTimeObserved;
    cursor.shape = this.#shapeOf(record);
    return cursor;
  }

  #shapeOf(record: RecordObject): Shape {
    const { severityNumber = 0, severityText = "", eventName, template, body } = record;
    const { scope, shapes } = this.#scopeOf(record);
    const shaped = { severityNumber, severityText, eventName, template, body };
    const key = objectShapeKey(shaped);
    const known = shapes.get(key);
    if (known !== undefined) return known;
    if (shapes.size >= shapeCountMax) shapes.clear();
    const shape = objectShape(scope, shaped);
    shapes.set(key, shape);
    return shape;
  }

  #scopeOf({ instrumentationScope, resource }: RecordObject): ScopeShapes {
    const definition = this.#resourceOf(resource);
    let known = this.#scopes.get(instrumentationScope);
    if (known === undefined) {
      const { name, version, schemaUrl, attributes = {} } = instrumentationScope as FemtoScope;
      const scope: ScopeDefinition = { name, version, schemaUrl, attributes, resource: definition };
      known = { scope, shapes: new Map() };
      this.#scopes.set(instrumentationScope, known);
    }
    // Fragments of shapes are made again where it is another one.
    known.scope.resource = definition;
    return known;
  }

  #resourceOf(resource: RecordObject["resource"]): ResourceDefinition {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const { attributes, schemaUrl, asyncAttributesPending = false } = resource;
    const definition = { attributes, schemaUrl, pending: asyncAttributesPending };
    if (!asyncAttributesPending) this.#resources.set(resource, definition);
    return definition;
  }
}

/** What stands before the values. Returns the flags. */
function encodeHead(
  encoder: RecordEncoder,
  { hrTime, spanContext, droppedAttributesCount }: RecordObject,
): number {
  let flags = FLAG_TIMESTAMP | FLAG_EXTRAS;
  encoder.float64(hrTime[0]);
  encoder.uint32(hrTime[1]);
  const ids = `${spanContext?.traceId ?? ""}${spanContext?.spanId ?? ""}`;
  if (ids.length === ID_BYTES * 2 && HEX_ID.test(ids)) {
    flags |= FLAG_SPAN;
    encoder.encoded(Buffer.from(ids, "hex"));
    encoder.uint32(spanContext?.traceFlags ?? 0);
  }
  if (droppedAttributesCount > 0) {
    flags |= FLAG_DROPPED;
    encoder.uint32(droppedAttributesCount);
  }
  return flags;
}

function encodeAttributes(encoder: RecordEncoder, attributes: RecordObject["attributes"]): void {
  const entries = Object.entries(attributes);
  encoder.uint32(entries.length);
  for (const [key, value] of entries) {
    encoder.text(key);
    encoder.value(value);
  }
}
