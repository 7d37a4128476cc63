import { expect, test } from "vitest";

import { MsgpackReader, writeMsgpack } from "../../../bench/decisions/msgpack.ts";
import { OutputBuffer } from "../../../processors/shape/output.ts";
import type { ReadValue } from "../../../processors/shape/value-reader.ts";

function written(value: ReadValue): string {
  const out = new OutputBuffer();
  writeMsgpack(out, value);
  return Buffer.from(out.written()).toString("hex");
}

function read(hex: string): unknown {
  return new MsgpackReader(Buffer.from(hex, "hex")).next();
}

/** Values and their bytes, by the specification. */
const FORMS: readonly (readonly [name: string, value: ReadValue, hex: string])[] = [
  ["nil", null, "c0"],
  ["false", false, "c2"],
  ["true", true, "c3"],
  ["positive fixint", 127, "7f"],
  ["uint 8", 128, "cc80"],
  ["uint 16", 256, "cd0100"],
  ["uint 32", 65_536, "ce00010000"],
  ["int 32", -2, "d2fffffffe"],
  ["float 64", 1.5, "cb3ff8000000000000"],
  ["fixstr", "é", "a2c3a9"],
  ["str 8", "a".repeat(32), `d920${"61".repeat(32)}`],
  ["str 16", "a".repeat(256), `da0100${"61".repeat(256)}`],
];

test.each(FORMS)("writeMsgpack() writes %s", (_name, value, hex) => {
  expect(written(value)).toBe(hex);
});

test.each(FORMS)("next() reads %s", (_name, value, hex) => {
  expect(read(hex)).toBe(value);
});

test("next() reads the example of msgpack.org", () => {
  expect(read("82a7636f6d70616374c3a6736368656d6100")).toStrictEqual({ compact: true, schema: 0 });
});

test("next() reads a timestamp of 64 bits: 2 s and 500,000,000 ns", () => {
  expect(read("d7ff7735940000000002")).toBe(2500);
});

test("next() refuses a tag that the comparison does not write", () => {
  expect(() => read("c1")).toThrow("Cannot read MessagePack: tag 0xc1 at byte 0");
});
