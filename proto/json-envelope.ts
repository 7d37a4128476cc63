import { OutputBuffer } from "../processors/shape/output.ts";
import type { ResourceDefinition, ScopeDefinition } from "../processors/shape/shape.ts";
import { dropLastComma, jsonText, writeJsonPairs } from "./json-any-value.ts";
import { PlainAttributeEncoder } from "./plain-attributes.ts";
import type { Envelope, EnvelopeWriter } from "./scope-batches.ts";

const initialBytes = 1_024;

/**
 * Resources and scopes in OTLP/JSON. The head reaches as far as the first record, or the first scope; the tail
 * begins behind the last one.
 *
 * @see OTLP 1.11.0, logs.proto: `ResourceLogs`, `ScopeLogs`
 */
export class JsonEnvelopeWriter implements EnvelopeWriter {
  readonly #attributes = new PlainAttributeEncoder();

  scope(scope: ScopeDefinition): Envelope {
    const fields = [`"name":${jsonText(scope.name)}`];
    if (scope.version) fields.push(`"version":${jsonText(scope.version)}`);
    fields.push(...this.#attributeFields(scope.attributes));
    return envelope(`{"scope":{${fields.join(",")}},"logRecords":[`, scope.schemaUrl);
  }

  resource(resource: ResourceDefinition): Envelope {
    const fields = this.#attributeFields(resource.attributes);
    return envelope(`{"resource":{${fields.join(",")}},"scopeLogs":[`, resource.schemaUrl);
  }

  #attributeFields(attributes: Readonly<Record<string, unknown>>): string[] {
    const encoded = this.#attributes.encode(attributes);
    const pairs = new OutputBuffer(initialBytes);
    writeJsonPairs(pairs, encoded, encoded.countAt);
    dropLastComma(pairs, 0);
    const fields: string[] = [];
    if (pairs.at > 0) fields.push(`"attributes":[${pairs.bytes.toString("utf8", 0, pairs.at)}]`);
    if (encoded.droppedCount > 0) fields.push(`"droppedAttributesCount":${encoded.droppedCount}`);
    return fields;
  }
}

function envelope(head: string, schemaUrl: string | undefined): Envelope {
  const tail = schemaUrl ? `],"schemaUrl":${jsonText(schemaUrl)}}` : "]}";
  return { head: new TextEncoder().encode(head), tail: new TextEncoder().encode(tail) };
}
