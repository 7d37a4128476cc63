/** The record that all comparisons send, and the checksum by which they know that it has arrived. */
import { ROW_MASK, tables } from "../data.ts";

/** The text of every record: 17 characters. */
export const TEXT = "request completed";

/** Its attributes: an integer, a text of 13 characters, a boolean, a number with up to three decimals. */
export const KEYS = ["status", "path", "cached", "ms"] as const;

/** The name of its logger. */
export const LOGGER = "bench.decisions";

/** Severity number and text. */
export const SEVERITY = 9;
export const LEVEL = "INFO";

/** Attributes as an object: what a logger gets from its caller. */
export interface StandardAttributes {
  readonly status: number;
  readonly path: string;
  readonly cached: boolean;
  readonly ms: number;
}

/** The attributes of record `index`, a new object. */
export function attributesOf(index: number): StandardAttributes {
  const row = index & ROW_MASK;
  return {
    status: tables.int[row] as number,
    path: tables.text[row] as string,
    cached: tables.flag[row] as boolean,
    ms: tables.double[row] as number,
  };
}

/** A checksum over the values of records, in their order. Another order is another sum. */
export class Checksum {
  count = 0;
  #sum = 0;

  /** Takes the next record. Four parameters, not an object: this stands in the loops that are measured. */
  add(status: number, path: string, cached: boolean, ms: number): void {
    let sum = Math.imul(this.#sum, 31) + status;
    for (let i = 0; i < path.length; i++) sum = Math.imul(sum, 31) + path.charCodeAt(i);
    sum = Math.imul(sum, 31) + (cached ? 1 : 0);
    this.#sum = (Math.imul(sum, 31) + Math.round(ms * 1000)) | 0;
    this.count++;
  }

  /** The next record, as an object. */
  addAttributes({ status, path, cached, ms }: StandardAttributes): void {
    this.add(status, path, cached, ms);
  }

  /** Goes on where another sum is. */
  follow(other: Checksum): void {
    this.count = other.count;
    this.#sum = other.#sum;
  }

  /** Eight hexadecimal digits. */
  text(): string {
    return (this.#sum >>> 0).toString(16).padStart(8, "0");
  }
}

/** What a receiver says it has got. */
export interface Received {
  readonly count: number;
  readonly checksum: string;
}

/** The sum of records 0 to `count`, `count` not included, that somebody has received. @throws {Error} It is another. */
export function checkReceived(received: Received, count: number): string {
  const expected = new Checksum();
  for (let i = 0; i < count; i++) expected.addAttributes(attributesOf(i));
  if (received.count !== count || received.checksum !== expected.text()) {
    throw new Error(
      `${count} records were sent (${expected.text()}), ${received.count} have arrived (${received.checksum})`,
    );
  }
  return received.checksum;
}
