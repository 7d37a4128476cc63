/** What a destination of the scenarios is, and what several of them need. */
import { join } from "node:path";

import type { FemtoHandler } from "femtologging";

import { forEachLine, SAMPLE_STRIDE } from "../verify.ts";
import type { LineCheck } from "./messages.ts";

/** Handlers of one kind, open. */
export interface Destination {
  readonly handlers: readonly FemtoHandler[];
  /**
   * Checks what has arrived, once the handlers are shut down.
   *
   * @param expected Records that each handler must have delivered, and what they must be like.
   * @throws {Error} There are more or fewer, or one is none of those that were logged.
   */
  readonly verify: (expected: ExpectedRecords) => Promise<void>;
}

/** What must have arrived at each handler. */
export interface ExpectedRecords {
  readonly count: number;
  readonly lines: LineCheck;
}

/** How many handlers, and a directory for what they need. */
export interface DestinationPlace {
  readonly directory: string;
  readonly handlerCount: number;
}

/** A kind of handler. */
export interface DestinationKind {
  readonly settings: string;
  readonly open: (place: DestinationPlace) => Promise<Destination>;
}

/** The caller waits when the queue is full: by default some handlers drop then, and some calls give up after a second. */
export const BLOCKING = { overflow: "block", blockTimeoutMillis: 60_000 } as const;

/** A file for each handler. */
export function pathsOf({ directory, handlerCount }: DestinationPlace): string[] {
  return Array.from({ length: handlerCount }, (_, index) => join(directory, `out-${index}.log`));
}

/** Compares lines of a file with what was logged. Returns how many there are. */
export function checkLines(path: string, lines: LineCheck): number {
  let count = 0;
  forEachLine(path, (line) => {
    if (count++ % SAMPLE_STRIDE === 0) lines.take(line.toString());
  });
  return count;
}

/** @throws {Error} The counts differ. */
export function checkCount(where: string, arrived: number, expected: number): void {
  if (arrived !== expected) throw new Error(`${expected} records were logged, ${arrived} are in ${where}`);
}
