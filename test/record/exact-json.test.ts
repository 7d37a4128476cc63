import { expect, test } from "vitest";
import * as fc from "fast-check";

import { parseExactJson } from "../../src/record/exact-json.ts";

test.for<[text: string, value: unknown]>([
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["1152921504606847000", 1152921504606847000],
  ["1152921504606846976", 1152921504606846976n],
  ["100000000000000000000", 100000000000000000000],
  ["123456789012345678901", "123456789012345678901"],
  ["-0", -0],
  ["1e400", "1e400"],
  ["-1E+400", "-1E+400"],
  ["1.5e300", 1.5e300],
  ["1234567890123456.5", 1234567890123456.5],
  ["0.1234567890123456789", 0.12345678901234568],
])("parseExactJson() makes of the number %s what loses no digit", ([text, value]) => {
  expect(parseExactJson(`{"a":[${text}]}`)).toEqual({ a: [value] });
});

test("parseExactJson() leaves strings that look like long numbers alone", () => {
  expect(parseExactJson('{"a":":1234567890123456789","b":"1e999"}')).toEqual({
    a: ":1234567890123456789",
    b: "1e999",
  });
});

test("parseExactJson() takes the last of equal keys, and __proto__ as a key like any other", () => {
  const parsed = parseExactJson('{"a":1,"__proto__":{"b":9007199254740993},"a":2}') as object;
  expect(Object.entries(parsed)).toEqual([
    ["a", 2],
    ["__proto__", { b: 9007199254740993n }],
  ]);
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
});

test("parseExactJson() reads values that are deeper than a reviver can go", () => {
  const depth = 100_000;
  const parsed = parseExactJson(`${"[".repeat(depth)}12345678901234567890${"]".repeat(depth)}`);
  expect(Array.isArray(parsed)).toBe(true);
});

test("parseExactJson() throws SyntaxError on what is no JSON", () => {
  expect(() => parseExactJson('{"a":1234567890123456789')).toThrow(SyntaxError);
});

test("parseExactJson() says of what JSON.stringify() has written the same as JSON.parse()", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parseExactJson(text)).toEqual(JSON.parse(text));
    }),
  );
});
