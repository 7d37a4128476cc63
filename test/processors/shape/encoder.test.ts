import { expect, test } from "vitest";

import { RecordEncoder } from "../../../processors/shape/encoder.ts";
import { FRAME_HEAD_BYTES } from "../../../processors/shape/frame.ts";
import { readValue } from "../../../processors/shape/value-reader.ts";
import {
  ABSENT,
  ASCII_TEXT,
  DOUBLE,
  FALSE,
  INT32,
  INT53,
  INT64,
  NULL,
  PLAIN_TEXT,
  TRUE,
  UTF8_TEXT,
} from "../../../processors/shape/value-tag.ts";
import { DEFAULT_ENCODER_LIMITS, RECORD_TOO_LARGE } from "../../../processors/shape/value-writer.ts";
import { readBack, roundTrip } from "./round-trip.ts";

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
const MIB = 1_048_576;

test.each([
  { value: undefined, tag: ABSENT },
  { value: null, tag: NULL },
  { value: false, tag: FALSE },
  { value: true, tag: TRUE },
  { value: 0, tag: INT32 },
  { value: -0, tag: DOUBLE },
  { value: INT32_MAX, tag: INT32 },
  { value: INT32_MAX + 1, tag: INT53 },
  { value: INT32_MIN, tag: INT32 },
  { value: INT32_MIN - 1, tag: INT53 },
  { value: Number.MAX_SAFE_INTEGER, tag: INT53 },
  { value: Number.MAX_SAFE_INTEGER + 1, tag: DOUBLE },
  { value: Number.MIN_SAFE_INTEGER, tag: INT53 },
  { value: Number.MIN_SAFE_INTEGER - 1, tag: DOUBLE },
  { value: 0.5, tag: DOUBLE },
  { value: Number.NaN, tag: DOUBLE },
  { value: Number.POSITIVE_INFINITY, tag: DOUBLE },
  { value: Number.NEGATIVE_INFINITY, tag: DOUBLE },
  { value: Number.MIN_VALUE, tag: DOUBLE },
  { value: Number.MAX_VALUE, tag: DOUBLE },
  { value: 5n, tag: INT64 },
  { value: 2n ** 63n - 1n, tag: INT64 },
  { value: -(2n ** 63n), tag: INT64 },
])("value($value) has tag $tag and reads back as it is", ({ value, tag }) => {
  const read = roundTrip(value);
  expect(read.value).toBe(value);
  expect(read.tag).toBe(tag);
});

test.each([2n ** 63n, -(2n ** 63n) - 1n, 10n ** 100n])(
  "value(%s), beyond 64 bits, is its decimal digits",
  (value) => {
    expect(readBack(value)).toBe(String(value));
  },
);

test.each([
  { text: "", tag: PLAIN_TEXT },
  { text: "plain ~ text", tag: PLAIN_TEXT },
  { text: "sixteen units ..", tag: PLAIN_TEXT },
  { text: "seventeen units ..", tag: ASCII_TEXT },
  { text: 'a "quote"', tag: ASCII_TEXT },
  { text: "back\\slash", tag: ASCII_TEXT },
  { text: "new\nline", tag: ASCII_TEXT },
  { text: "nul\u0000", tag: ASCII_TEXT },
  { text: "del\u007f", tag: ASCII_TEXT },
  { text: "latin1 é", tag: UTF8_TEXT },
  { text: "fifteen units é", tag: UTF8_TEXT },
  { text: "日本語", tag: UTF8_TEXT },
  { text: "astral 😀", tag: UTF8_TEXT },
  { text: "\ufeffbom", tag: UTF8_TEXT },
])("text($text) has tag $tag and reads back as it is", ({ text, tag }) => {
  const read = roundTrip(text);
  expect(read.value).toBe(text);
  expect(read.tag).toBe(tag);
});

test("text() of every length to 300 units reads back, plain and with a character beyond ASCII at either end", () => {
  for (let length = 0; length < 300; length++) {
    const text = "x".repeat(length);
    for (const variant of [text, `é${text}`, `${text}é`, `${text}\n`])
      expect(readBack(variant)).toBe(variant);
  }
});

test.each(["\ud800", "a\udc00b", "\udc00\ud800", `${"x".repeat(40)}\ud83d`])(
  "text() writes a lone surrogate as U+FFFD (case %#)",
  (text) => {
    expect(readBack(text)).toBe(text.toWellFormed());
  },
);

test("text() of 10 MB reads back, ASCII and beyond", () => {
  for (const text of ["a".repeat(10_000_000), "é".repeat(5_000_000)])
    expect(readBack(text) === text).toBe(true);
});

