/** Records that came, put in the order in which they were given. */
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

import type { DecodedLogRecord } from "../../proto/model.ts";
import { indexOfNanos, INDEX_KEY } from "./given.ts";
import { fuzzSeed } from "./random.ts";

const NANOS_A_SECOND = 1_000_000_000n;

/** Which record of the sequence this is: calls say it in an attribute, emitted records in their time. */
function indexOf({ timeUnixNano, attributes }: DecodedLogRecord): number {
  return Number(attributes.get(INDEX_KEY) ?? indexOfNanos(Number(timeUnixNano % NANOS_A_SECOND)));
}

/** A queue holds the observed time as milliseconds in a float: whole microseconds survive it. */
export function toMicros(nanos: bigint): bigint {
  return ((nanos + 500n) / 1_000n) * 1_000n;
}

/** By their number in the sequence, observed times to the microsecond. @throws {Error} One came twice. */
export function byIndex(records: readonly DecodedLogRecord[]): Map<number, DecodedLogRecord> {
  const rounded = records.map((record) => ({
    ...record,
    observedTimeUnixNano: toMicros(record.observedTimeUnixNano),
  }));
  const found = new Map(rounded.map((record) => [indexOf(record), record]));
  if (found.size !== records.length) throw new Error(`${records.length - found.size} records came twice`);
  return found;
}

/**
 * Compares two records, every bit of every double included.
 *
 * @param what Names the record in the failure, with the seed by which it comes again.
 */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual, `${what}, PROPERTY_SEED=${fuzzSeed}`).toStrictEqual(expected);
  // Where the matchers of the test runner see no difference.
  expect.fail(`${what}, PROPERTY_SEED=${fuzzSeed}: different`);
}
