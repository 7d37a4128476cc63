import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecordDecoder } from "../../../processors/worker/decoded-record.ts";
import { ObjectRecords } from "../../../processors/worker/object-record.ts";
import { FemtoJsonFormatter } from "../../../src/formatters/json-formatter.ts";
import { format, makeRecord, RECORD_MILLIS, type RecordInput, SPAN } from "../../formatters/make-record.ts";

const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.uint8Array({ maxLength: 8 }),
  fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.integer(), { maxKeys: 3 }),
);
const attributes = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), value, { maxKeys: 5 });

const input: fc.Arbitrary<RecordInput> = fc.record(
  {
    template: fc.constantFrom("hello", "User {a} has {b.c}", "100%", "{{}}", "\n\u0000\u{1f600}"),
    attributes,
    logger: fc.constantFrom("shop", "shop.cart"),
    severityNumber: fc.integer({ min: 0, max: 24 }),
    severityText: fc.constantFrom("", "INFO", "info"),
    eventName: fc.constantFrom("order.paid", ""),
    millis: fc.integer({ min: 0, max: 999_999 }).map((micros) => RECORD_MILLIS + micros / 1000),
    timestamp: fc.tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 999_999_999 })),
    span: fc.constant(SPAN),
    droppedCount: fc.integer({ min: 1, max: 2 ** 31 }),
  },
  { requiredKeys: ["template"] },
);

test("a copy of a record, put in its place, is written as the record is", () => {
  fc.assert(
    fc.property(input, (given) => {
      const record = makeRecord(given);
      const decoder = new RecordDecoder();
      const records = new ObjectRecords(decoder);
      const copy = records.read({ ...decoder.decode(record) }, record);
      expect(copy.shape.scope).toBe(record.shape.scope);
      expect([copy.timeSeconds, copy.timeNanos, copy.millis]).toEqual([
        record.timeSeconds,
        record.timeNanos,
        record.millis,
      ]);
      const formatter = (): FemtoJsonFormatter => new FemtoJsonFormatter();
      expect(format(formatter(), copy)).toBe(format(formatter(), record));
    }),
    { numRuns: 2000 },
  );
});
