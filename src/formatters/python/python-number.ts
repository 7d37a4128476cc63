/** Numbers as text in the conversions that Python's two ways of formatting have in common. Signs are the caller's. */
import { exponentText } from "./field-value.ts";

/** Decimals that are computed beyond those asked for, to tell a half from what is nearly one. */
const MORE_DECIMALS = 30;
/** Decimals that are computed at most. */
export const DECIMALS_MAX = 100;
/** From here on `toFixed` writes an exponent. */
const FIXED_MAX = 1e21;
const DEFAULT_PRECISION = 6;

/** How a float is to be written. */
export interface FloatForm {
  readonly type: "e" | "f" | "g";
  readonly precision: number | undefined;
  /** `#`: the point stays, and with `g` the zeros too. */
  readonly isAlternate: boolean;
}

/** A number that is not negative, without sign; "inf" and "nan" are the caller's. */
export function writeFloat(value: number, { type, precision, isAlternate }: FloatForm): string {
  const digits = Math.min(precision ?? DEFAULT_PRECISION, DECIMALS_MAX);
  if (type === "f") return withPoint(fixed(value, digits), isAlternate);
  if (type === "e") return withPoint(exponentText(scientific(value, digits)), isAlternate);
  return general(value, Math.max(digits, 1), isAlternate);
}

/** Rounds halves to even, as C does; `toFixed` rounds them up. */
function fixed(value: number, decimals: number): string {
  if (value >= FIXED_MAX) return BigInt(value).toString() + (decimals > 0 ? `.${"0".repeat(decimals)}` : "");
  const rounded = value.toFixed(decimals);
  if (decimals + MORE_DECIMALS > DECIMALS_MAX) return rounded;
  const exact = value.toFixed(decimals + MORE_DECIMALS);
  const isHalf = /^50*$/.test(exact.slice(-MORE_DECIMALS));
  if (!isHalf) return rounded;
  const down = exact.slice(0, -MORE_DECIMALS).replace(/\.$/, "");
  return Number(down.at(-1)) % 2 === 0 ? down : rounded;
}

/** `toExponential` with halves rounded to even. */
export function scientific(value: number, decimals: number): string {
  const rounded = value.toExponential(decimals);
  if (decimals + MORE_DECIMALS > DECIMALS_MAX) return rounded;
  const [digits = "", exponent] = value.toExponential(decimals + MORE_DECIMALS).split("e");
  if (!/^50*$/.test(digits.slice(-MORE_DECIMALS))) return rounded;
  const down = digits.slice(0, -MORE_DECIMALS).replace(/\.$/, "");
  return Number(down.at(-1)) % 2 === 0 ? `${down}e${exponent}` : rounded;
}

/** The power of ten of a number in scientific notation. */
export function exponentOf(text: string): number {
  return Number(text.slice(text.indexOf("e") + 1));
}

/** The shorter of the two others, by the exponent. */
function general(value: number, digits: number, isAlternate: boolean): string {
  const short = scientific(value, digits - 1);
  const exponent = exponentOf(short);
  const isFixed = exponent >= -4 && exponent < digits;
  const text = isFixed ? fixed(value, digits - 1 - exponent) : exponentText(short);
  return isAlternate ? withPoint(text, true) : withoutZeros(text);
}

function withoutZeros(text: string): string {
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

function withPoint(text: string, isAlternate: boolean): string {
  if (!isAlternate || text.includes(".")) return text;
  const [mantissa, exponent] = text.split("e");
  return exponent === undefined ? `${mantissa}.` : `${mantissa}.e${exponent}`;
}

/** The integer of a number, towards zero. Undefined for NaN and the infinities. */
export function integerOf(value: number | bigint): bigint | undefined {
  if (typeof value === "bigint") return value;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}

/** "inf" or "nan"; undefined for numbers that have digits. */
export function infiniteText(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? "nan" : "inf";
}

/** "+", "-", " " or nothing. */
export function signText(isNegative: boolean, sign: string): string {
  if (isNegative) return "-";
  return sign === "+" || sign === " " ? sign : "";
}

/** Code points of a text: what Python counts. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