test("value() cuts texts to valueLengthMax, at every depth, but neither keys nor marks", () => {
  const limits = { ...DEFAULT_ENCODER_LIMITS, valueLengthMax: 3 };
  const cyclic: Record<string, unknown> = { longKey: "abcdef" };
  cyclic["itself"] = cyclic;
  const url = new URL("http://localhost/");
  expect(readBack(["abcdef", "abc", "", cyclic, url, new Map([["mapKey", "abcdef"]])], limits)).toStrictEqual(
    ["abc", "abc", "", { longKey: "abc", itself: "[Circular]" }, "htt", { mapKey: "abc" }],
  );
});

test("value() cuts texts of any length and the digits of big integers", () => {
  const limits = { ...DEFAULT_ENCODER_LIMITS, valueLengthMax: 20 };
  expect(readBack("x".repeat(1000), limits)).toBe("x".repeat(20));
  expect(readBack("é".repeat(1000), limits)).toBe("é".repeat(20));
  expect(readBack(10n ** 60n, limits)).toBe("10000000000000000000");
  expect(readBack("abc", { ...limits, valueLengthMax: 0 })).toBe("");
});

test("begin() with other limits forgets those before", () => {
  const encoder = new RecordEncoder();
  encoder.begin({ ...DEFAULT_ENCODER_LIMITS, valueLengthMax: 1 });
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  const from = encoder.at;
  encoder.value("abc");
  expect(readValue(encoder.bytes, encoder.view, from)).toBe("abc");
});

test.each([30_000, 21_840, 65_400])(
  "a text of %i ASCII units fits a record of at most that and 100 bytes",
  (length) => {
    const limits = { ...DEFAULT_ENCODER_LIMITS, recordBytesMax: length + 100 };
    expect(readBack("x".repeat(length), limits)).toBe("x".repeat(length));
  },
);

test("a record of 16 MiB is encoded, whatever it is made of; one byte more is too large", () => {
  const encoder = new RecordEncoder();
  const limits = DEFAULT_ENCODER_LIMITS;
  const sixteenTexts = Array.from({ length: 16 }, () => "x".repeat(MIB - 10));
  encoder.begin(limits);
  encoder.value(sixteenTexts);
  expect(encoder.at).toBeLessThanOrEqual(limits.recordBytesMax);
  encoder.begin(limits);
  encoder.value(Buffer.alloc(limits.recordBytesMax - FRAME_HEAD_BYTES - 5));
  expect(encoder.finish(1, 0)).toBe(limits.recordBytesMax);
  encoder.begin(limits);
  expect(() => encoder.value([sixteenTexts, "x".repeat(MIB)])).toThrow(RECORD_TOO_LARGE);
});

test("begin() starts anew after a record that was too large, and the next one is whole", () => {
  const encoder = new RecordEncoder();
  encoder.begin({ ...DEFAULT_ENCODER_LIMITS, recordBytesMax: 100_000 });
  expect(() => encoder.value({ deep: ["x".repeat(99_000), "y".repeat(99_000)] })).toThrow(RECORD_TOO_LARGE);
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  expect(encoder.ancestors).toStrictEqual([]);
  const from = encoder.at;
  encoder.value(["next"]);
  expect(readValue(encoder.bytes, encoder.view, from)).toStrictEqual(["next"]);
});

test("begin() gives memory back that a large record took", () => {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  encoder.value("x".repeat(8 * MIB));
  expect(encoder.bytes.length).toBeGreaterThan(8 * MIB);
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  expect(encoder.bytes.length).toBe(65_536);
});

test("finish() pads to 8 bytes and writes length, shape and time", () => {
  for (let length = 0; length < 9; length++) {
    const encoder = new RecordEncoder();
    encoder.begin(DEFAULT_ENCODER_LIMITS);
    encoder.value("x".repeat(length));
    const byteCount = encoder.finish(0x0100_0007, 1234.5);
    expect(byteCount % 8).toBe(0);
    expect(byteCount - encoder.at).toBeLessThan(8);
    expect(encoder.words[0]).toBe(byteCount);
    expect(encoder.words[1]).toBe(0x0100_0007);
    expect(encoder.view.getFloat64(8, true)).toBe(1234.5);
  }
});

test("bytes, view and words of an encoder are the same memory, also after it has grown", () => {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  encoder.value("x".repeat(100_000));
  encoder.finish(3, 0);
  expect(encoder.bytes[4]).toBe(3);
  expect(encoder.words[1]).toBe(3);
  expect(encoder.view.getInt32(4, true)).toBe(3);
});
