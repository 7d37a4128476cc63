// How much of a record is kept. What goes beyond is cut or counted, never an error of the caller.

/**
 * Bounds of one record. `Infinity` is no bound.
 *
 * @see Common concepts v1.60.0, Attribute Limits
 */
export interface RecordLimits {
  /** Attributes kept, at the top level; what comes later is counted in `droppedAttributesCount`. */
  readonly attributeCountLimit: number;
  /** UTF-16 units of a string and bytes of a byte array kept, inside arrays and maps too. */
  readonly attributeValueLengthLimit: number;
  /** Levels of arrays and maps kept: 1 is a plain value, 2 an array or map of plain values. */
  readonly attributeDepthLimit: number;
  /** Bytes of the encoded body kept. Without it only the bound of the whole record holds. */
  readonly bodyBytes: number;
}

/** Limits as people give them: what is missing has its default, `null` is no limit. */
export type RecordLimitsOptions = { readonly [K in keyof RecordLimits]?: number | null | undefined };

/** The defaults: 128 attributes, values of any length, 64 levels. */
export const defaultLimits: RecordLimits = Object.freeze({
  attributeCountLimit: 128,
  attributeValueLengthLimit: Infinity,
  attributeDepthLimit: 64,
  bodyBytes: Infinity,
});

/** The least that makes sense: 0 keeps nothing, but a value has always one level. */
const least: RecordLimits = {
  attributeCountLimit: 0,
  attributeValueLengthLimit: 0,
  attributeDepthLimit: 1,
  bodyBytes: 0,
};

/**
 * Checks limits and fills in the defaults. Pure. Takes the `LogRecordLimits` of the OpenTelemetry SDK too.
 *
 * @param options Integers from 0 (`attributeDepthLimit`: from 1), or `Infinity`, or `null` for no limit.
 * @throws {RangeError} A limit is no integer or too small; names it and what it must be.
 * @see Common concepts v1.60.0, Configurable Parameters
 */
export function resolveLimits(options: RecordLimitsOptions = {}): RecordLimits {
  return {
    attributeCountLimit: resolve("attributeCountLimit", options),
    attributeValueLengthLimit: resolve("attributeValueLengthLimit", options),
    attributeDepthLimit: resolve("attributeDepthLimit", options),
    bodyBytes: resolve("bodyBytes", options),
  };
}

function resolve(name: keyof RecordLimits, options: RecordLimitsOptions): number {
  const value: unknown = options[name];
  if (value === undefined) return defaultLimits[name];
  if (value === null || value === Infinity) return Infinity;
  if (typeof value === "number" && Number.isInteger(value) && value >= least[name]) return value;
  throw new RangeError(
    `Cannot set limits of records: "${name}" is ${describe(value)}, must be an integer of at least ${least[name]},` +
      ` or null for no limit; leave it out for ${defaultLimits[name]} (CONFIG.md#${name.toLowerCase()})`,
  );
}

function describe(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}
