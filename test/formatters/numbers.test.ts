import * as fc from "fast-check";
import { expect, test } from "vitest";

import { OutputBuffer } from "../../processors/shape/output.ts";
import {
  writeDouble,
  writeEpochMillis,
  writeEpochNanos,
  writeHex,
  writeHexByte,
  writeInt64,
  writeInteger,
  writeMicros,
  writeMillis,
} from "../../src/formatters/numbers.ts";

function written(write: (out: OutputBuffer) => void): string {
  const out = new OutputBuffer(1);
  write(out);
  return out.bytes.toString("latin1", 0, out.at);
}

function textOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

test("writeInteger() writes each length of digits, with and without sign", () => {
  for (let value = 1; value < Number.MAX_SAFE_INTEGER; value *= 10) {
    for (const near of [value - 1, value, value + 1, value * 9]) {
      if (!Number.isSafeInteger(near)) continue;
      expect(written((out) => writeInteger(out, near))).toBe(String(near));
      if (near !== 0) expect(written((out) => writeInteger(out, -near))).toBe(String(-near));
    }
  }
});

test("writeInteger() writes every safe integer as String() does", () => {
  const anyInteger = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constant(Number.MIN_SAFE_INTEGER));
  fc.assert(
    fc.property(anyInteger, (value) => written((out) => writeInteger(out, value)) === String(value)),
    { numRuns: 2000 },
  );
});

test("writeDouble() writes every double as String() does, -0 with its sign", () => {
  fc.assert(
    fc.property(fc.double(), (value) => written((out) => writeDouble(out, value)) === textOf(value)),
    { numRuns: 2000 },
  );
});

test("writeDouble() writes decimals of few digits as String() does", () => {
  const decimal = fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }))
    .map(([digits, scale]) => digits / 10 ** scale);
  const short = fc
    .tuple(fc.integer(), fc.integer({ min: 0, max: 8 }))
    .map(([digits, scale]) => digits / 10 ** scale);
  fc.assert(
    fc.property(
      fc.oneof(decimal, short),
      (value) => written((out) => writeDouble(out, value)) === textOf(value),
    ),
    { numRuns: 4000 },
  );
});

test("writeDouble() writes the neighbours of decimals as String() does", () => {
  const view = new DataView(new ArrayBuffer(8));
  const neighbour = fc
    .tuple(fc.integer({ min: 1, max: 2 ** 30 }), fc.constantFrom(-1n, 1n))
    .map(([thousandths, step]) => {
      view.setFloat64(0, thousandths / 1000);
      view.setBigInt64(0, view.getBigInt64(0) + step);
      return view.getFloat64(0);
    });
  fc.assert(
    fc.property(neighbour, (value) => written((out) => writeDouble(out, value)) === String(value)),
    { numRuns: 2000 },
  );
});

test.each([
  0,
  -0,
  0.5,
  -0.5,
  0.1,
  0.01,
  0.001,
  0.000001,
  0.0000001,
  1.5e-7,
  0.1 + 0.2,
  1 / 3,
  123.456,
  99.999999,
  1e15,
  1e20,
  1e21,
  999_999_999.999999,
  999_999_999_999.999,
  5e-324,
  Number.MAX_VALUE,
  2 ** 53,
  NaN,
  Infinity,
  -Infinity,
])("writeDouble() writes %d as String() does", (value) => {
  expect(written((out) => writeDouble(out, value))).toBe(textOf(value));
});

test("writeInt64() writes all 64 bits", () => {
  const view = new DataView(new ArrayBuffer(8));
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      view.setBigInt64(0, value, true);
      return written((out) => writeInt64(out, view, 0)) === String(value);
    }),
  );
});

test("writeEpochNanos() writes seconds and nanoseconds as one integer, also before 1970", () => {
  const seconds = fc.integer({ min: -8_640_000_000_000, max: 8_640_000_000_000 });
  fc.assert(
    fc.property(seconds, fc.nat(999_999_999), (whole, nanos) => {
      const expected = String(BigInt(whole) * 1_000_000_000n + BigInt(nanos));
      return written((out) => writeEpochNanos(out, whole, nanos)) === expected;
    }),
  );
});

test("writeEpochMillis() rounds down", () => {
  expect(written((out) => writeEpochMillis(out, 1, 999_999_999))).toBe("1999");
  expect(written((out) => writeEpochMillis(out, -1, 1_999_999))).toBe("-999");
});

test("writeMicros() and writeMillis() keep leading zeros, and take nanoseconds beyond a second as its end", () => {
  expect(written((out) => writeMicros(out, 1_234_567))).toBe("001234");
  expect(written((out) => writeMillis(out, 1_234_567))).toBe("001");
  expect(written((out) => writeMicros(out, 4_294_967_295))).toBe("999999");
  expect(written((out) => writeMillis(out, Number.NaN))).toBe("999");
});

test("writeHex() and writeHexByte() write two lower-case digits a byte", () => {
  const bytes = Buffer.from([0, 1, 0x9f, 0xff, 0xab]);
  expect(written((out) => writeHex(out, bytes, 1, 4))).toBe("019fffab");
  expect(written((out) => writeHexByte(out, 0x1_0a))).toBe("0a");
});
