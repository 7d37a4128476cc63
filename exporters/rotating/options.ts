import type { Schedule } from "./schedule.ts";

/** How rotated files are compressed. */
export type Compression = "none" | "gzip" | "zstd";

/** Gives the path of a rotated file, out of the one it would have. */
export type Namer = (defaultPath: string) => string;

/** Moves the full file to where it is kept, in place of a rename. */
export type Rotator = (sourcePath: string, destinationPath: string) => void;

/** A function that the thread which writes loads itself, from a module. */
export interface HookModule {
  /** Absolute `file:` URL. */
  readonly module: string;
}

/** What a rotating sink does, as data. Functions in it bind it to the thread that made them. */
export interface RotatingOptions {
  /** Absolute path. */
  readonly path: string;
  /** Permissions of files that are made, before the umask. */
  readonly fileMode: number;
  readonly mkdir: boolean;
  readonly reopenWhenMoved: boolean;
  /** A file is rotated before it would reach this size; 0 for no limit. */
  readonly maxBytes: number;
  /** Rotated files that are kept; 0 for no limit. */
  readonly backupCount: number;
  /** Rotated files that were last written longer ago are deleted; 0 for no limit. */
  readonly maxAgeMillis: number;
  /** All files together; 0 for no limit. */
  readonly maxTotalBytes: number;
  readonly compress: Compression;
  /** The application's thread writes, by its own wish. A handler then compresses there, too: it starts no thread. */
  readonly isInline: boolean;
  readonly namer: Namer | HookModule | undefined;
  readonly rotator: Rotator | HookModule | undefined;
  /** When the file is rotated by the clock; undefined: names are numbers. */
  readonly schedule: Schedule | undefined;
  /** Whether the clock rotates also when nothing is logged. */
  readonly rotateWhenIdle: boolean;
  /** One float64: when the next rotation by the clock is due, in seconds since 1970, 0 for not yet known. Outlives a thread. */
  readonly dueMemory: SharedArrayBuffer;
}
