/** What the benchmarks log: the same records, in the same order, in each run and by each logger. */

const SEED = 0x5eed_1e57;
/** Rows of the tables, a power of two. */
const ROW_COUNT = 1024;
const TEXT_LENGTH = 13;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789/-";

/** Index of the row that record `i` takes its values from: `i & ROW_MASK`. */
export const ROW_MASK: number = ROW_COUNT - 1;

/** Attribute values by kind; each table has `ROW_MASK + 1` rows. */
export interface Tables {
  /** 0 to 99,999. */
  readonly int: readonly number[];
  /** 13 characters of ASCII, nothing to escape in JSON. */
  readonly text: readonly string[];
  readonly flag: readonly boolean[];
  /** 0 to 1,000, in thousandths: a duration in milliseconds. Few are whole numbers. */
  readonly double: readonly number[];
}

/** A kind of attribute value. */
export type Kind = keyof Tables;

/** Uniform numbers from 0 to 1 (exclusive), the same ones for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same items in an order that the numbers decide. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

function makeTables(): Tables {
  const random = randomNumbers(SEED);
  const rows = Array.from({ length: ROW_COUNT });
  return {
    int: rows.map(() => Math.floor(random() * 100_000)),
    text: rows.map(() => makeText(random, TEXT_LENGTH)),
    flag: rows.map(() => random() < 0.5),
    double: rows.map(() => Math.floor(random() * 1_000_000) / 1000),
  };
}

/**
 * A text of `length` characters of ASCII, nothing to escape in JSON. By way of bytes: a text put together by `+` would be a tree of
 * pieces, which the first logger to read it flattens.
 */
export function makeText(random: () => number, length: number): string {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = ALPHABET.charCodeAt(Math.floor(random() * ALPHABET.length));
  return bytes.toString("latin1");
}

/** The values of all benchmarks. */
export const tables: Tables = makeTables();
