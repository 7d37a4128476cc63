/** Compares what arrived somewhere with what was logged, record by record. */
import { inspect, isDeepStrictEqual } from "node:util";
import type { ComparedRecord } from "./expected-record.ts";

/** Differences that are put into words; all are counted. */
const DESCRIBED_COUNT_MAX = 3;

/** What a comparison found. */
export interface ComparisonResult {
  /** Records that are there, once, and equal what was logged. */
  readonly identicalCount: number;
  /** Records that differ, are missing, are there twice, or were never logged. */
  readonly differenceCount: number;
  /** The first few differences, in words. */
  readonly descriptions: readonly string[];
}

/** Takes records as they arrive, in any order. */
export class Comparison {
  readonly #expected: (seq: number) => ComparedRecord | undefined;
  readonly #isSeen: boolean[] = [];
  readonly #descriptions: string[] = [];
  #identicalCount = 0;
  #differenceCount = 0;

  /** @param expected The record of a number; undefined where none was logged. */
  constructor(expected: (seq: number) => ComparedRecord | undefined) {
    this.#expected = expected;
  }

  /** Takes one that arrived: its number is the attribute `seq`. */
  add(arrived: ComparedRecord): void {
    const seq = Number(arrived.attributes["seq"]);
    const expected = this.#expected(seq);
    if (expected === undefined) {
      this.#addDifference(`never logged: ${inspect(arrived, { depth: 4 })}`);
    } else if (this.#isSeen[seq] === true) {
      this.#addDifference(`record ${seq} is there twice`);
    } else {
      this.#isSeen[seq] = true;
      if (isDeepStrictEqual(arrived, expected)) this.#identicalCount += 1;
      else this.#addDifference(`record ${seq} differs: ${describeDifference(arrived, expected)}`);
    }
  }

  /** Takes something that cannot be read as a record. */
  addUnreadable(text: string): void {
    this.#addDifference(`not a record: ${inspect(text)}`);
  }

  /** The result, once all that arrived was added. @param expectedCount Records that must have arrived. */
  finish(expectedCount: number): ComparisonResult {
    for (let seq = 0; seq < expectedCount; seq++) {
      if (this.#isSeen[seq] !== true)
        this.#addDifference(`record ${seq} is missing: ${inspect(this.#expected(seq))}`);
    }
    return {
      identicalCount: this.#identicalCount,
      differenceCount: this.#differenceCount,
      descriptions: this.#descriptions,
    };
  }

  #addDifference(description: string): void {
    this.#differenceCount += 1;
    if (this.#descriptions.length < DESCRIBED_COUNT_MAX) this.#descriptions.push(description);
  }
}

/** The fields that are not the same, those of the attributes one by one. */
function describeDifference(arrived: ComparedRecord, expected: ComparedRecord): string {
  const [is, must] = [arrived, expected].map(({ attributes, ...fields }) => ({ ...fields, ...attributes }));
  const names = [...new Set([...Object.keys(is ?? {}), ...Object.keys(must ?? {})])];
  return names
    .map((name) => ({ name, is: fieldOf(is, name), must: fieldOf(must, name) }))
    .filter((field) => !isDeepStrictEqual(field.is, field.must))
    .map((field) => `"${field.name}" is ${inspect(field.is)}, must be ${inspect(field.must)}`)
    .join("; ");
}

function fieldOf(fields: object | undefined, name: string): unknown {
  return (fields as Readonly<Record<string, unknown>> | undefined)?.[name];
}
