import { OutputBuffer } from "../processors/shape/output.ts";
import type { ResourceDefinition, ScopeDefinition } from "../processors/shape/shape.ts";
import {
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES_COUNT,
  RESOURCE_LOGS_RESOURCE,
  RESOURCE_LOGS_SCHEMA_URL,
  SCOPE_ATTRIBUTES,
  SCOPE_DROPPED_ATTRIBUTES_COUNT,
  SCOPE_LOGS_SCHEMA_URL,
  SCOPE_LOGS_SCOPE,
  SCOPE_NAME,
  SCOPE_VERSION,
} from "./otlp-fields.ts";
import { PlainAttributeEncoder } from "./plain-attributes.ts";
import { writePairs } from "./protobuf-value.ts";
import type { Envelope, EnvelopeWriter } from "./scope-batches.ts";
import { writeMessageField, writeTextField, writeVarint } from "./wire.ts";

const initialBytes = 1_024;

interface AttributeTags {
  readonly attributes: number;
  readonly droppedCount: number;
}

const scopeTags: AttributeTags = {
  attributes: SCOPE_ATTRIBUTES,
  droppedCount: SCOPE_DROPPED_ATTRIBUTES_COUNT,
};
const resourceTags: AttributeTags = {
  attributes: RESOURCE_ATTRIBUTES,
  droppedCount: RESOURCE_DROPPED_ATTRIBUTES_COUNT,
};

/**
 * Resources and scopes in protobuf. The head is the field `resource` or `scope` of the message around the records,
 * the tail is its field `schema_url`; the records, and the length of all, are the renderer's.
 *
 * @see OTLP 1.11.0, logs.proto: `ResourceLogs`, `ScopeLogs`
 */
export class ProtobufEnvelopeWriter implements EnvelopeWriter {
  readonly #attributes = new PlainAttributeEncoder();
  readonly #out = new OutputBuffer(initialBytes);

  scope(scope: ScopeDefinition): Envelope {
    const head = this.#bytesOf((out) => {
      writeMessageField(out, SCOPE_LOGS_SCOPE, () => {
        if (scope.name !== "") writeTextField(out, SCOPE_NAME, scope.name);
        if (scope.version) writeTextField(out, SCOPE_VERSION, scope.version);
        this.#writeAttributes(out, scope.attributes, scopeTags);
      });
    });
    return { head, tail: this.#schemaUrlField(SCOPE_LOGS_SCHEMA_URL, scope.schemaUrl) };
  }

  resource(resource: ResourceDefinition): Envelope {
    const head = this.#bytesOf((out) => {
      writeMessageField(out, RESOURCE_LOGS_RESOURCE, () => {
        this.#writeAttributes(out, resource.attributes, resourceTags);
      });
    });
    return { head, tail: this.#schemaUrlField(RESOURCE_LOGS_SCHEMA_URL, resource.schemaUrl) };
  }

  #writeAttributes(
    out: OutputBuffer,
    attributes: Readonly<Record<string, unknown>>,
    tags: AttributeTags,
  ): void {
    const encoded = this.#attributes.encode(attributes);
    writePairs(out, encoded, encoded.countAt, tags.attributes);
    if (encoded.droppedCount === 0) return;
    out.byte(tags.droppedCount);
    writeVarint(out, encoded.droppedCount);
  }

  #schemaUrlField(tag: number, schemaUrl: string | undefined): Uint8Array {
    return this.#bytesOf((out) => {
      if (schemaUrl) writeTextField(out, tag, schemaUrl);
    });
  }

  /** A copy of what `write` appends. */
  #bytesOf(write: (out: OutputBuffer) => void): Uint8Array {
    this.#out.clear();
    write(this.#out);
    return new Uint8Array(this.#out.written());
  }
}
