import * as fc from "fast-check";
import { expect, test } from "vitest";

import { UnixNanos, UnixNanosText } from "../../proto/unix-nanos.ts";
import { OutputBuffer } from "../../processors/shape/output.ts";

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}

function fixed64Of(times: readonly Time[]): bigint[] {
  const clock = new UnixNanos();
  const out = new OutputBuffer(8);
  for (const { seconds, nanos } of times) clock.writeField(out, 0x09, seconds, nanos);
  expect(out.at).toBe(times.length * 9);
  return times.map((_, index) => {
    expect(out.bytes[index * 9]).toBe(0x09);
    return out.bytes.readBigUInt64LE(index * 9 + 1);
  });
}

function textOf(...times: readonly Time[]): string[] {
  const clock = new UnixNanosText();
  return times.map(({ seconds, nanos }) => {
    const out = new OutputBuffer(8);
    clock.write(out, seconds, nanos);
    return Buffer.from(out.written()).toString();
  });
}

const edges: readonly (readonly [Time, bigint])[] = [
  [{ seconds: 0, nanos: 0 }, 0n],
  [{ seconds: 0, nanos: 5 }, 5n],
  [{ seconds: 1, nanos: 0 }, 1_000_000_000n],
  [{ seconds: 4, nanos: 294_967_295 }, 4_294_967_295n],
  [{ seconds: 4, nanos: 294_967_296 }, 4_294_967_296n],
  [{ seconds: 65_535, nanos: 999_999_999 }, 65_535_999_999_999n],
  [{ seconds: 65_536, nanos: 0 }, 65_536_000_000_000n],
  [{ seconds: 1_795_368_486, nanos: 123_456_789 }, 1_795_368_486_123_456_789n],
  [{ seconds: 18_446_744_072, nanos: 999_999_999 }, 18_446_744_072_999_999_999n],
];

test("UnixNanos and UnixNanosText tell the same time, exactly", () => {
  expect(fixed64Of(edges.map(([time]) => time))).toEqual(edges.map(([, nanos]) => nanos));
  expect(textOf(...edges.map(([time]) => time))).toEqual(edges.map(([, nanos]) => nanos.toString()));
});

test("a time before 1970, beyond 64 bits, or none at all is 0: unknown", () => {
  const unknown = [-1, 18_446_744_073, Infinity, -Infinity, NaN].map((seconds) => ({ seconds, nanos: 7 }));
  expect(fixed64Of(unknown)).toEqual([0n, 0n, 0n, 0n, 0n]);
  expect(textOf(...unknown)).toEqual(["0", "0", "0", "0", "0"]);
});

test("a time after an unknown one is right again", () => {
  const times = [1_795_368_486, -1, 1_795_368_486].map((seconds) => ({ seconds, nanos: 1 }));
  expect(fixed64Of(times)).toEqual([1_795_368_486_000_000_001n, 0n, 1_795_368_486_000_000_001n]);
  expect(textOf(...times)).toEqual(["1795368486000000001", "0", "1795368486000000001"]);
});

test("any times in any order equal seconds * 10^9 + nanos", () => {
  const time = fc.record({
    seconds: fc.integer({ min: 0, max: 18_446_744_072 }),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
  });
  fc.assert(
    fc.property(fc.array(time, { maxLength: 5 }), (times) => {
      const expected = times.map(({ seconds, nanos }) => BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
      expect(fixed64Of(times)).toEqual(expected);
      expect(textOf(...times)).toEqual(expected.map(String));
    }),
  );
});
