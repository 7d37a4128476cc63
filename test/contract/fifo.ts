import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 65_536;
const READ_MILLIS = 2;

/** A named pipe that is read when a test says so: a destination that can be as slow as one likes. */
export class Fifo {
  readonly path: string;
  readonly #readEnd: number;
  readonly #chunk: Buffer = Buffer.alloc(CHUNK_BYTES);
  readonly #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    execFileSync("mkfifo", [path]);
    this.path = path;
    // For reading and writing: the pipe never ends because a writer has gone.
    this.#readEnd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** A descriptor to write to, as a process inherits one: it blocks. The caller closes it. */
  openForWriting(): number {
    return openSync(this.path, constants.O_WRONLY);
  }

  /** Reads what comes, from now on. */
  startReading(): void {
    this.#timer ??= setInterval(() => this.#readNow(), READ_MILLIS);
  }

  /** What has been read, and, if it is being read at all, what is in the pipe now. */
  get text(): string {
    if (this.#timer !== undefined) this.#readNow();
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  close(): void {
    clearInterval(this.#timer);
    closeSync(this.#readEnd);
  }

  #readNow(): void {
    for (;;) {
      try {
        const byteCount = readSync(this.#readEnd, this.#chunk);
        this.#chunks.push(Buffer.from(this.#chunk.subarray(0, byteCount)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return;
        throw error;
      }
    }
  }
}
