import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  statSync,
  writeSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { makeFolders } from "./make-folders.ts";
import { writeNow, type ByteSink, type SinkState } from "../byte-sink.ts";

/** Options of a file sink, validated. */
export interface FileSinkOptions {
  /** Absolute path. */
  readonly path: string;
  /** Whether the file is emptied when it is opened for the first time. */
  readonly truncate: boolean;
  /** Permissions of a file that is made, before the umask. */
  readonly fileMode: number;
  /** Whether missing directories are made. */
  readonly mkdir: boolean;
  /** Whether the path is opened again when another file stands there, or none. */
  readonly reopenWhenMoved: boolean;
}

/** Non-blocking, so that a FIFO nobody reads does not hold the thread; without effect on regular files. */
const OPEN_FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** Errors of a path whose folder is missing, or is none. */
const NO_FOLDER: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR"]);

const NO_FILE: SinkState = { fileBytes: -1, inode: -1 };

/** Appends to a file. Several processes may append to one: each `write` lands whole at the end. */
export class FileSink implements ByteSink {
  readonly target: string;
  readonly #options: FileSinkOptions;
  #descriptor = -1;
  #mustTruncate: boolean;
  #state: SinkState = NO_FILE;

  constructor(options: FileSinkOptions) {
    this.#options = options;
    this.target = options.path;
    this.#mustTruncate = options.truncate;
  }

  open(isHalfWritten = false): void {
    const stats = this.#look(isHalfWritten) ?? this.#openPath();
    this.#state = stats.isFile() ? { fileBytes: stats.size, inode: stats.ino } : NO_FILE;
  }

  /**
   * What is open looks like now. Undefined where the path must be opened: nothing is open, or nobody would find what is written to
   * a file that was deleted while it was open, or look for it in one that was moved.
   */
  #look(isHalfWritten: boolean): Stats | undefined {
    if (this.#descriptor < 0) return undefined;
    const stats = fstatSync(this.#descriptor);
    if (isHalfWritten || !stats.isFile()) return stats;
    return stats.nlink === 0 || this.#hasMoved(stats) ? undefined : stats;
  }

  /** @see CPython 3.13, logging.handlers.WatchedFileHandler: device and inode */
  #hasMoved(stats: Stats): boolean {
    if (!this.#options.reopenWhenMoved) return false;
    try {
      const onPath = statSync(this.#options.path, { throwIfNoEntry: false });
      return onPath?.ino !== stats.ino || onPath.dev !== stats.dev;
    } catch {
      // Not to be looked at: what is open can still be written.
      return false;
    }
  }

  /** Opens the path instead of what is open. It leads there now: that is not looked at once more. */
  #openPath(): Stats {
    this.close();
    const flags = this.#mustTruncate ? OPEN_FLAGS | constants.O_TRUNC : OPEN_FLAGS;
    this.#descriptor = this.#openWith(flags);
    this.#mustTruncate = false;
    return fstatSync(this.#descriptor);
  }

  /** The folder is looked at only where there is none. */
  #openWith(flags: number): number {
    const { path, mkdir, fileMode } = this.#options;
    try {
      return openSync(path, flags, fileMode);
    } catch (error) {
      if (!mkdir || !NO_FOLDER.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      makeFolders(dirname(path));
      return openSync(path, flags, fileMode);
    }
  }

  write(bytes: Uint8Array, from: number): number {
    return writeNow(() => writeSync(this.#descriptor, bytes, from, bytes.length - from));
  }

  state(): SinkState {
    return this.#state;
  }

  isLost(): boolean {
    const stats = fstatSync(this.#descriptor);
    return stats.isFile() && stats.nlink === 0;
  }

  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    if (this.#descriptor < 0) return;
    try {
      closeSync(this.#descriptor);
    } catch {
      // Closed by someone else: there is nothing left to do.
    }
    this.#descriptor = -1;
  }
}
