/** What we render against what the stock SDK's serializers make of the same records. */
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { describe, expect, test } from "vitest";

import { decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import { recordOf, resourceOf, scopeOf, shapeOf } from "./otlp-records.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

const attributeSets: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { "user.id": 7, ratio: 0.25, ok: false, name: "Zoë", empty: "" },
  { tags: ["a", "b"], raw: Uint8Array.of(9, 200), nested: { list: [1, [2.5], { x: true }], none: null } },
  {
    negative: -1,
    min: -2_147_483_648,
    large: 2 ** 40,
    safe: Number.MAX_SAFE_INTEGER,
    tiny: 5e-324,
    huge: 1e300,
  },
  { long: "x".repeat(5_000), lines: 'a\n"b"\\c', control: "\u0000\u001b" },
];

/** Values that the stock JSON serializer does not write as OTLP asks for: as `null`, or as an integer in exponent notation. */
const protobufOnlySets: readonly Readonly<Record<string, unknown>>[] = [
  { nan: NaN, infinity: Infinity, minus: -Infinity },
];

const resourceAttributes = {
  "service.name": "shop",
  "process.pid": 4711,
  "process.command_args": ["node", "app.js"],
};
const stockResource = resourceFromAttributes(resourceAttributes, { schemaUrl: "https://schema" });
const ourResource = resourceOf(resourceAttributes, { schemaUrl: "https://schema" });

const scopes = ["shop.cart", "shop.checkout"].map((name, n) => {
  const parts = { version: `1.${n}`, schemaUrl: "https://scope", attributes: { team: "blue", n } };
  return { stock: { name, ...parts }, ours: scopeOf(name, { ...parts, resource: ourResource }) };
});

interface Sample {
  readonly index: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scope: (typeof scopes)[number];
}

function samplesOf(sets: typeof attributeSets): Sample[] {
  return sets.flatMap((attributes, row) =>
    scopes.map((scope, column) => ({ index: row * scopes.length + column, attributes, scope })),
  );
}

function stockRecord({ index, attributes, scope }: Sample): ReadableLogRecord {
  return {
    hrTime: [1_700_000_000 + index, 123_456_789],
    hrTimeObserved: [1_795_368_486, 125_000_000],
    severityNumber: 13,
    severityText: "warn",
    eventName: "cart.abandoned",
    body: { text: "half", parts: [1, 2.5, "x", true, null] },
    attributes,
    droppedAttributesCount: index,
    resource: stockResource,
    instrumentationScope: scope.stock,
    ...(index % 2 === 0 && { spanContext: { traceId, spanId, traceFlags: 1 } }),
  };
}

function renderOurs(
  renderer: OtlpProtobufRenderer | OtlpJsonRenderer,
  samples: readonly Sample[],
): Uint8Array {
  for (const { index, attributes, scope } of samples) {
    const keys = Object.keys(attributes);
    const shape = shapeOf({
      scope: scope.ours,
      severityNumber: 13,
      severityText: "warn",
      eventName: "cart.abandoned",
      body: "value",
      keys: keys.slice(0, 2),
    });
    const body = { text: "half", parts: [1, 2.5, "x", true, null] };
    renderer.add(
      recordOf({
        shape,
        values: [body, ...keys.slice(0, 2).map((key) => attributes[key])],
        extras: Object.fromEntries(keys.slice(2).map((key) => [key, attributes[key]])),
        timestamp: { seconds: 1_700_000_000 + index, nanos: 123_456_789 },
        millis: 1_795_368_486_125,
        ...(index > 0 && { droppedCount: index }),
        ...(index % 2 === 0 && { span: { traceId, spanId, flags: 1 } }),
      }),
    );
  }
  return renderer.finish();
}

describe("the same records by us and by the stock serializer", () => {
  test("in protobuf", () => {
    const samples = samplesOf([...attributeSets, ...protobufOnlySets]);
    const stock = ProtobufLogsSerializer.serializeRequest(samples.map(stockRecord)) ?? new Uint8Array();
    const ours = decodeLogs(renderOurs(new OtlpProtobufRenderer(), samples));
    expect(ours).toHaveLength(samples.length);
    expect(ours).toStrictEqual(decodeLogs(stock));
  });

  test("in JSON", () => {
    const samples = samplesOf(attributeSets.map(({ huge: _huge, ...others }) => others));
    const stock = JsonLogsSerializer.serializeRequest(samples.map(stockRecord)) ?? new Uint8Array();
    const ours = decodeLogsJson(renderOurs(new OtlpJsonRenderer(), samples));
    expect(ours).toHaveLength(samples.length);
    expect(ours).toStrictEqual(decodeLogsJson(stock));
  });
});
