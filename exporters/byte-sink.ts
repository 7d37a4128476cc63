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
  /** Opens the destination if it is not open, or was deleted meanwhile. @throws {Error} Of the operating system. */
  open(): void;
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
  /** Closes the destination; the next `open` opens it again. Never throws. */
  close(): void;
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
