import { expect, test } from "vitest";

import { Comparison } from "../../../examples/shop/comparison.ts";
import type { ComparedRecord } from "../../../examples/shop/expected-record.ts";

function recordOf(seq: number, fields: Partial<ComparedRecord> = {}): ComparedRecord {
  return {
    logger: "shop",
    level: "INFO",
    message: `record ${seq}`,
    eventName: undefined,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    attributes: { seq, sku: "kite" },
    ...fields,
  };
}

/** Three records were logged. */
function comparison(): Comparison {
  return new Comparison((seq) => (seq >= 0 && seq < 3 ? recordOf(seq) : undefined));
}

function compare(arrived: readonly ComparedRecord[]): ReturnType<Comparison["finish"]> {
  const compared = comparison();
  for (const record of arrived) compared.add(record);
  return compared.finish(3);
}

test("Comparison finds no difference when all records arrived once, in any order", () => {
  expect(compare([recordOf(2), recordOf(0), recordOf(1)])).toEqual({
    identicalCount: 3,
    differenceCount: 0,
    descriptions: [],
  });
});

test("Comparison finds a record that is missing", () => {
  const { identicalCount, differenceCount, descriptions } = compare([recordOf(0), recordOf(2)]);
  expect({ identicalCount, differenceCount }).toEqual({ identicalCount: 2, differenceCount: 1 });
  expect(descriptions[0]).toContain("record 1 is missing");
});

test("Comparison finds a record that arrived twice", () => {
  const { descriptions } = compare([recordOf(0), recordOf(1), recordOf(1), recordOf(2)]);
  expect(descriptions).toEqual(["record 1 is there twice"]);
});

test("Comparison finds a record that was never logged", () => {
  const { descriptions } = compare([recordOf(0), recordOf(1), recordOf(2), recordOf(3)]);
  expect(descriptions).toHaveLength(1);
  expect(descriptions[0]).toContain("never logged");
});

test("Comparison finds a line that is no record", () => {
  const compared = comparison();
  compared.addUnreadable("{ cut of");
  expect(compared.finish(0).descriptions).toEqual(["not a record: '{ cut of'"]);
});

test.for<[string, Partial<ComparedRecord>, string]>([
  ["logger", { logger: "shop.http" }, `"logger" is 'shop.http', must be 'shop'`],
  ["level", { level: "WARN" }, `"level" is 'WARN', must be 'INFO'`],
  ["message", { message: "record" }, `"message" is 'record', must be 'record 1'`],
  ["event name", { eventName: "paid" }, `"eventName" is 'paid', must be undefined`],
  ["trace id", { traceId: undefined }, `"traceId" is undefined, must be '0af7651916cd43dd8448eb211c80319c'`],
  ["attribute", { attributes: { seq: 1, sku: "globe" } }, `"sku" is 'globe', must be 'kite'`],
  ["type of an attribute", { attributes: { seq: "1", sku: "kite" } }, `"seq" is '1', must be 1`],
  ["missing attribute", { attributes: { seq: 1 } }, `"sku" is undefined, must be 'kite'`],
  ["additional attribute", { attributes: { seq: 1, sku: "kite", x: 1 } }, `"x" is 1, must be undefined`],
])("Comparison finds a record with another %s", ([, fields, difference]) => {
  const { identicalCount, descriptions } = compare([recordOf(0), recordOf(1, fields), recordOf(2)]);
  expect(identicalCount).toBe(2);
  expect(descriptions).toEqual([`record 1 differs: ${difference}`]);
});

test("Comparison describes the first three differences and counts all", () => {
  const compared = new Comparison(recordOf);
  const { differenceCount, descriptions } = compared.finish(5);
  expect(differenceCount).toBe(5);
  expect(descriptions).toHaveLength(3);
});
