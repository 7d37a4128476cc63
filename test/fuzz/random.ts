/** Random numbers by a seed: the same sequence in each run, fast enough for millions of values. */
import * as fc from "fast-check";

const UINT32_COUNT = 4_294_967_296;

/** The seed of this run: that of `test/support/property-seed.ts`, or with `PROPERTY_SEED=random` one of its own. */
export const fuzzSeed: number = fc.readConfigureGlobal()?.seed ?? Math.floor(Math.random() * UINT32_COUNT);

/** Draws from one sequence. */
export class Random {
  #state: number;

  /** @param seed Any integer; its low 32 bits count. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** An integer from 0 to 2^32 - 1 (mulberry32). */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An integer from 0 to `limit` - 1; `limit` is at most 2^32. */
  below(limit: number): number {
    return Math.floor((this.uint32() / UINT32_COUNT) * limit);
  }

  /** An integer, both bounds allowed; they lie less than 2^32 apart. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `share` of all cases, 0 to 1. */
  isChosen(share: number): boolean {
    return this.uint32() < share * UINT32_COUNT;
  }

  /** One of `choices`, of which there is at least one. */
  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.below(choices.length)] as Choice;
  }

  /** 64 random bits. */
  bits64(): bigint {
    return (BigInt(this.uint32()) << 32n) | BigInt(this.uint32());
  }

  /** Lower-case hex digits, never all zero. */
  hex(byteCount: number): string {
    let digits = "1";
    while (digits.length < 2 * byteCount) digits += this.uint32().toString(16);
    return digits.slice(0, 2 * byteCount);
  }
}
