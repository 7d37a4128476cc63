// A batch grouped as OTLP wants it: a buffer a scope, the scopes by resource.
import { OutputBuffer } from "../processors/shape/output.ts";
import type { ResourceDefinition, ScopeDefinition } from "../processors/shape/shape.ts";

const scopeBufferBytes = 4_096;
/** Emptied buffers that are kept for the next batch: most programs have few scopes in one. */
const spareCountMax = 4;

/** What stands before and after the records of a scope, or the scopes of a resource. */
export interface Envelope {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** What a renderer adds to a shape to make its fragments. */
export interface ShapeContext {
  /** The renderer, by which it knows its own fragments. */
  readonly owner: object;
  readonly batch: ScopeBatch;
  readonly includeTemplate: boolean;
}

/** How a renderer writes envelopes. */
export interface EnvelopeWriter {
  scope(scope: ScopeDefinition): Envelope;
  resource(resource: ResourceDefinition): Envelope;
}

/** The records of one scope in the batch being made. */
export interface ScopeBatch {
  readonly scope: ScopeDefinition;
  readonly envelope: Envelope;
  /** The records' bytes; undefined while the batch holds none of this scope. */
  out: OutputBuffer | undefined;
}

/** A scope with records in the batch. */
export type OpenScopeBatch = ScopeBatch & { readonly out: OutputBuffer };

/** The scopes of one resource in the batch being made, in the order of their first records. */
export interface ResourceGroup {
  readonly envelope: Envelope;
  readonly scopes: readonly OpenScopeBatch[];
}

/**
 * The scope buffers of one renderer. Definitions are told apart by identity, and forgotten when nothing else
 * holds them. Buffers are reused from batch to batch.
 */
export class ScopeBatches {
  readonly #writer: EnvelopeWriter;
  readonly #known = new WeakMap<ScopeDefinition, ScopeBatch>();
  readonly #resources = new WeakMap<ResourceDefinition, Envelope>();
  readonly #spares: OutputBuffer[] = [];
  #open: OpenScopeBatch[] = [];

  constructor(writer: EnvelopeWriter) {
    this.#writer = writer;
  }

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  /** The one `ScopeBatch` of a scope, for a renderer to keep with what it knows of a shape. */
  batchOf(scope: ScopeDefinition): ScopeBatch {
    const known = this.#known.get(scope);
    if (known !== undefined) return known;
    const batch: ScopeBatch = { scope, envelope: this.#writer.scope(scope), out: undefined };
    this.#known.set(scope, batch);
    return batch;
  }

  /** Gives a scope without records its buffer. */
  open(batch: ScopeBatch): OutputBuffer {
    const out = this.#spares.pop() ?? new OutputBuffer(scopeBufferBytes);
    batch.out = out;
    this.#open.push(batch as OpenScopeBatch);
    return out;
  }

  /** What the batch holds, resources in the order of their first records. A scope's resource is that of this moment. */
  groups(): ResourceGroup[] {
    const scopesOf = new Map<ResourceDefinition, OpenScopeBatch[]>();
    for (const batch of this.#open) {
      const scopes = scopesOf.get(batch.scope.resource);
      if (scopes === undefined) scopesOf.set(batch.scope.resource, [batch]);
      else scopes.push(batch);
    }
    return Array.from(scopesOf, ([resource, scopes]) => ({ envelope: this.#envelopeOf(resource), scopes }));
  }

  /** Ends the batch: takes the buffers back. */
  close(): void {
    for (const batch of this.#open as ScopeBatch[]) {
      if (batch.out !== undefined && this.#spares.length < spareCountMax) {
        batch.out.clear();
        this.#spares.push(batch.out);
      }
      batch.out = undefined;
    }
    this.#open = [];
  }

  /** Written once a resource, but each time as long as some of its attributes are still to come. */
  #envelopeOf(resource: ResourceDefinition): Envelope {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const envelope = this.#writer.resource(resource);
    if (!resource.pending) this.#resources.set(resource, envelope);
    return envelope;
  }
}
