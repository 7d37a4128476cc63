// JSON in which other loggers write more than a double holds: bigints as bare numbers.

/** A number that may lose digits as a double: 16 digits or more, or an exponent of three. Strings may look so: that costs time only. */
const LONG_NUMBER = /[:,[]\s*-?(?:\d{16}|\d+(?:\.\d+)?[eE]\+?\d{3})/;
/** Integers beyond it are outside of 64 bits, and stay text. */
const INT64_DIGITS_MAX = 19;

/**
 * `JSON.parse` that loses no digit: an integer that is no double as it stands is a bigint, one beyond 64 bits and a number beyond all doubles
 * is its own text. The last of two equal keys wins, `__proto__` is a key like any other.
 *
 * @throws {SyntaxError} `text` is no JSON.
 */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? parseExactly(text) : JSON.parse(text);
}

interface ReviverContext {
  /** The number as it was written. Since Node 21; the types do not have it yet. */
  readonly source?: string;
}

function parseExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  const parse = JSON.parse as (
    text: string,
    reviver: (key: string, value: unknown, context: ReviverContext) => unknown,
  ) => unknown;
  try {
    return parse(text, (_key, value, { source }) =>
      typeof value === "number" && source !== undefined ? exactNumber(value, source) : value,
    );
  } catch {
    // Deeper than a reviver can go.
    return parsed;
  }
}

function exactNumber(value: number, source: string): number | bigint | string {
  if (!Number.isFinite(value)) return source;
  const isExact = Number.isSafeInteger(value) || String(value) === source || /[.eE]/.test(source);
  if (isExact) return value;
  return source.replace("-", "").length > INT64_DIGITS_MAX ? source : BigInt(source);
}
