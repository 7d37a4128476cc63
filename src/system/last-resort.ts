import { writeSync } from "node:fs";
import { EncodedRecordReader } from "../../processors/batch/encoded-record.ts";
import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import { OutputBuffer } from "../../processors/shape/output.ts";
import { FemtoTextFormatter } from "../formatters/text-formatter.ts";
import type { RecordRoute } from "../logger/ports.ts";

const WARN = 13;
const STDERR = 2;
/** How long a record waits for a stderr that nobody empties. */
const WAIT_MILLIS = 1000;
const RETRY_MILLIS = 1;

/**
 * Where records go that no handler takes: WARN and above to stderr, at once. As Python's `lastResort`, so that a warning
 * is not lost because nobody configured logging.
 */
class LastResort implements RecordRoute {
  readonly isEmpty = false;
  readonly #reader = new EncodedRecordReader(threadRecorder());
  readonly #formatter = new FemtoTextFormatter();
  readonly #out = new OutputBuffer(4096);
  /** The last record had to be given up: the next one does not wait. */
  #isStalled = false;
  /** It was given up in the middle of a line. */
  #isInLine = false;

  takes(severity: number): boolean {
    return severity >= WARN;
  }

  publish(encoder: RecordEncoder, _byteCount: number, severity: number): void {
    if (severity < WARN) return;
    try {
      this.#out.clear();
      if (this.#isInLine) this.#out.text("\n");
      this.#formatter.format(this.#reader.read(encoder), this.#out);
      this.#out.text("\n");
      this.#write(this.#out.written());
    } catch {
      // Nobody reads stderr: there is no resort after the last.
    }
  }

  countTooLarge(): void {
    // Nothing counts here: there is no handler.
  }

  /** Pipes and sockets are often non-blocking, and take a part of what they are given. */
  #write(bytes: Uint8Array): void {
    const deadline = performance.now() + (this.#isStalled ? 0 : WAIT_MILLIS);
    let at = 0;
    while (at < bytes.length) {
      const written = tryWrite(bytes, at);
      at += written;
      if (written > 0) continue;
      if (performance.now() >= deadline) break;
      Atomics.wait(PAUSE, 0, 0, RETRY_MILLIS);
    }
    this.#isStalled = at < bytes.length;
    if (at > 0) this.#isInLine = this.#isStalled;
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Bytes written; 0 where there is no room. @throws {Error} What else the system says. */
function tryWrite(bytes: Uint8Array, at: number): number {
  try {
    return writeSync(STDERR, bytes, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

let lastResort: LastResort | undefined;

/** The last resort of this thread. */
export function lastResortRoute(): RecordRoute {
  lastResort ??= new LastResort();
  return lastResort;
}
