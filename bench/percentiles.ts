/** How long something took, over many times. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Nearest rank, nothing interpolated. @throws {RangeError} There are no values. */
export function percentilesOf(values: Float64Array): Percentiles {
  if (values.length === 0) throw new RangeError("Cannot take percentiles: there are no values");
  const sorted = values.toSorted();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] as number;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
