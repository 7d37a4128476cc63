import {
  asciiText,
  Float,
  floatText,
  numberIn,
  plainText,
  reprText,
  type FieldValue,
} from "./field-value.ts";
import type { FieldPiece, FormatPiece, ParsedFormat } from "./format-piece.ts";
import {
  DECIMALS_MAX,
  exponentOf,
  infiniteText,
  integerOf,
  lengthOf,
  scientific,
  signText,
  writeFloat,
} from "./python-number.ts";

/** Widths and precisions beyond it would fill the memory. */
const WIDTH_MAX = 10_000;
const TOKEN = /\{\{|\}\}|\{(?<name>[^{}!:]*)(?:!(?<conversion>[^{}:]*))?(?::(?<spec>[^{}]*))?\}/g;
const SPEC =
  /^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[+ -])?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?(?:\.(?<precision>\d+))?(?<type>[bcdeEfFgGnosxX%])?$/su;

interface BraceSpec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: string | undefined;
  readonly precision: number | undefined;
  readonly type: string | undefined;
}

/** Takes a format apart in which `{name}`, `{name:>8}` and the like stand for attributes, `{{` for a brace. Pure. */
export function parseBrace(format: string): ParsedFormat {
  const pieces: FormatPiece[] = [];
  const faults: string[] = [];
  let at = 0;
  const addText = (text: string): void => {
    if (/[{}]/.test(text))
      faults.push(`has a brace that is no field such as {message} in ${JSON.stringify(text)}`);
    pieces.push({ kind: "literal", text });
  };
  for (const match of format.matchAll(TOKEN)) {
    if (match.index > at) addText(format.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[0] === "{{" || match[0] === "}}") pieces.push({ kind: "literal", text: match[0].charAt(0) });
    else pieces.push(makeField(match[0], match.groups as Record<string, string | undefined>, faults));
  }
  if (at < format.length) addText(format.slice(at));
  if (!pieces.some(({ kind }) => kind === "field")) faults.push("has no field such as {message}");
  return { pieces, faults };
}

function makeField(
  source: string,
  groups: Record<string, string | undefined>,
  faults: string[],
): FieldPiece | { readonly kind: "literal"; readonly text: string } {
  const { name = "", conversion, spec = "" } = groups;
  const parsed = parseSpec(spec);
  const isKnown = conversion === undefined || /^[rsa]$/.test(conversion);
  if (name === "" || !isKnown || parsed === undefined) {
    faults.push(`has a field that is wrong: ${source}`);
    return { kind: "literal", text: source };
  }
  const isPlain = spec === "" && (conversion === undefined || conversion === "s");
  const show = (value: FieldValue): string => showBrace(converted(value, conversion), parsed);
  return { kind: "field", name, source, show: isPlain ? undefined : show };
}

