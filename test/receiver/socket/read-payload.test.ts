import { describe, expect, test } from "vitest";

import { readCbor } from "../../../src/receiver/socket/read-cbor.ts";
import { readMsgpack } from "../../../src/receiver/socket/read-msgpack.ts";
import { readPayload } from "../../../src/receiver/socket/read-payload.ts";

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

describe("readMsgpack()", () => {
  // Of the specification's table of formats, by hand.
  test.each([
    ["00", 0],
    ["7f", 127],
    ["ff", -1],
    ["e0", -32],
    ["c0", null],
    ["c2", false],
    ["c3", true],
    ["cc ff", 255],
    ["cd ffff", 65_535],
    ["ce ffffffff", 4_294_967_295],
    ["cf 0020000000000000", 9_007_199_254_740_992n],
    ["cf ffffffffffffffff", 18_446_744_073_709_551_615n],
    ["d0 80", -128],
    ["d1 8000", -32_768],
    ["d2 80000000", -2_147_483_648],
    ["d3 8000000000000000", -9_223_372_036_854_775_808n],
    ["d3 0000000000000005", 5],
    ["ca 3fc00000", 1.5],
    ["cb 3ff8000000000000", 1.5],
    ["a0", ""],
    ["a2 c3a9", "é"],
    ["d9 01 61", "a"],
    ["da 0001 61", "a"],
    ["db 00000001 61", "a"],
    ["c4 01 07", new Uint8Array([7])],
    ["c5 0001 07", new Uint8Array([7])],
    ["c6 00000001 07", new Uint8Array([7])],
    ["90", []],
    ["92 01 c0", [1, null]],
    ["dc 0001 01", [1]],
    ["dd 00000001 01", [1]],
    ["81 a161 01", { a: 1 }],
    ["de 0001 a161 01", { a: 1 }],
    ["df 00000001 a161 01", { a: 1 }],
    ["82 a161 01 a161 02", { a: 2 }],
  ])("%s", (bytes, value) => {
    expect(readMsgpack(hex(bytes))).toEqual(value);
  });

  test.each([
    ["", "the frame ends in the middle of a value"],
    ["c1", "MessagePack type 0xc1 is not taken"],
    ["d6 ff 00000000", "MessagePack type 0xd6 is not taken"],
    ["c7 00 01", "MessagePack type 0xc7 is not taken"],
    ["a2 61", "the frame ends in the middle of a value"],
    ["a1 ff", "a text is not UTF-8"],
    ["81 01 01", "a key of a map is no text"],
    ["81 a161", "the frame ends in the middle of a value"],
    ["dd ffffffff", "an array or map is longer than the frame"],
    ["df ffffffff", "an array or map is longer than the frame"],
    ["db ffffffff", "the frame ends in the middle of a value"],
    ["01 02", "1 bytes follow the record"],
  ])("%s is refused: %s", (bytes, message) => {
    expect(() => readMsgpack(hex(bytes))).toThrow(message);
  });

  test("a key __proto__ is one like any other", () => {
    const map = readMsgpack(hex("81 a9 5f5f70726f746f5f5f 81 a161 01")) as object;
    expect(Object.keys(map)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
  });

  test("nesting, and the number of arrays, are bounded", () => {
    expect(() => readMsgpack(Buffer.alloc(1_000_000, 0x91))).toThrow("nested deeper than 100");
    const many = Buffer.concat([hex("dd 00100000"), Buffer.alloc(1_048_576, 0x90)]);
    expect(() => readMsgpack(many)).toThrow("more than 65536 arrays and maps");
  });
});

describe("readCbor()", () => {
  // RFC 8949, Appendix A.
  test.each([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1_000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["1bffffffffffffffff", 18_446_744_073_709_551_615n],
    ["20", -1],
    ["3903e7", -1_000],
    ["3bffffffffffffffff", -18_446_744_073_709_551_616n],
    ["3b001fffffffffffff", -9_007_199_254_740_992n],
    ["f90000", 0],
    ["f98000", -0],
    ["f93c00", 1],
    ["f93e00", 1.5],
    ["f97bff", 65_504],
    ["f90001", 5.960464477539063e-8],
    ["f9c400", -4],
    ["f97c00", Number.POSITIVE_INFINITY],
    ["f97e00", Number.NaN],
    ["fa47c35000", 100_000],
    ["fb3ff199999999999a", 1.1],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["f7", null],
    ["40", new Uint8Array()],
    ["4401020304", new Uint8Array([1, 2, 3, 4])],
    ["60", ""],
    ["62c3bc", "ü"],
    ["80", []],
    ["83010203", [1, 2, 3]],
    ["a26161016162820203", { a: 1, b: [2, 3] }],
  ])("%s", (bytes, value) => {
    expect(readCbor(hex(bytes))).toEqual(value);
  });

  test.each([
    ["c0 60", "CBOR tags are not taken"],
    ["9f ff", "CBOR of indefinite length is not taken"],
    ["5f ff", "CBOR of indefinite length is not taken"],
    ["1c", "CBOR of indefinite length is not taken"],
    ["f0", "the simple value 16 of CBOR is not taken"],
    ["ff", "the simple value 31 of CBOR is not taken"],
    ["9bffffffffffffffff", "an array or map is longer than the frame"],
    ["7bffffffffffffffff", "the frame ends in the middle of a value"],
    ["a10101", "a key of a map is no text"],
    ["61ff", "a text is not UTF-8"],
    ["0000", "1 bytes follow the record"],
  ])("%s is refused: %s", (bytes, message) => {
    expect(() => readCbor(hex(bytes))).toThrow(message);
  });

  test("nesting is bounded", () => {
    expect(() => readCbor(Buffer.alloc(1_000_000, 0x81))).toThrow("nested deeper than 100");
  });
});

describe("readPayload()", () => {
  test.each([
    ["JSON", Buffer.from('{"a":9007199254740993}'), { a: 9_007_199_254_740_993n }],
    ["MessagePack", hex("81 a161 01"), { a: 1 }],
    ["CBOR", hex("a1 6161 01"), { a: 1 }],
  ])("the first byte tells %s", (_name, payload, value) => {
    expect(readPayload(payload)).toEqual(value);
  });

  test.each([
    ["", "the frame is empty"],
    ["00", "a frame that begins with 0x0 is no map in MessagePack, CBOR or JSON"],
    ["7b", "it is not JSON in UTF-8"],
    ["7b ff 7d", "it is not JSON in UTF-8"],
  ])("%s is refused: %s", (bytes, message) => {
    expect(() => readPayload(hex(bytes))).toThrow(message);
  });

  test("nesting of JSON is bounded", () => {
    const deep = (depth: number): Buffer => Buffer.from(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(() => readPayload(deep(99))).not.toThrow();
    expect(() => readPayload(deep(100))).toThrow("nested deeper than 100");
    expect(() => readPayload(deep(400_000))).toThrow();
  });

  test("the number of arrays of JSON is bounded", () => {
    const many = (count: number): Buffer =>
      Buffer.from(`{"a":[${Array.from({ length: count }, () => "[]").join(",")}]}`);
    expect(() => readPayload(many(65_534))).not.toThrow();
    expect(() => readPayload(many(65_535))).toThrow("more than 65536 arrays and maps");
  });
});
