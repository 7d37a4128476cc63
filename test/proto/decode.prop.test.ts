import * as fc from "fast-check";
import { expect, test } from "vitest";

import { countLogRecords } from "../../proto/count.ts";
import { DecodeError } from "../../proto/decode-error.ts";
import { countLogRecordsJson, decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { DecodedLogRecord, DecodedMap, DecodedValue } from "../../proto/model.ts";
import { otlpSchema } from "../../proto/schema.ts";

/** A record as its fields, without scope and resource. */
type Fields = Omit<DecodedLogRecord, "scope" | "resource">;

const text = fc.string({ unit: "binary", maxLength: 12 });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const { value: anyValue } = fc.letrec<{ value: DecodedValue; map: DecodedMap }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 6 }),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("map"),
  ),
  map: fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
}));

const attributeMap = fc
  .uniqueArray(fc.tuple(text, anyValue), { maxLength: 5, selector: ([key]) => key })
  .map((entries) => new Map(entries));

function hexId(byteCount: number): fc.Arbitrary<string> {
  const bytes = fc.uint8Array({ minLength: byteCount, maxLength: byteCount });
  return fc.oneof(
    fc.constant(""),
    bytes.map((id) => Buffer.from(id).toString("hex")),
  );
}

const record: fc.Arbitrary<Fields> = fc.record(
  {
    timeUnixNano: uint64,
    observedTimeUnixNano: uint64,
    severityNumber: fc.integer({ min: 0, max: 24 }),
    severityText: text,
    body: fc.option(anyValue, { nil: undefined }),
    attributes: attributeMap,
    droppedAttributesCount: uint32,
    flags: uint32,
    traceId: hexId(16),
    spanId: hexId(8),
    eventName: text,
  },
  { noNullPrototype: true },
);

/** By the mapping of OTLP/JSON; `protobufjs` takes the same object but for ids, and doubles by name. */
function toAnyValue(value: DecodedValue, isJson: boolean): object {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint") return { intValue: value.toString() };
  if (typeof value === "number") {
    // JSON.stringify() makes 0 of -0.
    const isNamed = isJson && (!Number.isFinite(value) || Object.is(value, -0));
    return { doubleValue: isNamed ? (value === 0 ? "-0" : String(value)) : value };
  }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (value instanceof Map) return { kvlistValue: { values: toKeyValues(value as DecodedMap, isJson) } };
  return {
    arrayValue: { values: (value as readonly DecodedValue[]).map((item) => toAnyValue(item, isJson)) },
  };
}

function toKeyValues(map: DecodedMap, isJson: boolean): object[] {
  return [...map].map(([key, value]) => ({ key, value: toAnyValue(value, isJson) }));
}

function toRequest(records: readonly Fields[], isJson: boolean): object {
  const logRecords = records.map((fields) => ({
    ...fields,
    timeUnixNano: fields.timeUnixNano.toString(),
    observedTimeUnixNano: fields.observedTimeUnixNano.toString(),
    body: fields.body === undefined ? undefined : toAnyValue(fields.body, isJson),
    attributes: toKeyValues(fields.attributes, isJson),
    traceId: isJson ? fields.traceId : Buffer.from(fields.traceId, "hex"),
    spanId: isJson ? fields.spanId : Buffer.from(fields.spanId, "hex"),
  }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

function toProtobuf(records: readonly Fields[]): Uint8Array {
  const type = otlpSchema().exportLogsServiceRequest;
  return type.encode(type.fromObject(toRequest(records, false))).finish();
}

function fieldsOf(records: readonly DecodedLogRecord[]): Fields[] {
  return records.map(({ scope: _scope, resource: _resource, ...fields }) => fields);
}

/** The records, or undefined for bytes that are refused. Any other error fails the test. */
function decodeOrRefuse(decode: () => readonly DecodedLogRecord[]): readonly DecodedLogRecord[] | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

test("decodeLogs() gives the records that were encoded", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), (records) => {
      expect(fieldsOf(decodeLogs(toProtobuf(records)))).toStrictEqual(records);
    }),
  );
});

test("decodeLogsJson() gives the records that were encoded", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), (records) => {
      const document = JSON.stringify(toRequest(records, true));
      expect(fieldsOf(decodeLogsJson(document))).toStrictEqual(records);
    }),
  );
});

test("countLogRecords() and countLogRecordsJson() count what the decoders give", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (records) => {
      expect(countLogRecords(toProtobuf(records))).toBe(records.length);
      expect(countLogRecordsJson(JSON.stringify(toRequest(records, true)))).toBe(records.length);
    }),
  );
});

test("decodeLogs() decodes or refuses random bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeOrRefuse(() => decodeLogs(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("decodeLogs() decodes or refuses damaged requests, and countLogRecords() agrees with it", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 3 }),
      damage,
      fc.nat(),
      (records, changes, cut) => {
        const whole = toProtobuf(records).slice();
        for (const [position, byte] of changes) whole[position % whole.length] = byte;
        const bytes = cut % 2 === 0 ? whole : whole.subarray(0, cut % whole.length);
        const decoded = decodeOrRefuse(() => decodeLogs(bytes));
        if (decoded !== undefined) expect(countLogRecords(bytes)).toBe(decoded.length);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("decodeLogsJson() decodes or refuses any JSON", () => {
  const names = [
    "resourceLogs",
    "scopeLogs",
    "logRecords",
    "attributes",
    "body",
    "key",
    "value",
    "arrayValue",
  ];
  const key = fc.oneof(fc.constantFrom(...names, "kvlistValue", "values", "intValue"), fc.string());
  fc.assert(
    fc.property(fc.object({ key, maxDepth: 8 }), (document) => {
      decodeOrRefuse(() => decodeLogsJson(JSON.stringify(document)));
    }),
    { numRuns: 1_000 },
  );
});

test("decodeLogsJson() decodes or refuses random bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeOrRefuse(() => decodeLogsJson(bytes));
    }),
    { numRuns: 1_000 },
  );
});
