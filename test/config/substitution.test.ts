import * as fc from "fast-check";
import { expect, test } from "vitest";

import { resolvePlain, substitute } from "../../src/config/substitution.ts";

const ENVIRONMENT = { NAME: "shop", EMPTY: "", REFERENCE: "${NAME}", _X1: "x" };

/** The examples of the specification, and what stands between them. */
test.each([
  ["${NAME}", "shop"],
  ["${env:NAME}", "shop"],
  ["a ${NAME} b ${_X1}", "a shop b x"],
  ["${MISSING}", ""],
  ["${EMPTY}", ""],
  ["${MISSING:-fallback}", "fallback"],
  ["${EMPTY:-fallback}", "fallback"],
  ["${NAME:-fallback}", "shop"],
  ["${MISSING:-}", ""],
  ["${MISSING:-a:-b}", "a:-b"],
  ["${MISSING:-$${NAME}}", "$${NAME}"],
  ["$${NAME}", "${NAME}"],
  ["$$${NAME}", "$shop"],
  ["$$$${NAME}", "$${NAME}"],
  ["$NAME", "$NAME"],
  ["a $ b", "a $ b"],
  ["a $$ b", "a $ b"],
  ["${REFERENCE}", "${NAME}"],
])("substitute(%j) gives %j", (text, expected) => {
  expect(substitute(text, ENVIRONMENT)).toMatchObject({ ok: true, text: expected });
});

test.each([
  "${1X}",
  "${}",
  "${NAME",
  "${NAME:fallback}",
  "${NAME:?error}",
  "${sys:NAME}",
  "${a-b}",
  "a ${NAME\n}",
])("substitute(%j) is refused", (text) => {
  expect(substitute(text, ENVIRONMENT)).toMatchObject({
    ok: false,
    reference: expect.stringMatching(/^\$\{/),
  });
});

test("substitute() puts in whatever a variable holds, and does not look at it again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      fc.pre(value !== "");
      expect(substitute("<${V}>", { V: value })).toEqual({ ok: true, text: `<${value}>`, isChanged: true });
    }),
  );
});

test.each([
  ["", null],
  ["~", null],
  ["null", null],
  ["true", true],
  ["False", false],
  ["12", 12],
  ["-0", -0],
  ["0x1F", 31],
  ["0o17", 15],
  ["1.5e3", 1500],
  [".5", 0.5],
  ["-.inf", -Infinity],
  [".NaN", Number.NaN],
  ["yes", "yes"],
  ["1.2.3", "1.2.3"],
  ["{a: b}", "{a: b}"],
  ["[1]", "[1]"],
  ["a: b", "a: b"],
  ["x # y", "x # y"],
])("resolvePlain(%j) gives %j", (text, expected) => {
  expect(resolvePlain(text)).toBe(expected);
});