function parseSpec(spec: string): BraceSpec | undefined {
  const groups = SPEC.exec(spec)?.groups as Record<string, string | undefined> | undefined;
  if (groups === undefined) return undefined;
  const { fill, align, sign, alternate, zero, width, grouping, precision, type } = groups;
  if (Number(width ?? 0) > WIDTH_MAX || Number(precision ?? 0) > WIDTH_MAX) return undefined;
  return {
    fill: fill ?? (zero === undefined ? " " : "0"),
    align: align ?? (zero === undefined ? undefined : "="),
    sign: sign ?? "",
    isAlternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function converted(value: FieldValue, conversion: string | undefined): FieldValue {
  if (conversion === undefined) return value;
  if (conversion === "s") return plainText(value);
  return conversion === "a" ? asciiText(reprText(value)) : reprText(value);
}

/** A value in one specification. What it cannot show is shown as it is: no record is lost for it. */
function showBrace(value: FieldValue, spec: BraceSpec): string {
  const number = numberIn(value);
  const { type } = spec;
  if (number === undefined || type === "s") return showText(plainText(value), spec);
  if (type === "c") {
    const code = Number(number);
    const isCharacter = Number.isInteger(code) && code >= 0 && code <= 0x10ffff;
    return showText(isCharacter ? String.fromCodePoint(code) : plainText(value), spec);
  }
  const isWhole = !(value instanceof Float) && (type === undefined || "bdnoxX".includes(type));
  const shown = isWhole ? showInteger(number, spec) : undefined;
  return shown ?? showFloat(Number(number), spec);
}

function showText(text: string, spec: BraceSpec): string {
  const { precision } = spec;
  const cut = precision === undefined ? text : Array.from(text).slice(0, precision).join("");
  const align = spec.align === undefined || spec.align === "=" ? "<" : spec.align;
  return pad(cut, { ...spec, align });
}

const RADIXES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function showInteger(number: number | bigint, spec: BraceSpec): string | undefined {
  const integer = integerOf(number);
  if (integer === undefined) return undefined;
  const type = spec.type ?? "d";
  const digits = (integer < 0n ? -integer : integer).toString(RADIXES[type] ?? 10);
  const prefix = spec.isAlternate && type in RADIXES ? `0${type}` : "";
  const cased = type === "X" ? digits.toUpperCase() : digits;
  const sign = signText(integer < 0n, spec.sign) + prefix;
  return pad(group(cased, { spec, sign }), spec, sign);
}

function showFloat(number: number, spec: BraceSpec): string {
  const size = Math.abs(number);
  const sign = signText(number < 0 || Object.is(number, -0), spec.sign);
  const text = floatDigits(size, spec);
  const isUpper = spec.type === "E" || spec.type === "F" || spec.type === "G";
  return pad(group(isUpper ? text.toUpperCase() : text, { spec, sign }), spec, sign);
}

function floatDigits(size: number, { type, precision, isAlternate }: BraceSpec): string {
  const infinite = infiniteText(size);
  const suffix = type === "%" ? "%" : "";
  if (infinite !== undefined) return infinite + suffix;
  switch (type) {
    case "%":
      return `${writeFloat(size * 100, { type: "f", precision, isAlternate })}%`;
    case "e":
    case "E":
      return writeFloat(size, { type: "e", precision, isAlternate });
    case "f":
    case "F":
      return writeFloat(size, { type: "f", precision, isAlternate });
    case undefined:
      return precision === undefined ? floatText(size) : withDecimal(size, precision);
    default:
      return writeFloat(size, { type: "g", precision, isAlternate });
  }
}

/** As `g`, but a fixed notation has a digit behind the point, and begins one power of ten earlier to be an exponent. */
function withDecimal(size: number, precision: number): string {
  const digits = Math.max(precision, 1);
  const exponent = exponentOf(scientific(size, Math.min(digits - 1, DECIMALS_MAX)));
  const text = writeFloat(size, { type: "g", precision: digits, isAlternate: false });
  if (text.includes("e") || text.includes(".")) return text;
  return exponent === digits - 1
    ? writeFloat(size, { type: "e", precision: digits - 1, isAlternate: false }).replace(
        /\.0*e|(\.\d*[1-9])0+e/,
        "$1e",
      )
    : `${text}.0`;
}

interface GroupContext {
  readonly spec: BraceSpec;
  readonly sign: string;
}

/** Puts separators between the digits before the point; zeros that fill the width are grouped too, as Python does. */
function group(text: string, { spec, sign }: GroupContext): string {
  const { grouping } = spec;
  if (grouping === undefined) return text;
  const [, digits = "", rest = ""] = /^([0-9a-f]*)(.*)$/is.exec(text) ?? [];
  const size = spec.type !== undefined && spec.type in RADIXES ? 4 : 3;
  let grouped = separated(digits, size, grouping);
  if (spec.fill !== "0" || spec.align !== "=") return grouped + rest;
  let filled = digits;
  while (grouped.length + rest.length + sign.length < spec.width) {
    filled = `0${filled}`;
    grouped = separated(filled, size, grouping);
  }
  return grouped + rest;
}

function separated(digits: string, size: number, separator: string): string {
  const first = digits.length % size;
  const groups = first === 0 ? [] : [digits.slice(0, first)];
  for (let at = first; at < digits.length; at += size) groups.push(digits.slice(at, at + size));
  return groups.join(separator);
}

/** @param sign What stands before a fill that is inside of the number. */
function pad(text: string, { fill, align = ">", width }: BraceSpec, sign = ""): string {
  const missing = width - lengthOf(text) - sign.length;
  if (missing <= 0) return sign + text;
  switch (align) {
    case "<":
      return sign + text + fill.repeat(missing);
    case "=":
      return sign + fill.repeat(missing) + text;
    case "^": {
      const before = Math.floor(missing / 2);
      return fill.repeat(before) + sign + text + fill.repeat(missing - before);
    }
    default:
      return fill.repeat(missing) + sign + text;
  }
}
