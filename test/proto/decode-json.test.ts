import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { expect, test } from "vitest";

import { DecodeError, elementCountMax, valueDepthMax } from "../../proto/decode-error.ts";
import { countLogRecordsJson, decodeLogsJson } from "../../proto/decode-json.ts";
import type { DecodedLogRecord, DecodedValue, DecodeOptions } from "../../proto/model.ts";

/** A document with one record of these fields, as JSON text so that numbers stand as a sender wrote them. */
function documentOf(recordJson: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${recordJson}]}]}]}`;
}

function decodeRecord(recordJson: string, options?: DecodeOptions): DecodedLogRecord {
  const [record] = decodeLogsJson(documentOf(recordJson), options);
  if (record === undefined) throw new Error("decodeLogsJson() gave no record");
  return record;
}

function failureOf(source: string | Uint8Array): DecodeError {
  try {
    decodeLogsJson(source);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("decodeLogsJson() took what it must refuse");
}

function nested(levels: number): string {
  return '{"arrayValue":{"values":['.repeat(levels - 1) + "{}" + "]}}".repeat(levels - 1);
}

test("decodeLogsJson() reads each field of a record, its scope and its resource", () => {
  const document = {
    resourceLogs: [
      {
        resource: {
          attributes: [{ key: "service.name", value: { stringValue: "shop" } }],
          droppedAttributesCount: 1,
        },
        scopeLogs: [
          {
            scope: {
              name: "shop.cart",
              version: "1.2.3",
              attributes: [{ key: "k", value: { boolValue: true } }],
              droppedAttributesCount: 2,
            },
            logRecords: [
              {
                timeUnixNano: "1700000000123456789",
                observedTimeUnixNano: "18446744073709551615",
                severityNumber: 17,
                severityText: "error",
                body: { stringValue: "Grüße 🙂" },
                attributes: [{ key: "user", value: { stringValue: "ada" } }],
                droppedAttributesCount: 3,
                flags: 769,
                traceId: "0AF7651916CD43DD8448EB211C80319C",
                spanId: "b7ad6b7169203331",
                eventName: "order.paid",
              },
            ],
            schemaUrl: "https://scope",
          },
        ],
        schemaUrl: "https://resource",
      },
    ],
  };
  expect(decodeLogsJson(JSON.stringify(document))).toStrictEqual([
    {
      timeUnixNano: 1_700_000_000_123_456_789n,
      observedTimeUnixNano: 18_446_744_073_709_551_615n,
      severityNumber: 17,
      severityText: "error",
      body: "Grüße 🙂",
      attributes: new Map([["user", "ada"]]),
      droppedAttributesCount: 3,
      flags: 769,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      eventName: "order.paid",
      scope: {
        name: "shop.cart",
        version: "1.2.3",
        attributes: new Map([["k", true]]),
        droppedAttributesCount: 2,
        schemaUrl: "https://scope",
      },
      resource: {
        attributes: new Map([["service.name", "shop"]]),
        droppedAttributesCount: 1,
        schemaUrl: "https://resource",
      },
    },
  ]);
});

test.each([
  ["absent", "{}"],
  [
    "null",
    '{"timeUnixNano":null,"severityNumber":null,"severityText":null,"body":null,"attributes":null,"traceId":null}',
  ],
])("decodeLogsJson() gives fields that are %s their defaults", (_name, recordJson) => {
  expect(decodeRecord(recordJson)).toStrictEqual({
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: "",
    body: undefined,
    attributes: new Map(),
    droppedAttributesCount: 0,
    flags: 0,
    traceId: "",
    spanId: "",
    eventName: "",
    scope: { name: "", version: "", attributes: new Map(), droppedAttributesCount: 0, schemaUrl: "" },
    resource: { attributes: new Map(), droppedAttributesCount: 0, schemaUrl: "" },
  });
});

test.each<[string, DecodedValue]>([
  ['{"stringValue":""}', ""],
  ['{"boolValue":false}', false],
  ['{"intValue":"-9223372036854775808"}', -(2n ** 63n)],
  ['{"intValue":9223372036854775807}', 2n ** 63n - 1n],
  ['{"intValue":-9007199254740993}', -9_007_199_254_740_993n],
  ['{"intValue": 5}', 5n],
  ['{"intValue":1e3}', 1000n],
  ['{"doubleValue":0.5}', 0.5],
  ['{"doubleValue":-0}', -0],
  ['{"doubleValue":12345678901234567890}', 12_345_678_901_234_567_000],
  ['{"doubleValue":"2.5e3"}', 2500],
  ['{"doubleValue":"NaN"}', Number.NaN],
  ['{"doubleValue":"Infinity"}', Number.POSITIVE_INFINITY],
  ['{"doubleValue":"-Infinity"}', Number.NEGATIVE_INFINITY],
  ['{"bytesValue":"AP+/"}', Uint8Array.of(0, 255, 191)],
  ['{"bytesValue":"AP-_"}', Uint8Array.of(0, 255, 191)],
  ['{"bytesValue":"AA=="}', Uint8Array.of(0)],
  ['{"bytesValue":"AA"}', Uint8Array.of(0)],
  ['{"bytesValue":""}', new Uint8Array()],
  ['{"arrayValue":{}}', []],
  ['{"arrayValue":{"values":[{"intValue":"1"},{},{"stringValue":"x"}]}}', [1n, null, "x"]],
  ['{"kvlistValue":{}}', new Map()],
  [
    '{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}},{"key":"n"}]}}',
    new Map<string, DecodedValue>([
      ["k", true],
      ["n", null],
    ]),
  ],
  ["{}", null],
  ['{"stringValue":null,"intValue":"1"}', 1n],
  ['{"stringValueStrindex":3}', null],
  ['{"valueOfTheFuture":{"x":1}}', null],
])("decodeLogsJson() reads the value %s", (valueJson, expected) => {
  expect(decodeRecord(`{"body":${valueJson}}`).body).toStrictEqual(expected);
});

test.each([
  ['{"timeUnixNano":1700000000123456789}', 1_700_000_000_123_456_789n],
  ['{"timeUnixNano":"1700000000123456789"}', 1_700_000_000_123_456_789n],
])("decodeLogsJson() reads %s to the last digit", (recordJson, expected) => {
  expect(decodeRecord(recordJson).timeUnixNano).toBe(expected);
});

test("decodeLogsJson() reads UTF-8 bytes, with a byte order mark or without", () => {
  const text = documentOf('{"severityText":"ü"}');
  for (const source of [text, `\uFEFF${text}`]) {
    expect(decodeLogsJson(Buffer.from(source))[0]?.severityText).toBe("ü");
  }
});

test("decodeLogsJson() ignores unknown fields, and so those in snake_case", () => {
  const record = decodeRecord('{"severity_text":"no","newField":[{}],"severityText":"yes"}');
  expect(record.severityText).toBe("yes");
});

test('decodeLogsJson() keeps an attribute named "__proto__"', () => {
  const { attributes } = decodeRecord('{"attributes":[{"key":"__proto__","value":{"stringValue":"v"}}]}');
  expect([...attributes]).toStrictEqual([["__proto__", "v"]]);
});

test("decodeLogsJson() keeps the last value of a key that comes twice", () => {
  const entries = '{"key":"k","value":{"intValue":"1"}},{"key":"k","value":{"intValue":"2"}}';
  expect(decodeRecord(`{"attributes":[${entries}]}`).attributes).toStrictEqual(new Map([["k", 2n]]));
});

test("decodeLogsJson() refuses a key that comes twice if told to", () => {
  const recordJson = '{"attributes":[{"key":"k"},{"key":"k"}]}';
  expect(() => decodeRecord(recordJson, { duplicateKeys: "error" })).toThrow(
    'key "k" comes twice in one list, again at resourceLogs[0].scopeLogs[0].logRecords[0].attributes[1], must be unique',
  );
});

const recordPath = "resourceLogs[0].scopeLogs[0].logRecords[0]";

test.each([
  [
    '{"traceId":"CvdlGRbNQ92ESOshHIAxnA=="}',
    `traceId is "CvdlGRbNQ92ESOshHIAxnA==", must be 32 hex digits or empty`,
  ],
  ['{"traceId":"0af7"}', 'traceId is "0af7", must be 32 hex digits or empty'],
  ['{"spanId":"zzad6b7169203331"}', 'spanId is "zzad6b7169203331", must be 16 hex digits or empty'],
  [
    '{"severityNumber":"SEVERITY_NUMBER_INFO"}',
    'severityNumber is "SEVERITY_NUMBER_INFO", must be an integer from',
  ],
  ['{"severityNumber":9.5}', "severityNumber is 9.5, must be an integer from -2147483648 to 2147483647"],
  ['{"timeUnixNano":-1}', "timeUnixNano is -1, must be an integer from 0 to 18446744073709551615"],
  ['{"timeUnixNano":"2026-01-01"}', 'timeUnixNano is "2026-01-01", must be an integer'],
  ['{"flags":4294967296}', "flags is 4294967296, must be an integer from 0 to 4294967295"],
  ['{"droppedAttributesCount":-1}', "droppedAttributesCount is -1, must be an integer from 0 to 4294967295"],
  ['{"severityText":5}', "severityText is 5, must be a string"],
  ['{"body":"text"}', 'body is "text", must be an object'],
  ['{"body":[]}', "body is an array, must be an object"],
  ['{"attributes":{"k":"v"}}', "attributes is an object, must be an array"],
  ['{"attributes":[null]}', "attributes[0] is null, must be an object"],
  ['{"attributes":[{"key":1}]}', "attributes[0].key is 1, must be a string"],
  [
    '{"body":{"intValue":"9223372036854775808"}}',
    'body.intValue is "9223372036854775808", must be an integer from',
  ],
  ['{"body":{"intValue":1e300}}', "body.intValue is 1e+300, must be an integer from"],
  ['{"body":{"intValue":" 1"}}', 'body.intValue is " 1", must be an integer from'],
  ['{"body":{"boolValue":"true"}}', 'body.boolValue is "true", must be true or false'],
  [
    '{"body":{"doubleValue":"inf"}}',
    'body.doubleValue is "inf", must be a double, "NaN", "Infinity" or "-Infinity"',
  ],
  ['{"body":{"doubleValue":1e400}}', "body.doubleValue is Infinity, must be a double"],
  ['{"body":{"bytesValue":"A"}}', 'body.bytesValue is "A", must be base64'],
  ['{"body":{"bytesValue":"A*=="}}', 'body.bytesValue is "A*==", must be base64'],
  [
    '{"body":{"stringValue":"a","intValue":"1"}}',
    'body.intValue is "1", must be absent, because "stringValue" is there',
  ],
  [
    '{"body":{"arrayValue":{"values":[{"intValue":true}]}}}',
    "body.arrayValue.values[0].intValue is true, must be",
  ],
])("decodeLogsJson() refuses %s and names the place", (recordJson, expected) => {
  const failure = failureOf(documentOf(recordJson));
  expect(failure.message.startsWith(`Cannot decode OTLP/JSON logs: ${recordPath}.${expected}`)).toBe(true);
  expect(failure).toMatchObject({ code: "ERR_FEMTO_DECODE", failure: "malformed" });
});

test("decodeLogsJson() shows no more than the beginning of a long text", () => {
  const failure = failureOf(documentOf(`{"traceId":"${"a".repeat(10_000)}"}`));
  expect(failure.message).toContain(`traceId is "${"a".repeat(60)}…", must be`);
});

test.each([
  ["no JSON", "{"],
  ["nothing", ""],
  ["a bare NaN", documentOf('{"body":{"doubleValue":NaN}}')],
  ["a list", "[]"],
  ["a list of requests that is none", '{"resourceLogs":{}}'],
  ["a file of two lines", "{}\n{}"],
])("decodeLogsJson() refuses %s", (_name, source) => {
  expect(failureOf(source).failure).toBe("malformed");
});

test("decodeLogsJson() refuses bytes that are not UTF-8", () => {
  const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff), Buffer.from('"}')]);
  expect(failureOf(bytes).message).toContain("it must be JSON in UTF-8");
});

test("decodeLogsJson() follows values to the allowed depth and refuses one level more", () => {
  expect(decodeLogsJson(documentOf(`{"body":${nested(valueDepthMax)}}`))).toHaveLength(1);
  expect(failureOf(documentOf(`{"body":${nested(valueDepthMax + 1)}}`)).message).toContain(
    `nested deeper than ${valueDepthMax} levels`,
  );
});

test.each([
  ["plain", ""],
  ["with an integer that needs all its digits", '{"intValue":12345678901234567}'],
])("decodeLogsJson() refuses a document of 200,000 levels, %s", (_name, leaf) => {
  const levels = 200_000;
  const document = `{"x":${"[".repeat(levels)}${leaf}${"]".repeat(levels)},"resourceLogs":1}`;
  expect(failureOf(document).failure).toBe("malformed");
});

test("decodeLogsJson() refuses more elements than it has memory for, before it parses them", () => {
  const document = documentOf(`${"{},".repeat(elementCountMax)}{}`);
  expect(failureOf(document)).toMatchObject({
    failure: "too_large",
    message: expect.stringContaining(`more than ${elementCountMax} objects and arrays`),
  });
});

test("decodeLogsJson() reads what the stock serializer writes", () => {
  const bytes = JsonLogsSerializer.serializeRequest([
    {
      hrTime: [1_700_000_000, 123_456_789],
      hrTimeObserved: [1_700_000_001, 5],
      severityNumber: 9,
      body: "hello",
      attributes: { count: 7, tags: ["a", 1.5], raw: Uint8Array.of(9, 255) },
      droppedAttributesCount: 0,
      resource: resourceFromAttributes({ "service.name": "shop" }),
      instrumentationScope: { name: "shop.cart" },
    },
  ]);
  const [record] = decodeLogsJson(bytes ?? "");
  expect(record).toMatchObject({
    timeUnixNano: 1_700_000_000_123_456_789n,
    observedTimeUnixNano: 1_700_000_001_000_000_005n,
    body: "hello",
    attributes: new Map<string, DecodedValue>([
      ["count", 7n],
      ["tags", ["a", 1.5]],
      ["raw", Uint8Array.of(9, 255)],
    ]),
    resource: { attributes: new Map([["service.name", "shop"]]) },
    scope: { name: "shop.cart" },
  });
});

test("countLogRecordsJson() adds up the records of all scopes and resources", () => {
  const scopes = (...counts: number[]): object => ({
    scopeLogs: counts.map((count) => ({ logRecords: Array.from({ length: count }, () => ({})) })),
  });
  expect(countLogRecordsJson(JSON.stringify({ resourceLogs: [scopes(2, 0), {}, scopes(3)] }))).toBe(5);
});

test("countLogRecordsJson() refuses what is not a request", () => {
  expect(() => countLogRecordsJson('{"resourceLogs":[1]}')).toThrow(
    "Cannot decode OTLP/JSON logs: resourceLogs[0] is 1, must be an object",
  );
});
