import { expect, test } from "vitest";

import { BoundAttributes } from "../../../processors/shape/bound-attributes.ts";
import { RecordEncoder } from "../../../processors/shape/encoder.ts";
import type { KnownShape } from "../../../processors/shape/shape-family.ts";
import { readPairs, type ReadValue } from "../../../processors/shape/value-reader.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../../../processors/shape/value-writer.ts";

function bind(
  attributes: Readonly<Record<string, unknown>>,
  parts: { readonly parent?: BoundAttributes; readonly limits?: EncoderLimits } = {},
): BoundAttributes {
  return BoundAttributes.of(attributes, { encoder: new RecordEncoder(), ...parts });
}

function shapeOf(...keys: string[]): KnownShape {
  const scope = { name: "", id: 1, resourceId: 1 };
  const input = {
    scope,
    severityNumber: 9,
    severityText: "",
    body: "none",
    template: "",
    argumentCount: 0,
    keys,
  } as const;
  return { id: 1, input, keys };
}

/** What a reader makes of the pairs that are written beside a shape. */
function written(bound: BoundAttributes, shape: KnownShape = shapeOf()): Record<string, ReadValue> {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  const at = encoder.at;
  const count = bound.write(encoder, shape);
  const target: Record<string, ReadValue> = {};
  const end = readPairs(target, { bytes: encoder.bytes, view: encoder.view, at, count });
  expect(end).toBe(encoder.at);
  return target;
}

test("of() takes the values as they are at that moment", () => {
  const cart = { items: [1] };
  const bound = bind({ cart, n: -0, missing: undefined });
  cart.items.push(2);
  expect(written(bound)).toStrictEqual({ cart: { items: [1] }, n: -0 });
  expect(bound.count).toBe(2);
  expect([bound.has("cart"), bound.has("missing")]).toStrictEqual([true, false]);
});

test("of() with a parent adds to it; own ones win", () => {
  const parent = bind({ a: 1, b: 1 });
  const child = bind({ b: 2, c: 2 }, { parent });
  expect(written(child)).toStrictEqual({ a: 1, b: 2, c: 2 });
  expect(written(parent)).toStrictEqual({ a: 1, b: 1 });
});

test("over() puts these on top of others, and gives the same answer for the same ones", () => {
  const above = bind({ b: 2 });
  const below = bind({ a: 1, b: 1 });
  const both = above.over(below);
  expect(written(both)).toStrictEqual({ a: 1, b: 2 });
  expect(above.over(below)).toBe(both);
  expect(written(above.over(bind({ z: 0 })))).toStrictEqual({ z: 0, b: 2 });
});

test("write() leaves out what the shape has, for each shape anew", () => {
  const bound = bind({ a: 1, b: 2 });
  expect(written(bound, shapeOf("b"))).toStrictEqual({ a: 1 });
  expect(written(bound, shapeOf("x"))).toStrictEqual({ a: 1, b: 2 });
  expect(written(bound, shapeOf("a", "b"))).toStrictEqual({});
});

test("writeExcept() leaves out what is taken", () => {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  expect(bind({ a: 1, b: 2, c: 3 }).writeExcept(encoder, (key) => key === "b")).toBe(2);
});

test("of() with limits cuts values and not keys; without limits it cuts nothing", () => {
  const limits = { ...DEFAULT_ENCODER_LIMITS, valueLengthMax: 2 };
  expect(written(bind({ tenant: "abcdef" }, { limits }))).toStrictEqual({ tenant: "ab" });
  expect(written(bind({ tenant: "abcdef" }))).toStrictEqual({ tenant: "abcdef" });
});

test("of() never throws: what a getter throws, and what is too large, becomes a mark; what has no keys has none", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const attributes = {
    get bad(): never {
      throw new Error("no");
    },
    huge: Buffer.alloc(20_000_000),
    fine: 1,
  };
  expect(written(bind(attributes))).toStrictEqual({ bad: "[Throws]", huge: "[Too large]", fine: 1 });
  expect(written(bind(proxy as Record<string, unknown>))).toStrictEqual({});
});

test("a key __proto__ is one like others", () => {
  const bound = bind(JSON.parse('{"__proto__": 1}') as Record<string, unknown>);
  expect(Object.entries(written(bound))).toStrictEqual([["__proto__", 1]]);
});
