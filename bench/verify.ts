/** Checks that what was logged has arrived: all of it, once, in order, with its values. */
import { closeSync, openSync, readSync } from "node:fs";

import { ROW_MASK, tables } from "./data.ts";
import type { Site } from "./sites.ts";

/** Of so many records one is looked at closely. A prime: the stride walks through all rows and call sites. */
export const SAMPLE_STRIDE = 997;
const NEWLINE = 10;
const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/** A record as it came out at the other end. */
export interface ReceivedRecord {
  readonly message: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Reads one line of a logger's file. */
export type LineReader = (line: string) => ReceivedRecord;

/** Takes what has arrived record by record, and says in the end whether that was all. */
export class Verification {
  readonly #sites: readonly Site[];
  #count = 0;
  #checksum = FNV_OFFSET;

  constructor(sites: readonly Site[]) {
    this.#sites = sites;
  }

  /** True when the next record must be given in full. */
  get isSampleNext(): boolean {
    return this.#count % SAMPLE_STRIDE === 0;
  }

  /** Counts a record without looking at it. */
  skip(): void {
    this.#count++;
  }

  /** Counts a record and compares it. @throws {Error} It is not the one that was logged at this place. */
  take(record: ReceivedRecord): void {
    const index = this.#count++;
    const site = this.#sites[index % this.#sites.length] as Site;
    this.#compare(index, { name: "message", received: record.message, expected: site.text });
    for (const { key, kind } of site.attributes) {
      const expected = tables[kind][index & ROW_MASK];
      this.#compare(index, { name: key, received: record.attributes[key], expected });
    }
  }

  /**
   * @param logged How many records were logged.
   * @returns Checksum of the values that were compared.
   * @throws {Error} More or fewer have arrived.
   */
  finish(logged: number): string {
    if (this.#count !== logged) throw new Error(`${logged} records were logged, ${this.#count} have arrived`);
    return (this.#checksum >>> 0).toString(16).padStart(8, "0");
  }

  #compare(
    index: number,
    value: { readonly name: string; readonly received: unknown; readonly expected: unknown },
  ): void {
    const { name, received, expected } = value;
    if (received !== expected) {
      const [is, must] = [received, expected].map((one) => JSON.stringify(one));
      throw new Error(`Record ${index}: "${name}" is ${is}, must be ${must}`);
    }
    for (const character of String(received)) {
      this.#checksum = Math.imul(this.#checksum ^ (character.codePointAt(0) as number), FNV_PRIME);
    }
  }
}

/** Bytes that are read at once. */
const CHUNK_BYTES = 1_048_576;

/** Calls back for each line of a file, its end not included. @throws {Error} The file ends in the middle of a line. */
export function forEachLine(path: string, take: (line: Buffer) => void): void {
  const descriptor = openSync(path, "r");
  try {
    let rest: Buffer = Buffer.alloc(0);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let count = readSync(descriptor, chunk); count > 0; count = readSync(descriptor, chunk)) {
      rest = takeLines(
        rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]),
        take,
      );
    }
    if (rest.length > 0) throw new Error(`${path} ends in the middle of a line`);
  } finally {
    closeSync(descriptor);
  }
}

/** @returns A copy of what is behind the last end of a line. */
function takeLines(bytes: Buffer, take: (line: Buffer) => void): Buffer {
  let begin = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
    take(bytes.subarray(begin, end));
    begin = end + 1;
  }
  return Buffer.from(bytes.subarray(begin));
}

/**
 * Reads a file of lines: counts all, parses and compares one in 997.
 *
 * @param expected `missingCount`: records before the first line that are not looked for; 0 by default.
 * @returns Checksum of the values that were compared.
 * @throws {Error} There are not `logged` lines, or one is not what it must be.
 */
export function verifyLines(
  path: string,
  expected: {
    readonly logged: number;
    readonly sites: readonly Site[];
    readonly readLine: LineReader;
    readonly missingCount?: number;
  },
): string {
  const verification = new Verification(expected.sites);
  for (let missing = expected.missingCount ?? 0; missing > 0; missing--) verification.skip();
  forEachLine(path, (line) => {
    if (verification.isSampleNext) verification.take(expected.readLine(line.toString("utf8")));
    else verification.skip();
  });
  return verification.finish(expected.logged);
}
