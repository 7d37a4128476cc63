import type { OutputBuffer } from "../../processors/shape/output.ts";

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const DIGITS_MAX = 24;
const SECONDS_MAX = 8_640_000_000_000;
const NANOS_MAX = 999_999_999;
const DECIMALS_SCALE = 1_000_000;
/** Decimals of up to 15 digits are told apart by a double, so the digits found are the shortest there are. */
const SCALED_MAX = 1e15;

/** "00" to "99": the tens in the low byte, so that a little-endian store puts them first. */
const DIGIT_PAIRS: Uint16Array = Uint16Array.from({ length: 100 }, (_, pair) => {
  return ((ZERO + (pair % 10)) << 8) | (ZERO + Math.floor(pair / 10));
});

/**
 * Writes a safe integer in decimal.
 * @param value -(2^53 - 1) to 2^53 - 1; -0 is written as 0.
 */
export function writeInteger(out: OutputBuffer, value: number): void {
  out.ensure(DIGITS_MAX);
  let rest = value;
  if (rest < 0) {
    out.bytes[out.at++] = MINUS;
    rest = -rest;
  }
  if (rest < 100_000_000) {
    writeSmall(out, rest);
    return;
  }
  const high = Math.floor(rest / 100_000_000);
  const low = rest - high * 100_000_000;
  writeSmall(out, high);
  const lowHigh = (low / 10_000) | 0;
  writeFour(out, lowHigh);
  writeFour(out, low - lowHigh * 10_000);
}

/** 0 to 99,999,999, without leading zeros. Room must be there. */
function writeSmall(out: OutputBuffer, value: number): void {
  const { bytes, view } = out;
  let rest = value;
  const end = out.at + digitCount(rest);
  let at = end;
  while (rest >= 100) {
    const quotient = (rest / 100) | 0;
    at -= 2;
    view.setUint16(at, DIGIT_PAIRS[rest - quotient * 100] as number, true);
    rest = quotient;
  }
  if (rest >= 10) view.setUint16(at - 2, DIGIT_PAIRS[rest] as number, true);
  else bytes[at - 1] = ZERO + rest;
  out.at = end;
}

function digitCount(value: number): number {
  if (value < 10_000) {
    if (value < 100) return value < 10 ? 1 : 2;
    return value < 1000 ? 3 : 4;
  }
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  return value < 10_000_000 ? 7 : 8;
}

/** 0 to 9999 with leading zeros. Room must be there. */
function writeFour(out: OutputBuffer, value: number): void {
  const high = (value / 100) | 0;
  out.view.setUint16(out.at, DIGIT_PAIRS[high] as number, true);
  out.view.setUint16(out.at + 2, DIGIT_PAIRS[value - high * 100] as number, true);
  out.at += 4;
}

/** Writes 0 to 999 as three digits. */
function writeThreeDigits(out: OutputBuffer, value: number): void {
  out.ensure(3);
  const hundreds = (value / 100) | 0;
  out.bytes[out.at] = ZERO + hundreds;
  out.view.setUint16(out.at + 1, DIGIT_PAIRS[value - hundreds * 100] as number, true);
  out.at += 3;
}

/** Writes 0 to 999,999 as six digits. */
function writeSixDigits(out: OutputBuffer, value: number): void {
  out.ensure(6);
  const high = (value / 10_000) | 0;
  out.view.setUint16(out.at, DIGIT_PAIRS[high] as number, true);
  out.at += 2;
  writeFour(out, value - high * 10_000);
}

/** Writes the microseconds of 0 to 999,999,999 nanoseconds as six digits. */
export function writeMicros(out: OutputBuffer, nanos: number): void {
  writeSixDigits(out, Math.floor(clampNanos(nanos) / 1000));
}

/** Writes the milliseconds of 0 to 999,999,999 nanoseconds as three digits. */
export function writeMillis(out: OutputBuffer, nanos: number): void {
  writeThreeDigits(out, Math.floor(clampNanos(nanos) / DECIMALS_SCALE));
}

/** A time that an application made up may hold anything. */
function clampNanos(nanos: number): number {
  return nanos <= NANOS_MAX ? nanos : NANOS_MAX;
}

/**
 * Writes a double as `String(value)` does, except for -0, which is "-0".
 * Up to six decimals take the fast way; NaN and the infinities are written as words.
 */
