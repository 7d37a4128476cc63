import { expect, test } from "vitest";

import {
  beginLength,
  endLength,
  fieldTag,
  putVarint,
  varintBytes,
  writeDoubleField,
  writeInt32,
  writeInt53,
  writeMessageField,
  writeTextField,
  writeVarint,
  writeVarint64,
} from "../../proto/wire.ts";
import { OutputBuffer } from "../../processors/shape/output.ts";

/** What `write` appends, in hex. */
function hexOf(write: (out: OutputBuffer) => void): string {
  const out = new OutputBuffer(8);
  write(out);
  return Buffer.from(out.written()).toString("hex");
}

/** `count` bytes of 0x61 behind a length for which `expectedBytes` were expected, and one byte 0xff before it. */
function sized(count: number, expectedBytes: number): string {
  return hexOf((out) => {
    out.byte(0xff);
    const lengthAt = out.at;
    beginLength(out, expectedBytes);
    const contentAt = out.at;
    out.text("a".repeat(count));
    endLength(out, lengthAt, contentAt);
  });
}

test("fieldTag() puts the field number above the wire type", () => {
  expect(fieldTag(2, 2)).toBe(0x12);
  expect(fieldTag(15, 5)).toBe(0x7d);
});

test.each([
  [0, "00"],
  [1, "01"],
  [127, "7f"],
  [128, "8001"],
  [16_383, "ff7f"],
  [16_384, "808001"],
  [2_097_151, "ffff7f"],
  [2_097_152, "80808001"],
  [268_435_455, "ffffff7f"],
  [268_435_456, "8080808001"],
  [2_147_483_648, "8080808008"],
  [4_294_967_295, "ffffffff0f"],
])("writeVarint() writes %d as %s, and varintBytes() knows its size", (value, hex) => {
  expect(hexOf((out) => writeVarint(out, value))).toBe(hex);
  expect(varintBytes(value)).toBe(hex.length / 2);
});

test("putVarint() returns where the next byte goes", () => {
  const bytes = new Uint8Array(6);
  expect(putVarint(bytes, 1, 300)).toBe(3);
  expect([...bytes]).toEqual([0, 0xac, 0x02, 0, 0, 0]);
});

test.each([
  ["2^32", 0, 1, "8080808010"],
  ["2^35 - 1", 0xffffffff, 7, "ffffffff7f"],
  ["2^35", 0, 8, "808080808001"],
  ["2^53", 0, 0x200000, "8080808080808010"],
  ["2^63 - 1", 0xffffffff, 0x7fffffff, "ffffffffffffffff7f"],
  ["-2^63", 0, 0x80000000, "80808080808080808001"],
  ["-1", 0xffffffff, 0xffffffff, "ffffffffffffffffff01"],
  ["-1 by signed halves", -1, -1, "ffffffffffffffffff01"],
])("writeVarint64() writes %s", (_name, low, high, hex) => {
  expect(hexOf((out) => writeVarint64(out, low, high))).toBe(hex);
});

test.each([
  [0, "00"],
  [127, "7f"],
  [128, "8001"],
  [2_147_483_647, "ffffffff07"],
  [-1, "ffffffffffffffffff01"],
  [-2_147_483_648, "80808080f8ffffffff01"],
])("writeInt32() writes %d as an int64 varint", (value, hex) => {
  expect(hexOf((out) => writeInt32(out, value))).toBe(hex);
});

test.each([
  [2_147_483_648, "8080808008"],
  [4_294_967_296, "8080808010"],
  [9_007_199_254_740_991, "ffffffffffffff0f"],
  [9_007_199_254_740_992, "8080808080808010"],
  [-2_147_483_649, "fffffffff7ffffffff01"],
  [-4_294_967_296, "80808080f0ffffffff01"],
  [-9_007_199_254_740_991, "81808080808080f0ff01"],
  [-9_007_199_254_740_992, "80808080808080f0ff01"],
])("writeInt53() writes %d as an int64 varint", (value, hex) => {
  expect(hexOf((out) => writeInt53(out, value))).toBe(hex);
});

test("writeDoubleField() writes 8 bytes, the low ones first", () => {
  expect(hexOf((out) => writeDoubleField(out, 0x21, 1.5))).toBe("21000000000000f83f");
});

test("writeTextField() counts bytes, not UTF-16 units, and writes a lone surrogate as U+FFFD", () => {
  expect(hexOf((out) => writeTextField(out, 0x0a, "é"))).toBe("0a02c3a9");
  expect(hexOf((out) => writeTextField(out, 0x0a, "\ud800x"))).toBe("0a04efbfbd78");
});

test("endLength() stores a length that was expected", () => {
  expect(sized(3, 3)).toBe(`ff03${"61".repeat(3)}`);
  expect(sized(300, 300)).toBe(`ffac02${"61".repeat(300)}`);
});

test("endLength() moves the content up when its length needs more bytes than there are", () => {
  expect(sized(127, 0)).toBe(`ff7f${"61".repeat(127)}`);
  expect(sized(128, 0)).toBe(`ff8001${"61".repeat(128)}`);
  expect(sized(16_384, 127)).toBe(`ff808001${"61".repeat(16_384)}`);
});

test("endLength() moves the content down when its length needs fewer bytes: it is never overlong", () => {
  expect(sized(127, 128)).toBe(`ff7f${"61".repeat(127)}`);
  expect(sized(0, 2_097_152)).toBe("ff00");
  expect(sized(128, 268_435_456)).toBe(`ff8001${"61".repeat(128)}`);
});

test("writeMessageField() writes the length of what is written inside of it, also one in the other", () => {
  const hex = hexOf((out) => {
    writeMessageField(out, 0x2a, () => writeMessageField(out, 0x12, () => writeTextField(out, 0x0a, "hi")));
  });
  expect(hex).toBe("2a0612040a026869");
});
