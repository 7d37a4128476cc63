/** Requests for tests of splitting, as our renderers make them, and what a receiver reads of them. */
import { decodeLogsJson } from "../../../proto/decode-json.ts";
import { decodeLogs } from "../../../proto/decode.ts";
import type { DecodedLogRecord } from "../../../proto/model.ts";
import { OtlpJsonRenderer } from "../../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../../proto/otlp-protobuf-renderer.ts";
import { jsonRequests } from "../../../exporters/otlp/json-requests.ts";
import { protobufRequests } from "../../../exporters/otlp/protobuf-requests.ts";
import type { RequestCodec } from "../../../exporters/otlp/request-outline.ts";
import type { ScopeDefinition } from "../../../processors/shape/shape.ts";
import { recordOf, resourceOf, scopeOf, shapeOf } from "../../proto/otlp-records.ts";

/** A record: which scope it is of, and its text. */
export interface TextRecord {
  readonly scopeIndex: number;
  readonly text: string;
}

/** One encoding, from both sides. */
export interface Encoding {
  readonly name: "protobuf" | "json";
  readonly codec: RequestCodec;
  readonly encode: (records: readonly TextRecord[]) => Uint8Array;
  readonly decode: (request: Uint8Array) => DecodedLogRecord[];
}

/** Two scopes of one resource, and one of another; each with all that may stand around records. */
function makeScopes(): readonly ScopeDefinition[] {
  const [shop, bank] = ["shop", "bank"].map((name) =>
    resourceOf({ "service.name": name, note: 'a "quoted\\" ]}' }, { schemaUrl: `https://schema/${name}` }),
  );
  return [
    scopeOf("one", {
      resource: shop!,
      version: "1.2",
      schemaUrl: "https://schema/one",
      attributes: { a: 1 },
    }),
    scopeOf("two", { resource: shop!, attributes: { list: ["]", "}"] } }),
    scopeOf("three", { resource: bank!, schemaUrl: "https://schema/three" }),
  ];
}

function encodeWith(
  renderer: OtlpProtobufRenderer | OtlpJsonRenderer,
  records: readonly TextRecord[],
): Uint8Array {
  const shapes = makeScopes().map((scope) => shapeOf({ scope, body: "value", keys: ["key"] }));
  for (const { scopeIndex, text } of records) {
    renderer.add(recordOf({ shape: shapes[scopeIndex]!, values: [text, { nested: text, number: 7 }] }));
  }
  return Uint8Array.from(renderer.finish());
}

export const encodings: readonly Encoding[] = [
  {
    name: "protobuf",
    codec: protobufRequests,
    encode: (records) => encodeWith(new OtlpProtobufRenderer(), records),
    decode: (request) => decodeLogs(request),
  },
  {
    name: "json",
    codec: jsonRequests,
    encode: (records) => encodeWith(new OtlpJsonRenderer(), records),
    decode: (request) => decodeLogsJson(request),
  },
];

/** The texts of a request's records, in its order. */
export function textsOf(records: readonly DecodedLogRecord[]): unknown[] {
  return records.map(({ body }) => body);
}

/** Records of the first scope with these texts. */
export function textRecords(...texts: readonly string[]): TextRecord[] {
  return texts.map((text) => ({ scopeIndex: 0, text }));
}
