import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { DecodedValue } from "../../proto/model.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { recordOf, resourceOf, scopeOf, shapeOf, type RecordParts } from "./otlp-records.ts";

type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Any UTF-16, lone surrogates too, of lengths around those where a tag or a length of the encoder changes. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 300 }),
  fc.integer({ min: 100, max: 140 }).map((length) => "x".repeat(length)),
);

/** Keys are unique after they have become well-formed. */
const key = fc.string({ unit: "grapheme", maxLength: 20 }).filter((name) => name.isWellFormed());

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -300, max: 300 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  text,
  fc.uint8Array({ maxLength: 200 }),
);

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 12 }),
    fc.dictionary(key, tie("value"), { maxKeys: 12 }),
  ),
})).value;

const span = fc.record({
  traceId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  spanId: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  flags: fc.integer({ min: 0, max: 255 }),
});

interface Given {
  readonly shape: number;
  readonly values: readonly Value[];
  readonly extras: Readonly<Record<string, Value>> | undefined;
  readonly span: RecordParts["span"] | undefined;
  readonly timestamp: NonNullable<RecordParts["timestamp"]>;
  readonly droppedCount: number | undefined;
}

const shapeKeys = ["plain", "with.dots", "naïve", "k".repeat(120)];

const record: fc.Arbitrary<Given> = fc.record({
  shape: fc.nat({ max: 3 }),
  values: fc.array(value, { minLength: shapeKeys.length + 1, maxLength: shapeKeys.length + 1 }),
  extras: fc.option(
    fc.dictionary(
      key.map((name) => `extra ${name}`),
      value,
      { maxKeys: 5 },
    ),
    { nil: undefined },
  ),
  span: fc.option(span, { nil: undefined }),
  timestamp: fc.record({
    seconds: fc.integer({ min: 0, max: 18_446_744_072 }),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
  }),
  droppedCount: fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: undefined }),
});

function testShapes(): Shape[] {
  const resource = resourceOf({ "service.name": "shop" });
  const scopes = [scopeOf("one", { resource }), scopeOf("two", { resource })] as const;
  return [
    shapeOf({ scope: scopes[0], body: "value", keys: shapeKeys }),
    shapeOf({ scope: scopes[0], body: "value", keys: shapeKeys, severityNumber: 24, severityText: "FATAL4" }),
    shapeOf({ scope: scopes[0], body: "value", keys: shapeKeys, eventName: "order.paid" }),
    shapeOf({ scope: scopes[1], body: "value", keys: shapeKeys }),
  ];
}

/** What OTLP makes of a value: safe integers and bigints are int64, texts are well-formed. */
function expectedValue(given: Value): DecodedValue {
  if (typeof given === "number")
    return Number.isSafeInteger(given) && !Object.is(given, -0) ? BigInt(given) : given;
  if (typeof given === "string") return given.toWellFormed();
  if (given === null || typeof given !== "object" || given instanceof Uint8Array) return given;
  if (Array.isArray(given)) return (given as readonly Value[]).map(expectedValue);
  return new Map(Object.entries(given).map(([name, inner]) => [name, expectedValue(inner)]));
}

function expectedRecord(given: Given, shape: Shape): Record<string, unknown> {
  const [body, ...values] = given.values;
  const attributes = [
    ...shapeKeys.map((name, i) => [name, values[i]] as const),
    ...Object.entries(given.extras ?? {}),
  ];
  return {
    timeUnixNano: BigInt(given.timestamp.seconds) * 1_000_000_000n + BigInt(given.timestamp.nanos),
    observedTimeUnixNano: 1_500_000_000n,
    severityNumber: shape.severityNumber,
    severityText: shape.severityText,
    body: expectedValue(body as Value),
    attributes: new Map(attributes.map(([name, inner]) => [name, expectedValue(inner as Value)])),
    droppedAttributesCount: given.droppedCount ?? 0,
    flags: given.span?.flags ?? 0,
    traceId: given.span?.traceId ?? "",
    spanId: given.span?.spanId ?? "",
    eventName: shape.eventName ?? "",
    scope: {
      name: shape.scope.name,
      version: "",
      attributes: new Map(),
      droppedAttributesCount: 0,
      schemaUrl: "",
    },
    resource: { attributes: new Map([["service.name", "shop"]]), droppedAttributesCount: 0, schemaUrl: "" },
  };
}

