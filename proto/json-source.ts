/** OTLP/JSON text to plain JavaScript values, within bounds and with every digit of an integer. */
import { DecodeError, elementCountMax } from "./decode-error.ts";

/** An integer outside of quotes with so many digits that a double may not hold it. Senders should quote those. */
const longIntegerText: RegExp = /[:,[\s]-?\d{16}/;
const integerText: RegExp = /^-?\d{1,40}$/;

/** What V8 hands to a reviver beside the value; the library's types do not know of it yet. */
interface ReviverContext {
  /** The text of a number, string, boolean or null; undefined for objects and arrays. */
  readonly source?: string;
}

type Reviver = (key: string, value: unknown, context: ReviverContext) => unknown;

const parseWith = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/** Gives integers that a double does not hold exactly as bigint. */
const keepDigits: Reviver = (_key, value, { source }) => {
  const isInexact = typeof value === "number" && !Number.isSafeInteger(value);
  return isInexact && source !== undefined && integerText.test(source) ? BigInt(source) : value;
};

/**
 * Parses the text of an OTLP/JSON message. Any thread; synchronous.
 *
 * @param source The text, or its UTF-8 bytes.
 * @returns The value. Integers beyond 2^53 are bigint when they came as a number.
 * @throws {DecodeError} `malformed`: not UTF-8 or not JSON; `too_large`: more objects and arrays than
 *   {@link elementCountMax}.
 * @see OTLP 1.11.0, JSON Protobuf Encoding
 */
export function parseJson(source: string | Uint8Array): unknown {
  const text = typeof source === "string" ? source : decodeUtf8(source);
  refuseTooMany(text);
  try {
    return longIntegerText.test(text) ? parseWith(text, keepDigits) : parseWith(text);
  } catch (cause) {
    // Not only a SyntaxError: a reviver is called recursively and runs out of stack on a deep document.
    throw notJson(cause);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notJson(cause);
  }
}

/** Counts what opens an object or an array: `{}` is two bytes of text, but dozens in memory. */
function refuseTooMany(text: string): void {
  if (text.length <= elementCountMax) return;
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    // "[" is 0x5b and "{" is 0x7b. Those inside of strings count too: the bound is far above what a sender needs.
    if ((text.charCodeAt(index) | 0x20) === 0x7b) count += 1;
  }
  if (count <= elementCountMax) return;
  throw new DecodeError(
    `Cannot decode OTLP/JSON logs: more than ${elementCountMax} objects and arrays; send smaller batches`,
    { failure: "too_large" },
  );
}

function notJson(cause: unknown): DecodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DecodeError(`Cannot decode OTLP/JSON logs: ${reason}; it must be JSON in UTF-8`, { cause });
}
