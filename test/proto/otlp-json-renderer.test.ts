import { expect, test } from "vitest";

import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { recordOf, shapeOf, type RecordParts } from "./otlp-records.ts";

function render(...records: readonly RecordParts[]): string {
  const renderer = new OtlpJsonRenderer();
  for (const record of records) renderer.add(recordOf(record));
  return Buffer.from(renderer.finish()).toString();
}

const times = `"timeUnixNano":"1795368486123000000","observedTimeUnixNano":"1795368486123000000"`;
const severity = `,"severityNumber":9,"severityText":"INFO"`;

/** By hand: a request with records of the scope "test". */
function request(...records: readonly string[]): string {
  return `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{"name":"test"},"logRecords":[${records.join()}]}]}]}`;
}

/** By hand: the same with one record, these fields after its times and its severity. */
function requestWith(fields = ""): string {
  return request(`{${times}${severity}${fields}}`);
}

/** Each kind of value with its AnyValue, made by hand. */
const kinds: readonly (readonly [string, unknown, string])[] = [
  ["null", null, `{}`],
  ["false", false, `{"boolValue":false}`],
  ["true", true, `{"boolValue":true}`],
  ["0", 0, `{"intValue":"0"}`],
  ["-2147483648", -2_147_483_648, `{"intValue":"-2147483648"}`],
  ["2^31", 2_147_483_648, `{"intValue":"2147483648"}`],
  ["2^53 - 1", Number.MAX_SAFE_INTEGER, `{"intValue":"9007199254740991"}`],
  ["-(2^53 - 1)", Number.MIN_SAFE_INTEGER, `{"intValue":"-9007199254740991"}`],
  ["the greatest int64", 2n ** 63n - 1n, `{"intValue":"9223372036854775807"}`],
  ["the smallest int64", -(2n ** 63n), `{"intValue":"-9223372036854775808"}`],
  ["a fraction", 0.1, `{"doubleValue":0.1}`],
  ["1e300", 1e300, `{"doubleValue":1e+300}`],
  ["the smallest double", 5e-324, `{"doubleValue":5e-324}`],
  ["-0", -0, `{"doubleValue":-0}`],
  ["NaN", NaN, `{"doubleValue":"NaN"}`],
  ["Infinity", Infinity, `{"doubleValue":"Infinity"}`],
  ["-Infinity", -Infinity, `{"doubleValue":"-Infinity"}`],
  ["an empty text", "", `{"stringValue":""}`],
  ["a short text", "plain", `{"stringValue":"plain"}`],
  ["a text with controls and quotes", '\b"\\\n\u001f\u007f', `{"stringValue":"\\b\\"\\\\\\n\\u001f\u007f"}`],
  ["a text beyond ASCII", "naïve 🐙\u2028", `{"stringValue":"naïve 🐙\u2028"}`],
  ["a lone surrogate", "a\udc00", `{"stringValue":"a\ufffd"}`],
  ["no bytes", new Uint8Array(0), `{"bytesValue":""}`],
  ["bytes", Uint8Array.of(251, 255, 254, 1), `{"bytesValue":"+//+AQ=="}`],
  ["an empty array", [], `{"arrayValue":{"values":[]}}`],
  [
    "a mixed array",
    [1, null, [true]],
    `{"arrayValue":{"values":[{"intValue":"1"},{},{"arrayValue":{"values":[{"boolValue":true}]}}]}}`,
  ],
  ["an empty map", {}, `{"kvlistValue":{"values":[]}}`],
  [
    "a map",
    { 'a"b': -1, m: { n: null } },
    `{"kvlistValue":{"values":[{"key":"a\\"b","value":{"intValue":"-1"}},` +
      `{"key":"m","value":{"kvlistValue":{"values":[{"key":"n","value":{}}]}}}]}}`,
  ],
];

