/** What a sink's destination looks like now; -1 where it is not a regular file. */
export interface SinkState {
  readonly fileBytes: number;
  readonly inode: number;
}

/**
 * A destination of bytes that is written synchronously, on a thread that may wait: a file, a pipe, a terminal.
 * Makes no call that can block without end: where the destination takes nothing, `write` returns 0.
 */
export interface ByteSink {
  /** What it is called in messages: a path, or "stdout". */
  readonly target: string;
  /**
   * Opens the destination if it is not open, or if another one is to be written by now: after it was deleted or moved.
   * @param isHalfWritten A batch has been begun in the one that is open: it stays, wherever it is by now.
   * @throws {Error} Of the operating system.
   */
  open(isHalfWritten?: boolean): void;
  /**
   * Writes what can be written now.
   * @returns Bytes taken; 0 when the destination is full at the moment.
   * @throws {Error} Of the operating system, but EAGAIN.
   */
  write(bytes: Uint8Array, from: number): number;
  /** What the destination looked like at the last `open`. */
  state(): SinkState;
  /** Asks the operating system to bring what was written to the disk. */
  sync(): void;
  /**
   * True when the file written last is in no folder any more: nobody would ever find what was written there.
   * Undefined for destinations that cannot be deleted.
   */
  isLost?(): boolean;
  /** What the file of that inode looks like, also when it is no longer the destination; undefined when it is not known. */
  stateOf?(inode: number): SinkState | undefined;
  /** There for a file that is put away, and begun anew, from time to time. */
  readonly rotation?: Rotation;
  /** Closes the destination; the next `open` opens it again. Never throws. */
  close(): void;
}

/** Putting a file away: what a sink lets its pump do between two batches. */
export interface Rotation {
  /** Bytes that the file opened last may still take. A batch may have more only if it is one record. */
  readonly roomBytes: number;
  /** True when the file opened last must be put away before it gets `byteCount` more bytes. */
  isDue(byteCount: number): boolean;
  /** Puts the file away, and closes it. Where that fails it says so, and the file goes on. Never throws. */
  rotate(): void;
  /** In how many ms `attend` is to be called, also when nothing is logged: 0 for now, Infinity for never. */
  dueInMillis(): number;
  /** Does what is due by the clock. Never throws. */
  attend(): void;
  /** Ends what the rotation has started. */
  end(): void;
}

/** Writes to an open descriptor; a full pipe takes 0 bytes. */
export function writeNow(write: () => number): number {
  try {
    return write();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EAGAIN" || code === "EINTR") return 0;
    throw error;
  }
}
