import { writeSync } from "node:fs";
import { EncodedRecordReader } from "../../processors/batch/encoded-record.ts";
import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import { OutputBuffer } from "../../processors/shape/output.ts";
import { FemtoTextFormatter } from "../formatters/text-formatter.ts";
import type { RecordRoute } from "../logger/ports.ts";

const WARN = 13;
const STDERR = 2;

/**
 * Where records go that no handler takes: WARN and above to stderr, at once. As Python's `lastResort`, so that a warning
 * is not lost because nobody configured logging.
 */
class LastResort implements RecordRoute {
  readonly isEmpty = false;
  readonly #reader = new EncodedRecordReader(threadRecorder());
  readonly #formatter = new FemtoTextFormatter();
  readonly #out = new OutputBuffer(4096);

  takes(severity: number): boolean {
    return severity >= WARN;
  }

  publish(encoder: RecordEncoder, _byteCount: number, severity: number): void {
    if (severity < WARN) return;
    try {
      this.#out.clear();
      this.#formatter.format(this.#reader.read(encoder), this.#out);
      this.#out.text("\n");
      writeSync(STDERR, this.#out.written());
    } catch {
      // Nobody reads stderr: there is no resort after the last.
    }
  }

  countTooLarge(): void {
    // Nothing counts here: there is no handler.
  }
}

let lastResort: LastResort | undefined;

/** The last resort of this thread. */
export function lastResortRoute(): RecordRoute {
  lastResort ??= new LastResort();
  return lastResort;
}