test.each(kinds)("an attribute: %s", (_name, value, anyValue) => {
  const expected = requestWith(`,"attributes":[{"key":"k","value":${anyValue}}]`);
  expect(render({ shape: shapeOf({ keys: ["k"] }), values: [value] })).toBe(expected);
  expect(render({ extras: { k: value } })).toBe(expected);
});

test.each(kinds)("a body that is a value: %s", (_name, value, anyValue) => {
  expect(render({ shape: shapeOf({ body: "value" }), values: [value] })).toBe(
    requestWith(`,"body":${anyValue}`),
  );
});

test("undefined is no attribute, no value of a map, no body; in an array it keeps its place", () => {
  const shape = shapeOf({ body: "value", keys: ["gone", "map", "array"] });
  const values = [undefined, undefined, { gone: undefined, k: true }, [undefined, true]];
  expect(render({ shape, values, extras: { gone: undefined } })).toBe(
    requestWith(
      `,"attributes":[{"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}}]}}},` +
        `{"key":"array","value":{"arrayValue":{"values":[{},{"boolValue":true}]}}}]`,
    ),
  );
});

test("a record without severity, body, event name and attributes has its times only", () => {
  expect(render({ shape: shapeOf({ severityNumber: 0, severityText: "" }) })).toBe(request(`{${times}}`));
});

test("a record whose attributes are all undefined has no list of them", () => {
  expect(render({ shape: shapeOf({ keys: ["a", "b"] }), values: [undefined, undefined] })).toBe(
    requestWith(),
  );
});

test("keys, severity text, event name and text bodies are escaped", () => {
  const shape = shapeOf({ severityText: 'W"', eventName: "a\nb", template: '"{{q}}"', keys: ['k"\ud800'] });
  expect(render({ shape, values: [1] })).toBe(
    request(
      `{${times},"severityNumber":9,"severityText":"W\\"","eventName":"a\\nb","body":{"stringValue":"\\"{q}\\""},` +
        `"attributes":[{"key":"k\\"\ufffd","value":{"intValue":"1"}}]}`,
    ),
  );
});

test("the holes of a template show values, escaped", () => {
  const shape = shapeOf({ template: 'user "{k}" paid {sum}', keys: ["k"] });
  expect(render({ shape, values: ["a\nb"], extras: { sum: 1.5 } })).toBe(
    requestWith(
      `,"body":{"stringValue":"user \\"a\\nb\\" paid 1.5"},"attributes":[` +
        `{"key":"k","value":{"stringValue":"a\\nb"}},{"key":"sum","value":{"doubleValue":1.5}}]`,
    ),
  );
});

test("a timestamp of the caller's own is the time, and the call is the observed time", () => {
  const json = render({ timestamp: { seconds: 4, nanos: 7 }, millis: 1_000.25 });
  expect(json).toContain(`"timeUnixNano":"4000000007","observedTimeUnixNano":"1000250000"`);
});

test("a time before 1970 is unknown: 0", () => {
  expect(render({ timestamp: { seconds: -1, nanos: 5 } })).toContain(`"timeUnixNano":"0"`);
});

test("ids are lower-case hex, flags and the count of dropped attributes are numbers", () => {
  const traceId = "0AF7651916CD43DD8448EB211C80319C";
  const spanId = "B7AD6B7169203331";
  expect(render({ span: { traceId, spanId, flags: 0x0101 }, droppedCount: 300 })).toBe(
    requestWith(
      `,"droppedAttributesCount":300,"flags":1,"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"`,
    ),
  );
  expect(render({ span: { traceId, spanId, flags: 0 } })).not.toContain("flags");
});

test("the records of a scope are a list", () => {
  const shape = shapeOf();
  expect(render({ shape }, { shape, millis: 0 }, { shape })).toBe(
    request(
      `{${times}${severity}}`,
      `{"timeUnixNano":"0","observedTimeUnixNano":"0"${severity}}`,
      `{${times}${severity}}`,
    ),
  );
});
