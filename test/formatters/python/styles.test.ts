import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

import { parseBrace } from "../../../src/formatters/python/brace-style.ts";
import { parseDollar } from "../../../src/formatters/python/dollar-style.ts";
import { Float, plainText, type FieldValue } from "../../../src/formatters/python/field-value.ts";
import type { ParsedFormat } from "../../../src/formatters/python/format-piece.ts";
import { parsePercent } from "../../../src/formatters/python/percent-style.ts";

type GoldenValue = string | number | { readonly float: string };
type Row = readonly [format: string, value: GoldenValue, shown: string];

interface Golden {
  readonly percent: readonly Row[];
  readonly brace: readonly Row[];
  readonly refused: readonly (readonly [style: "%" | "{" | "$", format: string, isRefused: boolean])[];
}

/** Made by make-golden.py. */
const golden = JSON.parse(await readFile(new URL("golden.json", import.meta.url), "utf8")) as Golden;

function valueOf(value: GoldenValue): FieldValue {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : BigInt(value);
  if (typeof value === "string") return value;
  const words: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return new Float(words[value.float] ?? Number(value.float));
}

function render({ pieces }: ParsedFormat, value: FieldValue): string {
  return pieces
    .map((piece) => {
      if (piece.kind === "literal") return piece.text;
      return piece.show === undefined ? plainText(value) : piece.show(value);
    })
    .join("");
}

test.each([
  ["%", parsePercent, golden.percent],
  ["{", parseBrace, golden.brace],
] as const)("style %s shows values as Python does", (_style, parse, rows) => {
  const wrong = rows
    .map(([format, value, expected]) => ({
      format,
      value,
      expected,
      shown: render(parse(format), valueOf(value)),
    }))
    .filter(({ shown, expected }) => shown !== expected);
  expect(wrong).toEqual([]);
  expect(rows.length).toBeGreaterThan(300);
});

test("formats that Python refuses have faults", () => {
  const parsers = { "%": parsePercent, "{": parseBrace, $: parseDollar };
  const missed = golden.refused.filter(
    ([style, format, isRefused]) => isRefused && parsers[style](format).faults.length === 0,
  );
  expect(missed).toEqual([]);
});

test.each(["%(message)s 100%", "%(a", "%(message)", "%(message)y", "%(message)*d", "%(m)99999d"])(
  "parsePercent() finds fault with %s, which Python finds out with the first record",
  (format) => {
    expect(parsePercent(format).faults).not.toEqual([]);
  },
);

test("parseBrace() finds fault with fields inside of a specification, fields without a name and wide ones", () => {
  for (const format of [
    "{message:{width}}",
    "{} {message}",
    "{message:99999}",
    "{message!}",
    "{message:}}",
  ]) {
    expect(parseBrace(format).faults, format).not.toEqual([]);
  }
});

test("what is wrong with a format stands in its pieces as text", () => {
  expect(render(parsePercent("100% of %(x)s"), "a")).toBe("100% of a");
  expect(render(parseBrace("{x} } {y!q}"), "a")).toBe("a } {y!q}");
  expect(render(parseDollar("$x costs $ 5"), "a")).toBe("a costs $ 5");
});

test("a conversion of numbers shows a text as it is, in the width it gives", () => {
  expect(render(parsePercent("%(x)5d|%(x)-5.1f|"), "ab")).toBe("   ab|ab   |");
  expect(render(parseBrace("{x:>5d}|"), "ab")).toBe("   ab|");
  expect(render(parsePercent("%(x)d"), new Float(NaN))).toBe("nan");
});
