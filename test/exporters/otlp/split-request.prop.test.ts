import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { halveRequest, splitRequest } from "../../../exporters/otlp/split-request.ts";
import { encodings, type TextRecord } from "./requests.ts";

/** What looks like an end, in texts. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('"', "\\", "]", "}", "[", "{", ",", ":", "é"), maxLength: 20 }),
  fc.integer({ min: 100, max: 400 }).map((length) => "x".repeat(length)),
);

const records: fc.Arbitrary<TextRecord[]> = fc.array(fc.record({ scopeIndex: fc.nat({ max: 2 }), text }), {
  maxLength: 30,
});

describe.each(encodings)("$name", ({ codec, encode, decode }) => {
  test("splitRequest() puts every record into exactly one part, in order, with scope, resource and schema URLs", () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 4_000 }), (given, partBytesMax) => {
        const request = encode(given);
        const outline = request.length === 0 ? [] : codec.outline(request);
        const parts = [...splitRequest(outline, { codec, partBytesMax })];
        expect(parts.flatMap(({ bytes }) => decode(bytes))).toEqual(
          request.length === 0 ? [] : decode(request),
        );
        for (const part of parts) {
          expect(decode(part.bytes)).toHaveLength(part.records.length);
          if (part.records.length > 1) expect(part.bytes.length).toBeLessThanOrEqual(partBytesMax);
        }
      }),
    );
  });

  test("splitRequest() changes no byte of a record", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ scopeIndex: fc.nat({ max: 2 }), text }), { minLength: 1 }),
        (given) => {
          const outline = codec.outline(encode(given));
          const parts = [...splitRequest(outline, { codec, partBytesMax: 1 })];
          expect(parts).toHaveLength(outline.length);
          for (const [index, { bytes }] of parts.entries()) {
            const [record] = codec.outline(bytes);
            expect(Buffer.compare(record!.bytes, outline[index]!.bytes)).toBe(0);
          }
        },
      ),
    );
  });

  test("compose() of all records is the request, byte for byte", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ scopeIndex: fc.nat({ max: 2 }), text }), { minLength: 1 }),
        (given) => {
          const request = encode(given);
          expect(Buffer.compare(codec.compose(codec.outline(request)), request)).toBe(0);
        },
      ),
    );
  });

  test("halveRequest() leaves a record at least on each side, in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ scopeIndex: fc.nat({ max: 2 }), text }), { minLength: 2 }),
        (given) => {
          const request = encode(given);
          const [first, second] = halveRequest(codec.outline(request), codec);
          expect(Math.min(first.records.length, second.records.length)).toBeGreaterThan(0);
          expect([...decode(first.bytes), ...decode(second.bytes)]).toEqual(decode(request));
        },
      ),
    );
  });
});