function render(
  renderer: OtlpProtobufRenderer | OtlpJsonRenderer,
  given: readonly Given[],
  shapes: readonly Shape[],
): Uint8Array {
  for (const { shape, ...parts } of given) {
    const { extras, span: givenSpan, droppedCount, ...rest } = parts;
    renderer.add(
      recordOf({
        ...rest,
        millis: 1_500,
        shape: shapes[shape] as Shape,
        ...(extras && { extras }),
        ...(givenSpan && { span: givenSpan }),
        ...(droppedCount && { droppedCount }),
      }),
    );
  }
  return renderer.finish();
}

/** By scope, as the request groups them. */
function expectedRecords(given: readonly Given[], shapes: readonly Shape[]): Record<string, unknown>[] {
  const scopes = [...new Set(given.map(({ shape }) => shapes[shape]?.scope))];
  return scopes.flatMap((scope) =>
    given
      .filter(({ shape }) => shapes[shape]?.scope === scope)
      .map((one) => expectedRecord(one, shapes[one.shape] as Shape)),
  );
}

const batch = fc.array(record, { minLength: 1, maxLength: 6 });

describe.each([
  { name: "protobuf", Renderer: OtlpProtobufRenderer, decode: decodeLogs },
  { name: "JSON", Renderer: OtlpJsonRenderer, decode: decodeLogsJson },
] as const)("$name", ({ Renderer, decode }) => {
  test("decoding what was rendered gives the records back", () => {
    const shapes = testShapes();
    const renderer = new Renderer();
    fc.assert(
      fc.property(batch, (given) => {
        const decoded = decode(render(renderer, given, shapes), { duplicateKeys: "error" });
        expect(decoded).toEqual(expectedRecords(given, shapes));
      }),
      { numRuns: 100 },
    );
  });
});

/** Fields that hold messages, by message. */
const messages: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  request: { 1: "resourceLogs" },
  resourceLogs: { 1: "resource", 2: "scopeLogs" },
  resource: { 1: "pair" },
  scopeLogs: { 1: "scope", 2: "record" },
  scope: { 3: "pair" },
  record: { 5: "value", 6: "pair" },
  pair: { 2: "value" },
  value: { 5: "list", 6: "map" },
  list: { 1: "value" },
  map: { 1: "pair" },
};

/** Walks a message and gives its varints, tags and lengths included, as they stand there. */
function* varintsOf(bytes: Uint8Array, message: string): Generator<Uint8Array> {
  let at = 0;
  const take = (): Uint8Array => {
    const from = at;
    while ((bytes[at++] as number) > 127);
    return bytes.subarray(from, at);
  };
  while (at < bytes.length) {
    const tag = take();
    yield tag;
    const wireType = (tag[0] as number) & 7;
    if (wireType === 1) at += 8;
    if (wireType === 5) at += 4;
    if (wireType === 0) yield take();
    if (wireType !== 2) continue;
    const length = take();
    yield length;
    const from = at;
    at += length.reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0);
    const inner = messages[message]?.[(tag[0] as number) >> 3];
    if (inner !== undefined) yield* varintsOf(bytes.subarray(from, at), inner);
  }
  expect(at).toBe(bytes.length);
}

test("no varint is overlong: the last byte of a long one is never 0", () => {
  const shapes = testShapes();
  const renderer = new OtlpProtobufRenderer();
  fc.assert(
    fc.property(batch, (given) => {
      for (const varint of varintsOf(render(renderer, given, shapes), "request")) {
        if (varint.length > 1 && varint.at(-1) === 0)
          expect.fail(`overlong: ${Buffer.from(varint).toString("hex")}`);
      }
    }),
    { numRuns: 60 },
  );
});

test("JSON.parse() reads what was rendered, and one line holds it", () => {
  const shapes = testShapes();
  const renderer = new OtlpJsonRenderer();
  fc.assert(
    fc.property(batch, (given) => {
      const json = Buffer.from(render(renderer, given, shapes)).toString();
      expect(json).not.toContain("\n");
      expect(Object.keys(JSON.parse(json) as object)).toEqual(["resourceLogs"]);
    }),
    { numRuns: 40 },
  );
});
