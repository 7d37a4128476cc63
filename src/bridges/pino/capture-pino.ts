import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { reportOnce, reportTrouble } from "../../diagnostics.ts";
import { PINO_BRIDGE_OPTIONS } from "../../options/pino-options.ts";
import { resolveOptions } from "../../options/validate.ts";
import { systemOf } from "../../system/logging.ts";
import type { Capture } from "../capture.ts";
import { runCapture } from "../guard.ts";
import { PinoDestination, type PinoBridgeOptions } from "./pino-destination.ts";
import { PinoLines } from "./pino-lines.ts";
import { streamOf, writtenLine, type PinoLogger } from "./pino-settings.ts";

/** Where pino, from 9.10 on, tells of each line that it has finished. */
const CHANNEL = "tracing:pino_asJson:end";

/** What pino tells there. */
interface FinishedLine {
  readonly instance: PinoLogger;
  /** Merging object, message, level, time. */
  readonly arguments: ArrayLike<unknown>;
  /** Missing where a serializer or formatter has thrown. */
  readonly result?: unknown;
}

let current: PinoCapture | undefined;

class PinoCapture implements Capture {
  readonly #lines: PinoLines;

  constructor(lines: PinoLines) {
    this.#lines = lines;
    subscribe(CHANNEL, this.#onLine);
  }

  release(): void {
    unsubscribe(CHANNEL, this.#onLine);
    if (current === this) current = undefined;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  // An error that leaves it would end the process.
  readonly #onLine = (message: unknown): void => {
    const { instance, arguments: values, result } = message as FinishedLine;
    if (typeof result !== "string") return;
    try {
      if (writesToUs(streamOf(instance))) return;
      runCapture(() => this.#lines.write(writtenLine(instance, result), values[2], instance));
    } catch (error) {
      // A hook of the application, most of all: pino calls it next, and throws to the caller what it throws.
      reportTrouble("capture pino", `A line of pino could not be captured: ${String(error)}`);
    }
  };
}

/** Whether a stream is a destination of ours, or a multistream with one: such a logger's records come by that way. */
function writesToUs(stream: unknown): boolean {
  if (stream instanceof PinoDestination) return true;
  const { streams } = (stream ?? {}) as { readonly streams?: unknown };
  if (!Array.isArray(streams)) return false;
  return (streams as readonly { readonly stream?: unknown }[]).some(
    (entry) => entry.stream instanceof PinoDestination,
  );
}

/**
 * From now on records of every pino logger of this thread, those made before included, go to our handlers too, with the span of the caller. What
 * their own destinations get is unchanged. Loggers that write to a `pinoDestination()` are left out. pino 9.10 or later; older ones do
 * not tell of their lines. Capturing twice gives the same capture, and says so once.
 *
 * @throws {ConfigError} An option is wrong.
 */
export function capturePino(options: PinoBridgeOptions = {}): Capture {
  const { logger, logging } = resolveOptions(PINO_BRIDGE_OPTIONS, options, {
    action: "capture",
    subject: "pino",
  });
  if (current === undefined) return (current = new PinoCapture(new PinoLines(systemOf(logging), logger)));
  reportOnce(
    "capture pino",
    "pino is captured already, by an earlier capturePino(): its options hold, call release() of what it returned to capture with others",
  );
  return current;
}
