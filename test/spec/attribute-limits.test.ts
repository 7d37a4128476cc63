/** A test for each MUST of "Attribute Limits" of the common specification v1.60.0, as records are concerned. */
import { expect, test } from "vitest";

import { provide } from "../provider/provide.ts";

const short = { logRecordLimits: { attributeValueLengthLimit: 4 } };

/** So many maps, one inside of the other. */
function nested(depth: number): unknown {
  let value: unknown = "end";
  for (let level = 0; level < depth; level++) value = { inner: value };
  return value;
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let at = value; typeof at === "object" && at !== null; at = (at as { inner?: unknown }).inner) depth++;
  return depth;
}

test("Common > Attribute Limits: a string is cut to the length limit, by characters", async () => {
  const { log, take } = provide(short);
  log.info("x", { a: "abcdef", b: "abcd", c: "äöüß€" });
  log.emit({ attributes: { a: "abcdef", b: "abcd", c: "äöüß€" } });
  for (const { attributes } of await take()) expect(attributes).toEqual({ a: "abcd", b: "abcd", c: "äöüß" });
});

test("Common > Attribute Limits: a byte array is cut to the length limit", async () => {
  const { log, takeOne } = provide(short);
  log.emit({ attributes: { a: new Uint8Array([1, 2, 3, 4, 5]), b: Buffer.from([1]) } });
  expect((await takeOne()).attributes).toEqual({ a: new Uint8Array([1, 2, 3, 4]), b: new Uint8Array([1]) });
});

test("Common > Attribute Limits: the length limit holds for each element of arrays and maps, recursively, and not for keys", async () => {
  const { log, take } = provide(short);
  const attributes = { a_long_key: ["abcdef", [{ another_key: "abcdef" }]] };
  for (let round = 0; round < 3; round++) log.info("x", attributes);
  log.emit({ attributes });
  for (const record of await take())
    expect(record.attributes).toEqual({ a_long_key: ["abcd", [{ another_key: "abcd" }]] });
});

test("Common > Attribute Limits: other values are not cut", async () => {
  const { log, takeOne } = provide(short);
  const attributes = { a: 123_456, b: 1234.5678, c: true, d: null, e: [1, 2, 3, 4, 5, 6] };
  log.emit({ attributes });
  expect((await takeOne()).attributes).toEqual(attributes);
});

test("Common > Attribute Limits: attributes beyond the count limit are discarded and counted, at the top level only", async () => {
  const { log, takeOne } = provide({ logRecordLimits: { attributeCountLimit: 2 } });
  log.emit({ attributes: { a: { x: 1, y: 2, z: 3 }, b: [1, 2, 3], c: 1, d: 2 } });
  expect(await takeOne()).toMatchObject({
    attributes: { a: { x: 1, y: 2, z: 3 }, b: [1, 2, 3] },
    droppedAttributesCount: 2,
  });
});

test("Common > Attribute Limits: the length limit holds for attributes of `with()` too", async () => {
  const { log, takeOne } = provide(short);
  log.with({ a: "abcdef" }).info("x");
  expect((await takeOne()).attributes).toEqual({ a: "abcd" });
});

test("Common > Attribute Limits: an attribute is not discarded below the count limit", async () => {
  const { log, takeOne } = provide({ logRecordLimits: { attributeCountLimit: 3 } });
  log.emit({ attributes: { a: 1, b: 2, c: 3 } });
  expect(await takeOne()).toMatchObject({ attributes: { a: 1, b: 2, c: 3 }, droppedAttributesCount: 0 });
});

test("Common > Attribute Limits: maps are kept down to a depth of 64, counted from 1, and replaced below", async () => {
  const { log, takeOne } = provide();
  log.emit({ attributes: { kept: nested(64), cut: nested(65) } });
  const { kept, cut } = (await takeOne()).attributes;
  expect(kept).toEqual(nested(64));
  expect(depthOf(cut)).toBe(64);
});

test("Common > Attribute Limits: they do not hold for the body", async () => {
  const { log, take } = provide(short);
  const body = { text: "abcdef", bytes: new Uint8Array(6), list: ["abcdef"] };
  log.emit({ body });
  log.event("e", {}, { body });
  log.info("a text of %s", "abcdef");
  log.error(new Error("abcdef"));
  expect((await take()).map((record) => record.body)).toEqual([body, body, "a text of abcdef", "abcdef"]);
});
test("Common > Attribute Limits: attributes of `with()` and contexts count too", async () => {
  const { log, take } = provide({ logRecordLimits: { attributeCountLimit: 2 } });
  const bound = log.with({ b: 1, c: 1 });
  for (let round = 0; round < 3; round++) bound.info("x", { a: 1 });
  bound.emit({ attributes: { a: 1 } });
  for (const record of await take()) {
    expect(Object.keys(record.attributes)).toHaveLength(2);
    expect(record.droppedAttributesCount).toBe(1);
  }
});
