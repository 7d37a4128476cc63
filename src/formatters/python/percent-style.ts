import { asciiText, numberIn, plainText, reprText, type FieldValue } from "./field-value.ts";
import type { FieldPiece, FormatPiece, ParsedFormat } from "./format-piece.ts";
import { infiniteText, integerOf, lengthOf, signText, writeFloat } from "./python-number.ts";

/** Widths and precisions beyond it would fill the memory. */
const WIDTH_MAX = 10_000;
const FIELD =
  /%(?:%|\((?<name>[^)]+)\)(?<flags>[#0+ -]*)(?<width>\d*)(?:\.(?<precision>\d*))?[hlL]?(?<type>[diouxXeEfFgGcrsa%]))/g;

interface PercentSpec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Takes a format apart in which `%(name)s` and the like stand for attributes, and `%%` for a percent sign. Pure. */
export function parsePercent(format: string): ParsedFormat {
  const pieces: FormatPiece[] = [];
  const faults: string[] = [];
  let at = 0;
  const addText = (text: string): void => {
    if (text.includes("%"))
      faults.push(`has a "%" that begins no field such as %(message)s in ${JSON.stringify(text)}`);
    pieces.push({ kind: "literal", text });
  };
  for (const match of format.matchAll(FIELD)) {
    if (match.index > at) addText(format.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[0] === "%%" || match.groups?.["type"] === "%") pieces.push({ kind: "literal", text: "%" });
    else pieces.push(makeField(match[0], match.groups as Record<string, string>, faults));
  }
  if (at < format.length) addText(format.slice(at));
  if (!pieces.some(({ kind }) => kind === "field")) faults.push("has no field such as %(message)s");
  return { pieces, faults };
}

function makeField(source: string, groups: Record<string, string | undefined>, faults: string[]): FieldPiece {
  const { name = "", flags = "", width = "", precision, type = "s" } = groups;
  const spec: PercentSpec = {
    flags,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
  if (spec.width > WIDTH_MAX || (spec.precision ?? 0) > WIDTH_MAX) {
    faults.push(`has a width or precision over ${WIDTH_MAX} in ${source}`);
    return { kind: "field", name, source, show: undefined };
  }
  const isPlain = type === "s" && flags === "" && width === "" && precision === undefined;
  return { kind: "field", name, source, show: isPlain ? undefined : (value) => showPercent(value, spec) };
}

/** A value in one conversion. What the conversion cannot show is shown as it is: no record is lost for it. */
function showPercent(value: FieldValue, spec: PercentSpec): string {
  const number = numberIn(value);
  if ("rsa".includes(spec.type)) return showText(value, spec);
  if (spec.type === "c")
    return pad(characterOf(value) ?? plainText(value), { ...spec, flags: textFlags(spec) });
  if (number === undefined) return showText(value, { ...spec, precision: undefined });
  return "diuoxX".includes(spec.type)
    ? (showInteger(number, spec) ?? showText(value, { ...spec, precision: undefined }))
    : showFloat(Number(number), spec);
}

function showText(value: FieldValue, spec: PercentSpec): string {
  let text = spec.type === "r" || spec.type === "a" ? reprText(value) : plainText(value);
  if (spec.type === "a") text = asciiText(text);
  const { precision } = spec;
  const cut = precision === undefined ? text : Array.from(text).slice(0, precision).join("");
  return pad(cut, { ...spec, flags: textFlags(spec) });
}

/** Zeros are for numbers. */
function textFlags({ flags }: PercentSpec): string {
  return flags.includes("-") ? "-" : "";
}

function characterOf(value: FieldValue): string | undefined {
  if (typeof value === "string") return value;
  const code = Number(numberIn(value));
  return Number.isInteger(code) && code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function showInteger(number: number | bigint, spec: PercentSpec): string | undefined {
  const integer = integerOf(number);
  if (integer === undefined) return undefined;
  const isNegative = integer < 0n;
  const size = isNegative ? -integer : integer;
  const radix = spec.type === "o" ? 8 : spec.type === "x" || spec.type === "X" ? 16 : 10;
  const digits = size.toString(radix).padStart(spec.precision ?? 0, "0");
  const prefix = spec.flags.includes("#") ? ({ o: "0o", x: "0x", X: "0X" }[spec.type] ?? "") : "";
  const text = spec.type === "X" ? digits.toUpperCase() : digits;
  return pad(text, spec, signText(isNegative, signFlag(spec)) + prefix);
}

function showFloat(number: number, spec: PercentSpec): string {
  const isNegative = number < 0 || Object.is(number, -0);
  const lowerType = spec.type.toLowerCase() as "e" | "f" | "g";
  const size = Math.abs(number);
  const form = { type: lowerType, precision: spec.precision, isAlternate: spec.flags.includes("#") };
  const text = infiniteText(size) ?? writeFloat(size, form);
  const cased = spec.type === lowerType ? text : text.toUpperCase();
  return pad(cased, spec, signText(isNegative, signFlag(spec)));
}

function signFlag({ flags }: PercentSpec): string {
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

/** @param sign What stands before zeros that fill the width. */
function pad(text: string, { flags, width }: PercentSpec, sign = ""): string {
  const missing = width - lengthOf(text) - sign.length;
  if (missing <= 0) return sign + text;
  if (flags.includes("-")) return sign + text + " ".repeat(missing);
  return flags.includes("0") ? sign + "0".repeat(missing) + text : " ".repeat(missing) + sign + text;
}
