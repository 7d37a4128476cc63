import { closeSync, constants, fstatSync, fsyncSync, openSync, writeSync } from "node:fs";
import { writeNow, type ByteSink, type SinkState } from "../byte-sink.ts";

const NAMES: readonly string[] = ["stdin", "stdout", "stderr"];

/**
 * Writes to a descriptor that is open already: stderr, stdout, or one that was inherited. A pipe or terminal is opened
 * a second time, non-blocking, so that a reader who stopped reading holds nobody; the descriptor itself stays as it is.
 */
export class DescriptorSink implements ByteSink {
  readonly target: string;
  readonly #original: number;
  #descriptor = -1;

  constructor(descriptor: number) {
    this.#original = descriptor;
    this.target = NAMES[descriptor] ?? `descriptor ${descriptor}`;
  }

  open(): void {
    if (this.#descriptor >= 0) return;
    const stats = fstatSync(this.#original);
    this.#descriptor =
      stats.isFIFO() || stats.isCharacterDevice() ? openAgain(this.#original) : this.#original;
  }

  write(bytes: Uint8Array, from: number): number {
    return writeNow(() => writeSync(this.#descriptor, bytes, from, bytes.length - from));
  }

  state(): SinkState {
    // Others write to it too: its size says nothing of our writes.
    return { fileBytes: -1, inode: -1 };
  }

  sync(): void {
    if (fstatSync(this.#descriptor).isFile()) fsyncSync(this.#descriptor);
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = -1;
    if (descriptor < 0 || descriptor === this.#original) return;
    try {
      closeSync(descriptor);
    } catch {
      // Closed by someone else: there is nothing left to do.
    }
  }
}

/** A second, non-blocking way to the same pipe or terminal; the descriptor itself where the system has none. */
function openAgain(descriptor: number): number {
  try {
    return openSync(
      `/proc/self/fd/${descriptor}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
  } catch {
    return descriptor;
  }
}
