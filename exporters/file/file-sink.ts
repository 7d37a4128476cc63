import { closeSync, constants, fstatSync, fsyncSync, openSync, writeSync } from "node:fs";
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
}

/** Non-blocking, so that a FIFO nobody reads does not hold the thread; without effect on regular files. */
const OPEN_FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

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

  open(): void {
    if (this.#descriptor < 0) this.#openPath();
    let stats = fstatSync(this.#descriptor);
    if (stats.isFile() && stats.nlink === 0) {
      // Deleted while it was open: nobody would ever find what is written there.
      this.close();
      this.#openPath();
      stats = fstatSync(this.#descriptor);
    }
    this.#state = stats.isFile() ? { fileBytes: stats.size, inode: stats.ino } : NO_FILE;
  }

  #openPath(): void {
    const { path, mkdir, fileMode } = this.#options;
    if (mkdir) makeFolders(dirname(path));
    const flags = this.#mustTruncate ? OPEN_FLAGS | constants.O_TRUNC : OPEN_FLAGS;
    this.#descriptor = openSync(path, flags, fileMode);
    this.#mustTruncate = false;
  }

  write(bytes: Uint8Array, from: number): number {
    return writeNow(() => writeSync(this.#descriptor, bytes, from, bytes.length - from));
  }

  state(): SinkState {
    return this.#state;
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
