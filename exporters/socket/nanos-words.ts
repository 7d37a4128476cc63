import { clampSeconds } from "../../src/formatters/numbers.ts";

const NANOS_PER_SECOND = 1_000_000_000n;
const WORD = 4_294_967_296;
/** Seconds whose nanoseconds are below 2^64. */
const SECONDS_END = 18_446_744_073;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/**
 * Nanoseconds since 1970 as two words of 32 bits, exactly. Multiplies once a second and not once a record. One renderer's
 * own: `split`, then read `high` and `low`.
 */
export class NanosWords {
  /** The upper 32 bits. */
  high = 0;
  /** The lower 32 bits. */
  low = 0;
  #seconds = 0;
  #baseHigh = 0;
  #baseLow = 0;

  /**
   * Splits a time.
   *
   * @param nanos 0 to 999,999,999.
   * @returns False for a time before 1970 or after 2554: see `nanosBeyond`.
   */
  split(seconds: number, nanos: number): boolean {
    if (!(seconds >= 0 && seconds < SECONDS_END)) return false;
    if (seconds !== this.#seconds) this.#begin(seconds);
    const low = this.#baseLow + nanos;
    const carry = low >= WORD ? 1 : 0;
    this.low = low - carry * WORD;
    this.high = this.#baseHigh + carry;
    return true;
  }

  #begin(seconds: number): void {
    const base = BigInt(Math.trunc(seconds)) * NANOS_PER_SECOND;
    this.#seconds = seconds;
    this.#baseHigh = Number(base >> 32n);
    this.#baseLow = Number(base & 0xffff_ffffn);
  }
}

/** A time that `NanosWords` does not split: the nearest that 64 bits hold. */
export function nanosBeyond(seconds: number, nanos: number): bigint {
  const exact = BigInt(Math.trunc(clampSeconds(seconds))) * NANOS_PER_SECOND + BigInt(nanos);
  if (exact < INT64_MIN) return INT64_MIN;
  return exact > UINT64_MAX ? UINT64_MAX : exact;
}
