import { AS_IT_IS } from "../../src/formatters/body-value.ts";
import { TextBody } from "../../src/formatters/body.ts";
import type { FemtoLogRecord, FemtoMap, FemtoScope, FemtoValue } from "../../src/record/log-record.ts";
import type { ResourceLike } from "../../src/record/resource.ts";
import { OutputBuffer } from "../shape/output.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { ResourceDefinition, ScopeDefinition, Shape } from "../shape/shape.ts";
import { readPairs, readValue, setOwn, skipValue, type ReadValue } from "../shape/value-reader.ts";

type Fields = Record<string, ReadValue>;

/** Structurally the `Resource` of @opentelemetry/resources: what exporters read of it. */
class ReadResource implements ResourceLike {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl: string | undefined;
  readonly asyncAttributesPending = false;

  constructor(definition: ResourceDefinition) {
    this.attributes = definition.attributes;
    this.schemaUrl = definition.schemaUrl;
  }

  readonly waitForAsyncAttributes = (): Promise<void> => Promise.resolve();

  getRawAttributes(): [string, unknown][] {
    return Object.entries(this.attributes);
  }

  merge(other: ResourceLike | null): ReadResource {
    if (other === null) return this;
    const attributes = { ...this.attributes, ...other.attributes };
    return new ReadResource({ attributes, schemaUrl: other.schemaUrl ?? this.schemaUrl, pending: false });
  }
}

/** A record as an object: what exporters of the OpenTelemetry SDK take. */
export type DecodedRecord = FemtoLogRecord;

/** Makes record objects from records in a queue. One a consumer; one object a scope and a resource. */
export class RecordDecoder {
  readonly #scopes = new WeakMap<ScopeDefinition, FemtoScope>();
  readonly #resources = new WeakMap<ResourceDefinition, ReadResource>();
  /** The way back, for records that somebody has changed. */
  readonly #definitions = new WeakMap<object, ScopeDefinition>();
  readonly #bodies = new WeakMap<Shape, TextBody>();
  readonly #text = new OutputBuffer(4096);

  /** Decodes the whole record; it shares no memory with the queue. */
  decode(record: RecordCursor): DecodedRecord {
    const { shape } = record;
    const body = this.bodyOf(record);
    return {
      hrTime: [record.timeSeconds, record.timeNanos],
      hrTimeObserved: [record.observedSeconds, record.observedNanos],
      ...(record.spanAt < 0 ? {} : { spanContext: readSpan(record) }),
      ...(shape.severityText === "" ? {} : { severityText: shape.severityText }),
      ...(shape.severityNumber === 0 ? {} : { severityNumber: shape.severityNumber }),
      ...(body === undefined ? {} : { body }),
      ...(shape.eventName === undefined ? {} : { eventName: shape.eventName }),
      ...(shape.template === "" ? {} : { template: shape.template }),
      resource: this.resourceOf(shape.scope.resource),
      instrumentationScope: this.scopeOf(shape.scope),
      attributes: this.attributesOf(record),
      droppedAttributesCount: record.droppedCount,
      threadId: record.threadId,
      loggerName: shape.scope.name,
    };
  }

  /** The rendered text, or the value in its place; undefined where there is none. */
  bodyOf(record: RecordCursor): FemtoValue | undefined {
    const { shape } = record;
    if (shape.body === "none") return undefined;
    if (shape.body === "value") return readValue(record.bytes, record.view, record.valuesAt) as FemtoValue;
    let body = this.#bodies.get(shape);
    if (body === undefined) {
      body = new TextBody(shape, AS_IT_IS);
      this.#bodies.set(shape, body);
    }
    if (body.constant !== undefined) return body.constant;
    this.#text.clear();
    body.write(this.#text, record);
    return this.#text.bytes.toString("utf8", 0, this.#text.at);
  }

  attributesOf(record: RecordCursor): FemtoMap {
    const attributes: Fields = {};
    const { bytes, view, shape } = record;
    let at = record.valueAt(shape.argumentCount);
    for (const key of shape.keys) {
      const value = readValue(bytes, view, at);
      if (value !== undefined) setOwn(attributes, key, value);
      at = skipValue(view, at);
    }
    if (record.hasExtras) readPairs(attributes, { bytes, view, at: at + 4, count: view.getUint32(at, true) });
    return attributes as FemtoMap;
  }

  /** One object a scope. */
  scopeOf(definition: ScopeDefinition): FemtoScope {
    const known = this.#scopes.get(definition);
    if (known !== undefined) return known;
    const scope: FemtoScope = {
      name: definition.name,
      ...(definition.version === undefined ? {} : { version: definition.version }),
      ...(definition.schemaUrl === undefined ? {} : { schemaUrl: definition.schemaUrl }),
      ...(Object.keys(definition.attributes).length === 0
        ? {}
        : { attributes: definition.attributes as FemtoMap }),
    };
    this.#scopes.set(definition, scope);
    this.#definitions.set(scope, definition);
    return scope;
  }

  /** The definition that `scopeOf` has made an object of; undefined for any other object. */
  definitionOf(scope: object): ScopeDefinition | undefined {
    return this.#definitions.get(scope);
  }

  /** One object a resource. */
  resourceOf(definition: ResourceDefinition): ReadResource {
    const known = this.#resources.get(definition);
    if (known !== undefined) return known;
    const resource = new ReadResource(definition);
    this.#resources.set(definition, resource);
    return resource;
  }
}

/** The ids of a record that has a span. */
export function readSpan(record: RecordCursor): { traceId: string; spanId: string; traceFlags: number } {
  const at = record.spanAt;
  return {
    traceId: record.bytes.toString("hex", at, at + 16),
    spanId: record.bytes.toString("hex", at + 16, at + 24),
    traceFlags: record.traceFlags,
  };
}
