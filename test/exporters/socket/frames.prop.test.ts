import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readPayload } from "../../../src/receiver/socket/read-payload.ts";
import { recordOf as readRecord } from "../../../src/receiver/socket/socket-record.ts";
import type { FemtoValue } from "../../../src/record/log-record.ts";
import { recordOf, shapeOf } from "../../proto/otlp-records.ts";
import { payloadsOf, rendererOf } from "./frames-of.ts";

/** Lengths around those where a head grows by a byte. */
const lengths = fc.constantFrom(0, 1, 15, 16, 23, 24, 31, 32, 255, 256, 300);

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  lengths.map((length) => "x".repeat(length)),
  lengths.map((length) => "é".repeat(Math.ceil(length / 2))),
);

const key = fc.string({ unit: "grapheme", maxLength: 20 }).filter((name) => name.isWellFormed());

const integer = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    -32,
    -33,
    -128,
    -129,
    -32_769,
    -(2 ** 31) - 1,
  ),
);

const scalar: fc.Arbitrary<FemtoValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  integer,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  text,
  fc.uint8Array({ maxLength: 300 }),
);

const value: fc.Arbitrary<FemtoValue> = fc.letrec<{ value: FemtoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(key, tie("value"), { maxKeys: 18 }),
  ),
})).value;

/** What the wire makes of a value: bigints within 2^53 are numbers, texts are well-formed. */
function expected(given: FemtoValue): FemtoValue {
  if (typeof given === "bigint") return Number.isSafeInteger(Number(given)) ? Number(given) : given;
  if (typeof given === "string") return given.toWellFormed();
  if (typeof given !== "object" || given === null || given instanceof Uint8Array) return given;
  if (Array.isArray(given)) return (given as readonly FemtoValue[]).map(expected);
  return Object.fromEntries(Object.entries(given).map(([name, inner]) => [name, expected(inner)]));
}

/** JSON has neither bytes nor NaN, and an integer beyond 2^53 is one, whatever it was. */
function inJson(given: FemtoValue): FemtoValue {
  if (given instanceof Uint8Array) return Buffer.from(given).toString("base64");
  if (typeof given === "number") {
    if (!Number.isFinite(given)) return String(given);
    const isLong = Number.isInteger(given) && !Number.isSafeInteger(given);
    return isLong && /^-?\d+$/.test(String(given)) ? BigInt(String(given)) : given;
  }
  if (Array.isArray(given)) return (given as readonly FemtoValue[]).map(inJson);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([name, inner]) => [name, inJson(inner)]));
}

const KEYS = ["plain", "with.dots", "naïve", "k".repeat(120)];
const shape = shapeOf({ body: "value", keys: KEYS });

const record = fc.record({
  values: fc.array(value, { minLength: KEYS.length + 1, maxLength: KEYS.length + 1 }),
  extras: fc.dictionary(
    key.map((name) => `extra ${name}`),
    value,
    { maxKeys: 20 },
  ),
});

describe.each(["msgpack", "cbor", "json"] as const)("%s", (format) => {
  const toWire = (given: FemtoValue): FemtoValue =>
    format === "json" ? inJson(expected(given)) : expected(given);

  test("decoding what was rendered gives the records back", () => {
    const { renderer } = rendererOf(format, { frameBytesMax: 67_108_864 });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), (batch) => {
        for (const parts of batch) renderer.add(recordOf({ shape, ...parts }));
        const records = payloadsOf(renderer.finish()).map((payload) => readRecord(readPayload(payload)));
        const wanted = batch.map(({ values: [body, ...values], extras }) => ({
          body: toWire(body as FemtoValue),
          attributes: Object.fromEntries(
            [...KEYS.map((name, i) => [name, values[i]] as const), ...Object.entries(extras)].map(
              ([name, inner]) => [name, toWire(inner as FemtoValue)],
            ),
          ),
        }));
        expect(records.map(({ body, attributes }) => ({ body, attributes }))).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  test("a payload that was changed or cut is a record or a FrameFault, and nothing else", () => {
    const { renderer } = rendererOf(format, { frameBytesMax: 67_108_864 });
    const damage = fc.record({
      at: fc.nat(),
      byte: fc.nat({ max: 255 }),
      keep: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(record, damage, (parts, { at, byte, keep }) => {
        renderer.add(recordOf({ shape, ...parts }));
        const [payload = Buffer.alloc(0)] = payloadsOf(renderer.finish());
        payload[at % payload.length] = byte;
        expect(readsOrRefuses(payload)).toBe(true);
        expect(readsOrRefuses(payload.subarray(0, Math.floor(payload.length * keep)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test("any bytes are a record or a FrameFault, and nothing else", () => {
  const first = fc.constantFrom(0x7b, 0x81, 0xde, 0xdf, 0xa1, 0xb8, 0xbb, 0xbf, 0x00, 0xff);
  fc.assert(
    fc.property(first, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
      expect(readsOrRefuses(Buffer.of(head, ...rest))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

function readsOrRefuses(payload: Buffer): boolean {
  try {
    readRecord(readPayload(payload));
    return true;
  } catch (error) {
    return error instanceof Error && error.name === "FrameFault";
  }
}
