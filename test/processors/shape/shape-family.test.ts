import { expect, test } from "vitest";

import { createArena } from "../../../processors/queue/arena.ts";
import { takeThreadSlot } from "../../../processors/queue/threads.ts";
import { ShapeDictionary } from "../../../processors/shape/dictionary.ts";
import { ShapeFamily } from "../../../processors/shape/shape-family.ts";

function makeFamily(isRegistered?: boolean): {
  readonly dictionary: ShapeDictionary;
  readonly family: ShapeFamily;
} {
  const arena = createArena();
  const dictionary = new ShapeDictionary(arena, takeThreadSlot(arena));
  const scope = dictionary.defineScope({ name: "s" }, { attributes: {} });
  const fixed = {
    scope,
    severityNumber: 9,
    severityText: "INFO",
    body: "plain",
    template: "t",
    argumentCount: 2,
  } as const;
  return { dictionary, family: new ShapeFamily(dictionary, fixed, isRegistered) };
}

test("find() gives the same keys in the same order one shape, and remembers the last", () => {
  const { family, dictionary } = makeFamily();
  const shape = family.find(["a", "b"]);
  expect(shape?.keys).toStrictEqual(["a", "b"]);
  expect(family.find(["a", "b"])).toBe(shape);
  expect(family.last).toBe(shape);
  expect(family.find(["b", "a"])?.id).not.toBe(shape?.id);
  expect(family.find(["a", "b"])).toBe(shape);
  expect(family.last).toBe(shape);
  expect(dictionary.shapeCount).toBe(2);
});

test("find() keeps the keys that it was given, whatever becomes of the array", () => {
  const { family } = makeFamily();
  const keys = ["a"];
  const shape = family.find(keys);
  keys[0] = "changed";
  expect(family.find(["a"])).toBe(shape);
});

test("find() of no keys is the shape without keys, defined once", () => {
  const { family, dictionary } = makeFamily();
  expect(family.find([])).toBe(family.keyless());
  expect(family.keyless().keys).toStrictEqual([]);
  expect(dictionary.shapeCount).toBe(1);
});

test("find() knows eight sets of keys; further ones must be sent along", () => {
  const { family, dictionary } = makeFamily();
  for (let i = 0; i < 8; i++) expect(family.find([`k${i}`])?.id).toBe(i + 1);
  expect(family.find(["k8"])).toBeUndefined();
  expect(family.find(["k7"])?.id).toBe(8);
  expect(family.find([])?.id).toBe(9);
  expect(dictionary.shapeCount).toBe(9);
});

test("last is, at first, a shape that no attributes have", () => {
  const { family } = makeFamily();
  expect(family.last.keys).toHaveLength(1);
  expect(family.last.id).toBe(0);
});

test("a family that is not registered defines nothing", () => {
  const { family, dictionary } = makeFamily(false);
  expect(family.find(["a"])).toMatchObject({ id: 0, keys: ["a"] });
  expect(family.argumentCount).toBe(2);
  expect(dictionary.shapeCount).toBe(0);
});
