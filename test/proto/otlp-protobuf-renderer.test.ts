import { expect, test } from "vitest";

import { decodeLogs } from "../../proto/decode.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import { double, field, fixed32, fixed64, number } from "./hand-made.ts";
import { recordOf, shapeOf, TEST_MILLIS, type RecordParts } from "./otlp-records.ts";

const testNanos = BigInt(TEST_MILLIS) * 1_000_000n;
const time: Buffer = fixed64(1, testNanos);
const observedTime: Buffer = fixed64(11, testNanos);
const severity: readonly Buffer[] = [number(2, 9), field(3, "INFO")];

/** The request with these records in hex. */
function render(...records: readonly RecordParts[]): string {
  const renderer = new OtlpProtobufRenderer();
  for (const record of records) renderer.add(recordOf(record));
  return Buffer.from(renderer.finish()).toString("hex");
}

/** By hand: a request with one record of the scope "test", these fields after its time and its severity. */
function requestWith(...fields: readonly Buffer[]): string {
  const record = field(2, time, ...severity, ...fields, observedTime);
  return field(1, field(1), field(2, field(1, field(1, "test")), record)).toString("hex");
}

/** By hand: a KeyValue of the key "k". */
function pair(...anyValue: readonly Uint8Array[]): Buffer {
  return Buffer.concat([field(1, "k"), field(2, ...anyValue)]);
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Each kind of value with its AnyValue, made by hand. */
const kinds: readonly (readonly [string, unknown, Buffer])[] = [
  ["null", null, Buffer.alloc(0)],
  ["false", false, number(2, 0)],
  ["true", true, number(2, 1)],
  ["0", 0, number(3, 0)],
  ["127", 127, number(3, 127)],
  ["128", 128, number(3, 128)],
  ["16383", 16_383, number(3, 16_383)],
  ["16384", 16_384, number(3, 16_384)],
  ["-1", -1, number(3, -1)],
  ["2^31 - 1", 2_147_483_647, number(3, 2_147_483_647)],
  ["-2^31", -2_147_483_648, number(3, -2_147_483_648)],
  ["2^31", 2_147_483_648, number(3, 2_147_483_648)],
  ["2^53 - 1", Number.MAX_SAFE_INTEGER, number(3, 9_007_199_254_740_991n)],
  ["-(2^53 - 1)", Number.MIN_SAFE_INTEGER, number(3, -9_007_199_254_740_991n)],
  ["the bigint 2^53", 2n ** 53n, number(3, 2n ** 53n)],
  ["the greatest int64", INT64_MAX, number(3, INT64_MAX)],
  ["the smallest int64", INT64_MIN, number(3, INT64_MIN)],
  ["a bigint beyond int64", INT64_MAX + 1n, field(1, "9223372036854775808")],
  ["a fraction", 0.1, double(4, 0.1)],
  ["2^53, a number that is not safe", 2 ** 53, double(4, 2 ** 53)],
  ["-0", -0, double(4, -0)],
  ["NaN", NaN, double(4, NaN)],
  ["-Infinity", -Infinity, double(4, -Infinity)],
  ["an empty text", "", field(1, "")],
  ["a short text", "plain", field(1, "plain")],
  ["a text with a line break", "a\nb", field(1, "a\nb")],
  ["a long text", "x".repeat(100), field(1, "x".repeat(100))],
  ["a text beyond ASCII", "naïve 🐙", field(1, "naïve 🐙")],
  ["a lone surrogate", "a\ud800", field(1, "a\ufffd")],
  ["bytes", Uint8Array.of(0, 255, 128), field(7, Uint8Array.of(0, 255, 128))],
  ["an empty array", [], field(5)],
  [
    "a mixed array",
    [1, null, "x", [true]],
    field(
      5,
      field(1, number(3, 1)),
      field(1),
      field(1, field(1, "x")),
      field(1, field(5, field(1, number(2, 1)))),
    ),
  ],
  ["an empty map", {}, field(6)],
  [
    "a map",
    { k: -1, m: { k: 1.5 }, n: null },
    field(
      6,
      field(1, pair(number(3, -1))),
      field(1, field(1, "m"), field(2, field(6, field(1, pair(double(4, 1.5)))))),
      field(1, field(1, "n"), field(2)),
    ),
  ],
];

test.each(kinds)("an attribute: %s", (_name, value, anyValue) => {
  const shape = shapeOf({ keys: ["k"] });
  expect(render({ shape, values: [value] })).toBe(requestWith(field(6, pair(anyValue))));
});

test.each(kinds)("an attribute that has its key with it: %s", (_name, value, anyValue) => {
  expect(render({ extras: { k: value } })).toBe(requestWith(field(6, pair(anyValue))));
});

test.each(kinds)("a body that is a value: %s", (_name, value, anyValue) => {
  const shape = shapeOf({ body: "value" });
  expect(render({ shape, values: [value] })).toBe(requestWith(field(5, anyValue)));
});

test("undefined is no attribute, no value of a map, no body; in an array it keeps its place", () => {
  const shape = shapeOf({ body: "value", keys: ["gone", "map", "array"] });
  const values = [undefined, undefined, { gone: undefined, k: true }, [undefined, true]];
  expect(render({ shape, values, extras: { gone: undefined } })).toBe(
    requestWith(
      field(6, field(1, "map"), field(2, field(6, field(1, pair(number(2, 1)))))),
      field(6, field(1, "array"), field(2, field(5, field(1), field(1, number(2, 1))))),
    ),
  );
});

// Pairs of 127 and 128 bytes: where one byte for the length is no longer enough, of the pair and then of the value.
test.each([
  0, 117, 118, 119, 120, 124, 125, 126, 127, 128, 16_373, 16_374, 16_375, 16_383, 16_384, 2_097_152,
])("an attribute with a text of %d bytes has lengths as short as can be", (length) => {
  const text = "x".repeat(length);
  const expected = requestWith(field(6, pair(field(1, text))));
  expect(render({ shape: shapeOf({ keys: ["k"] }), values: [text] })).toBe(expected);
  expect(render({ extras: { k: text } })).toBe(expected);
});

// Short pairs are written in one go: up to which length that is, must not show.
test.each([1, 57, 58, 59, 60, 100])("a key of %d bytes takes a text of each length up to 255", (length) => {
  const key = "k".repeat(length);
  const shape = shapeOf({ keys: [key, "next"] });
  for (let textLength = 0; textLength <= 255; textLength++) {
    const text = "x".repeat(textLength);
    expect(render({ shape, values: [text, true] })).toBe(
      requestWith(
        field(6, field(1, key), field(2, field(1, text))),
        field(6, field(1, "next"), field(2, number(2, 1))),
      ),
    );
  }
});

test.each([1, 57, 58, 59, 110, 111, 112, 113, 114, 120, 127, 128, 200, 20_000])(
  "a key of %d bytes takes a value of each size",
  (length) => {
    const key = "k".repeat(length);
    const shape = shapeOf({ keys: [key, `${key}2`, `${key}3`] });
    expect(render({ shape, values: [-1, true, "text"] })).toBe(
      requestWith(
        field(6, field(1, key), field(2, number(3, -1))),
        field(6, field(1, `${key}2`), field(2, number(2, 1))),
        field(6, field(1, `${key}3`), field(2, field(1, "text"))),
      ),
    );
  },
);

test("a text body without holes, the event name and the attributes follow the severity", () => {
  const shape = shapeOf({ template: "it {{works}}", eventName: "order.paid", keys: ["k"] });
  expect(render({ shape, values: [true] })).toBe(
    requestWith(field(5, field(1, "it {works}")), field(12, "order.paid"), field(6, pair(number(2, 1)))),
  );
});

test("the holes of a named template show the attributes, which are kept", () => {
  const shape = shapeOf({ template: "user {k} paid {sum}", keys: ["k"] });
  expect(render({ shape, values: [7], extras: { sum: 1.5 } })).toBe(
    requestWith(
      field(5, field(1, "user 7 paid 1.5")),
      field(6, pair(number(3, 7))),
      field(6, field(1, "sum"), field(2, double(4, 1.5))),
    ),
  );
});

test("the holes of a printf template show the arguments, which are no attributes", () => {
  const shape = shapeOf({ template: "retry %d of %d", keys: ["k"] });
  expect(render({ shape, values: [1, 3, true] })).toBe(
    requestWith(field(5, field(1, "retry 1 of 3")), field(6, pair(number(2, 1)))),
  );
});

test("bodies of one shape grow and shrink from record to record, each with lengths of its own", () => {
  const shape = shapeOf({ template: "{k}", keys: ["k"] });
  const texts = [
    "a",
    "b".repeat(125),
    "c".repeat(126),
    "d".repeat(127),
    "e".repeat(128),
    "f".repeat(40_000),
    "g",
  ];
  const records = texts.map((text) =>
    field(2, time, ...severity, field(5, field(1, text)), field(6, pair(field(1, text))), observedTime),
  );
  expect(render(...texts.map((text) => ({ shape, values: [text] })))).toBe(
    field(1, field(1), field(2, field(1, field(1, "test")), ...records)).toString("hex"),
  );
});

test("a record without severity, body, event name and attributes has its times only", () => {
  const shape = shapeOf({ severityNumber: 0, severityText: "" });
  const expected = field(1, field(1), field(2, field(1, field(1, "test")), field(2, time, observedTime)));
  expect(render({ shape })).toBe(expected.toString("hex"));
});

test("a timestamp of the caller's own is the time, and the call is the observed time", () => {
  const [record] = decodeLogs(
    Buffer.from(render({ timestamp: { seconds: 4, nanos: 294_967_297 }, millis: 1_000.25 }), "hex"),
  );
  expect(record?.timeUnixNano).toBe(4_294_967_297n);
  expect(record?.observedTimeUnixNano).toBe(1_000_250_000n);
});

test("a time before 1970 is unknown: 0", () => {
  const [record] = decodeLogs(Buffer.from(render({ timestamp: { seconds: -1, nanos: 5 } }), "hex"));
  expect(record?.timeUnixNano).toBe(0n);
  expect(record?.observedTimeUnixNano).toBe(testNanos);
});

test("span, its flags and the count of dropped attributes are fields of the record", () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const spanId = "b7ad6b7169203331";
  expect(render({ span: { traceId, spanId, flags: 1 }, droppedCount: 300 })).toBe(
    requestWith(
      number(7, 300),
      field(9, Buffer.from(traceId, "hex")),
      field(10, Buffer.from(spanId, "hex")),
      fixed32(8, 1),
    ),
  );
});

test("flags are those of W3C only, and left out when they are 0", () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const spanId = "b7ad6b7169203331";
  const ids = [field(9, Buffer.from(traceId, "hex")), field(10, Buffer.from(spanId, "hex"))];
  expect(render({ span: { traceId, spanId, flags: 0x0101 } })).toBe(requestWith(...ids, fixed32(8, 1)));
  expect(render({ span: { traceId, spanId, flags: 0 } })).toBe(requestWith(...ids));
});
