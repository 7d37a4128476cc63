import { DEFINITION_BYTES_MAX, DefinitionWriter, type DefinitionUse } from "../queue/definitions.ts";
import type { Arena } from "../queue/arena.ts";
import { SHAPE_ID_MASK } from "./frame.ts";
import { RecordEncoder } from "./encoder.ts";
import type { BodyStyle } from "./shape.ts";
import { DEFAULT_ENCODER_LIMITS, RECORD_TOO_LARGE } from "./value-writer.ts";

/** What is left of a resource's value that is too long for a definition of its own. */
const LONG_VALUE_UNITS = 4096;
const LONG_VALUE_MARK = "[Too large]";

/** A scope as the writing side knows it; `id` is 0 where the dictionary had no room for it. */
export interface ScopeInput {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** A resource as the writing side knows it; structurally the `Resource` of @opentelemetry/resources. */
export interface ResourceInput {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl?: string | undefined;
  readonly asyncAttributesPending?: boolean | undefined;
  waitForAsyncAttributes?(): Promise<void>;
  getRawAttributes?(): readonly (readonly [key: string, value: unknown])[];
}

/** The static part of a call, before it has an id. */
export interface ShapeInput {
  readonly scope: DefinedScope;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: BodyStyle;
  readonly template: string;
  readonly argumentCount: number;
  readonly keys: readonly string[];
  readonly eventName?: string | undefined;
}

/** A scope with the ids that stand for it in records. */
export interface DefinedScope extends ScopeInput {
  readonly id: number;
  readonly resourceId: number;
}

/**
 * Says the static parts of this thread's records, once each, into shared memory. Bounded by the thread's share of it;
 * what has no room travels inside the records.
 */
export class ShapeDictionary {
  readonly #writer: DefinitionWriter;
  readonly #encoder = new RecordEncoder();
  readonly #resources = new WeakMap<ResourceInput, number>();
  #resourceCount = 0;
  #scopeCount = 0;
  #shapeCount = 0;
  #isFull = false;

  constructor(arena: Arena, threadSlot: number) {
    this.#writer = new DefinitionWriter(arena, threadSlot);
  }

  /** True since a shape found no room, or a scope or resource none of what is kept for them; what is too long for any block does not count. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get shapeCount(): number {
    return this.#shapeCount;
  }

  /** The scope with its ids; says the resource first, where it is new. */
  defineScope(scope: ScopeInput, resource: ResourceInput): DefinedScope {
    const resourceId = this.#defineResource(resource);
    const id = ++this.#scopeCount;
    const isDefined = this.#append({ kind: "scope", id, resource: resourceId, ...scopeFields(scope) });
    return { ...scopeFields(scope), id: isDefined ? id : 0, resourceId };
  }

  /** The id that records of this shape carry; 0 when it must travel inside each. */
  defineShape(shape: ShapeInput): number {
    if (this.#isFull || this.#shapeCount === SHAPE_ID_MASK) return 0;
    const id = this.#shapeCount + 1;
    if (!this.#append({ kind: "shape", id, ...shapeFields(shape) }, "shape")) return 0;
    this.#shapeCount = id;
    return id;
  }

  /** The definition as a value to put inside a record. */
  inline(shape: ShapeInput, encoder: RecordEncoder): void {
    // Not with the limits of the record: a definition that is cut is none.
    encoder.encoded(this.#encode(shapeFields(shape)));
  }

  #defineResource(resource: ResourceInput): number {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const id = ++this.#resourceCount;
    this.#resources.set(resource, id);
    const pending = resource.asyncAttributesPending === true;
    this.#sayResource(resource, { id, pending });
    if (pending) void this.#completeResource(resource, id);
    return id;
  }

  async #completeResource(resource: ResourceInput, id: number): Promise<void> {
    try {
      await resource.waitForAsyncAttributes?.();
    } catch {
      // What has been found out until now is all there will be.
    }
    this.#sayResource(resource, { id, pending: false });
  }

  /** One whose attributes are too long together is said in parts, an attribute each; a value that is too long alone is cut. */
  #sayResource(resource: ResourceInput, state: { readonly id: number; readonly pending: boolean }): void {
    const { schemaUrl } = resource;
    const attributes = settled(resource);
    if (this.#append({ kind: "resource", ...state, attributes, schemaUrl })) return;
    for (const [key, value] of Object.entries(attributes)) {
      if (this.#append({ kind: "part", attributes: { [key]: value } })) continue;
      const cut = typeof value === "string" ? value.slice(0, LONG_VALUE_UNITS) : LONG_VALUE_MARK;
      this.#append({ kind: "part", attributes: { [key]: cut } });
    }
    this.#append({ kind: "resource", ...state, attributes: {}, schemaUrl });
  }

  #append(definition: Record<string, unknown>, use: DefinitionUse = "origin"): boolean {
    const entry = this.#tryEncode(definition);
    if (entry === undefined || entry.length > DEFINITION_BYTES_MAX) return false;
    const hasRoom = this.#writer.append(entry, use);
    if (!hasRoom) this.#isFull = true;
    return hasRoom;
  }

  #tryEncode(definition: Record<string, unknown>): Uint8Array | undefined {
    try {
      return this.#encode(definition);
    } catch (error) {
      if (error === RECORD_TOO_LARGE) return undefined;
      throw error;
    }
  }

  /**
   * Valid until the next call.
   * @throws {RangeError} RECORD_TOO_LARGE.
   */
  #encode(fields: Record<string, unknown>): Uint8Array {
    const encoder = this.#encoder;
    encoder.begin(DEFAULT_ENCODER_LIMITS);
    const from = encoder.at;
    encoder.value(fields);
    return encoder.bytes.subarray(from, encoder.at);
  }
}

function scopeFields(scope: ScopeInput): ScopeInput {
  return {
    name: scope.name,
    version: scope.version,
    schemaUrl: scope.schemaUrl,
    attributes: scope.attributes,
  };
}

function shapeFields(shape: ShapeInput): Record<string, unknown> {
  return {
    // A scope that found no room goes along.
    scope:
      shape.scope.id === 0
        ? { ...scopeFields(shape.scope), resource: shape.scope.resourceId }
        : shape.scope.id,
    severityNumber: shape.severityNumber,
    severityText: shape.severityText,
    body: shape.body,
    template: shape.template,
    argumentCount: shape.argumentCount,
    keys: shape.keys,
    eventName: shape.eventName,
  };
}

/**
 * Attributes that are here already; those still to come are promises. A resource of the SDK complains when its attributes are
 * read before they are complete, but not when the raw ones are: pairs, of which the first with a key counts.
 */
function settled(resource: ResourceInput): Record<string, unknown> {
  const raw = resource.asyncAttributesPending === true ? resource.getRawAttributes?.() : undefined;
  // Without a prototype, so that "__proto__" is an attribute like any other.
  const known = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of raw ?? Object.entries(resource.attributes)) {
    if (!(value instanceof Promise) && !Object.hasOwn(known, key)) known[key] = value;
  }
  return known;
}
