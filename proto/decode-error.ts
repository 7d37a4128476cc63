/**
 * Arrays and maps inside of each other that a decoder follows, the outermost value being level 1. Twice of what a
 * sender may produce by default (Logs SDK v1.60.0, `AttributeValueDepthLimit` 64).
 */
export const valueDepthMax = 128;

/**
 * Messages, respectively JSON objects and arrays, in one request. An empty one costs two bytes on the wire and a
 * hundred and more in memory, so a bound of the bytes alone would not bound the memory.
 */
export const elementCountMax = 2_000_000;

/** Why a decoder refused: `malformed` is not OTLP; `too_large` has more elements than {@link elementCountMax}. */
export type DecodeFailure = "malformed" | "too_large";

/** The bytes given to a decoder are not what they must be. The message names the place and what was expected there. */
export class DecodeError extends Error {
  static {
    this.prototype.name = "DecodeError";
  }

  /** For branching: never changes. */
  readonly code = "ERR_FEMTO_DECODE";
  readonly failure: DecodeFailure;

  /**
   * @param message What could not be decoded, what it is, what it must be.
   * @param options `failure`, `malformed` when absent; `cause`: the error of the parser.
   */
  constructor(message: string, options?: ErrorOptions & { readonly failure?: DecodeFailure }) {
    super(message, options);
    this.failure = options?.failure ?? "malformed";
  }
}

/** Makes the error for a key that comes twice in one list, the second time at `place`, where that is not tolerated. */
export function duplicateKeyError(key: string, place: string): DecodeError {
  return new DecodeError(
    `Cannot decode OTLP logs: key ${quoteShort(key)} comes twice in one list, again at ${place}, must be unique`,
  );
}

const shownUnitsMax = 60;

/** Quotes a text of the sender for a message: on one line, cut when long. */
export function quoteShort(text: string): string {
  return JSON.stringify(text.length > shownUnitsMax ? `${text.slice(0, shownUnitsMax)}…` : text);
}