export function writeDouble(out: OutputBuffer, value: number): void {
  const scaled = Math.round(value * DECIMALS_SCALE);
  if (scaled / DECIMALS_SCALE !== value || scaled >= SCALED_MAX || scaled <= -SCALED_MAX || scaled === 0) {
    out.ascii(Object.is(value, -0) ? "-0" : String(value));
    return;
  }
  out.ensure(DIGITS_MAX);
  if (scaled < 0) out.bytes[out.at++] = MINUS;
  const positive = Math.abs(scaled);
  const whole = Math.floor(positive / DECIMALS_SCALE);
  writeInteger(out, whole);
  const decimals = positive - whole * DECIMALS_SCALE;
  if (decimals !== 0) writeDecimals(out, decimals);
}

/** Millionths, 1 to 999,999, without trailing zeros. Room must be there. */
function writeDecimals(out: OutputBuffer, millionths: number): void {
  out.bytes[out.at++] = POINT;
  const thousandths = (millionths / 1000) | 0;
  const rest = millionths - thousandths * 1000;
  if (rest === 0) {
    writeTrimmed(out, thousandths);
  } else {
    writeThreeDigits(out, thousandths);
    writeTrimmed(out, rest);
  }
}

/** 1 to 999 as three digits less the zeros at their end. Room must be there. */
function writeTrimmed(out: OutputBuffer, value: number): void {
  const hundreds = (value / 100) | 0;
  const rest = value - hundreds * 100;
  out.bytes[out.at++] = ZERO + hundreds;
  if (rest === 0) return;
  out.view.setUint16(out.at, DIGIT_PAIRS[rest] as number, true);
  out.at += rest % 10 === 0 ? 1 : 2;
}

/** Writes the int64 at `at` in decimal. */
export function writeInt64(out: OutputBuffer, view: DataView, at: number): void {
  const value = view.getInt32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true);
  if (Number.isSafeInteger(value)) writeInteger(out, value);
  else out.ascii(view.getBigInt64(at, true).toString());
}

/** Writes the big-endian uint64 at `at` in decimal. */
export function writeUint64(out: OutputBuffer, view: DataView, at: number): void {
  const value = view.getUint32(at, false) * 4_294_967_296 + view.getUint32(at + 4, false);
  if (Number.isSafeInteger(value)) writeInteger(out, value);
  else out.ascii(view.getBigUint64(at, false).toString());
}

/** Writes a time as one integer of nanoseconds since the epoch. */
export function writeEpochNanos(out: OutputBuffer, seconds: number, nanos: number): void {
  let wholeSeconds = clampSeconds(seconds);
  let rest = clampNanos(nanos);
  if (wholeSeconds < 0) {
    out.byte(MINUS);
    wholeSeconds = rest === 0 ? -wholeSeconds : -wholeSeconds - 1;
    rest = rest === 0 ? 0 : 1_000_000_000 - rest;
  }
  if (wholeSeconds === 0) {
    writeInteger(out, rest);
    return;
  }
  writeInteger(out, wholeSeconds);
  const millis = Math.floor(rest / DECIMALS_SCALE);
  writeThreeDigits(out, millis);
  writeSixDigits(out, rest - millis * DECIMALS_SCALE);
}

/** Writes a time as one integer of milliseconds since the epoch, rounded down. */
export function writeEpochMillis(out: OutputBuffer, seconds: number, nanos: number): void {
  writeInteger(out, clampSeconds(seconds) * 1000 + Math.floor(clampNanos(nanos) / DECIMALS_SCALE));
}

/** The nearest whole second that `Date` can hold; for what is no number the first of 1970. */
export function clampSeconds(seconds: number): number {
  if (!(Math.abs(seconds) <= SECONDS_MAX))
    return Number.isNaN(seconds) ? 0 : Math.sign(seconds) * SECONDS_MAX;
  return Math.floor(seconds);
}

const HEX_PAIRS: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, "0");
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
});

/** Writes bytes of a source as lower-case hexadecimal digits, two for each. */
export function writeHex(out: OutputBuffer, bytes: Buffer, from: number, length: number): void {
  out.ensure(length * 2);
  const target = out.view;
  let at = out.at;
  for (let i = from; i < from + length; i++, at += 2)
    target.setUint16(at, HEX_PAIRS[bytes[i] as number] as number, true);
  out.at = at;
}

/** Writes one byte, 0 to 255, as two hexadecimal digits. */
export function writeHexByte(out: OutputBuffer, value: number): void {
  out.ensure(2);
  out.view.setUint16(out.at, HEX_PAIRS[value & 0xff] as number, true);
  out.at += 2;
}
