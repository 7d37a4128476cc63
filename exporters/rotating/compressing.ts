import type { Compression } from "./options.ts";

/** Rotated files to be compressed. */
export interface CompressJob {
  /** The log they were put away from. */
  readonly logPath: string;
  readonly paths: readonly string[];
  readonly compress: Compression;
  /** Permissions of the lock's file. */
  readonly fileMode: number;
}

/** Compresses rotated files somewhere else than where the log is written. */
export interface Compressing {
  /** Asks for files to be compressed and returns at once; what was asked for before and not begun is forgotten. Never throws. */
  start(job: CompressJob): void;
  /** What went wrong since it was asked last. */
  takeTrouble(): string | undefined;
  /** Breaks off; what is not done is found again at the next start. */
  end(): void;
}
