/** What a benchmark needs of a logger. */
import type { Burst, Site } from "../sites.ts";

/** A logger, set up and ready: what it is told to log, and how to know that it has done so. */
export interface Subject {
  /** The settings that matter, in words. */
  readonly settings: string;
  readonly burst: Burst;
  /** Records after which it wants a turn of the event loop; Infinity for a logger that works without one. */
  readonly chunkSize: number;
  /** Between bursts and chunks: resolves when the logger has caught up, as far as it can say so. */
  readonly settle: () => Promise<void>;
  /** Resolves when all that was logged is delivered. Nothing is logged afterwards. */
  readonly finish: () => Promise<void>;
  /** Gives back what the logger holds. Delivers nothing any more. */
  readonly close: () => Promise<void>;
  /**
   * Checks what was delivered.
   *
   * @param logged How many records were logged.
   * @returns Checksum of the compared values.
   * @throws {Error} Something is missing, too much, or different.
   */
  readonly verify: (logged: number) => string;
}

/** What a subject is opened with. */
export interface SubjectOptions {
  /** The file to write to; does not exist yet. */
  readonly path: string;
  readonly sites: readonly Site[];
}

/** Sets a logger up. */
export type OpenSubject = (options: SubjectOptions) => Promise<Subject>;

/** The part of a subject that logs. */
export type ChunkLogger = Pick<Subject, "burst" | "chunkSize" | "settle">;

/** Logs records `begin` to `end` in chunks of the subject's liking. */
export async function logInChunks(subject: ChunkLogger, begin: number, end: number): Promise<void> {
  const { chunkSize } = subject;
  for (let at = begin; at < end; at += chunkSize) {
    subject.burst(at, Math.min(end, at + chunkSize));
    if (Number.isFinite(chunkSize)) await subject.settle();
  }
}

/** For loggers that have nothing to do at a step. */
export function nothing(): Promise<void> {
  return Promise.resolve();
}

/** A delay as it stands among other settings; empty when it is the default. */
export function delayText({ scheduledDelayMillis }: { readonly scheduledDelayMillis?: number }): string {
  return scheduledDelayMillis === undefined ? "" : `, scheduledDelayMillis: ${scheduledDelayMillis}`;
}
