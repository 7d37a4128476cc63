import { reportOnce } from "../../diagnostics.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { WINSTON_CAPTURE_OPTIONS } from "../../options/winston-options.ts";
import type { Logging } from "../../system/logging.ts";
import type { Capture } from "../capture.ts";
import { LoggerPatch } from "./logger-patch.ts";
import { RecordSink } from "./record-sink.ts";
import { versionTrouble } from "./versions.ts";
import {
  copyOf,
  eachLoadedCopy,
  onLoadedCopy,
  type LoggerClass,
  type WinstonCopy,
} from "./winston-copies.ts";

/** Options of {@link captureWinston}; CONFIG.md describes each. */
export type WinstonCaptureOptions = Omit<OptionsOf<typeof WINSTON_CAPTURE_OPTIONS>, "logging"> & {
  readonly logging?: Logging | undefined;
};

const CAPTURE_KEY = Symbol.for("femtologging.winston.capture.1");
/** The capture of this thread: one, however many copies of this module are loaded. */
const holder = globalThis as { [CAPTURE_KEY]?: Capture | undefined };

/**
 * Makes femtologging's records of all that loggers of winston 3 let through by their own level, beside what their transports do, without a change of
 * the application: loggers that are there already, and those of copies of winston that are loaded later, by `import` or `require`. A logger that
 * has a {@link FemtoWinstonTransport} is left to that. Capturing twice gives the first capture again.
 *
 * On the calling thread. Out of reach are copies that a bundler has put into the application (give those as `modules`) and those of other
 * module systems, such as a test runner's. A copy of a version that the bridge does not know is named in a warning, and left alone.
 *
 * @throws {ConfigError} An option is wrong.
 */
export function captureWinston(options: WinstonCaptureOptions = {}): Capture {
  const resolved = resolveOptions(WINSTON_CAPTURE_OPTIONS, options, {
    subject: "captureWinston()",
    action: "begin",
  });
  const running = holder[CAPTURE_KEY];
  if (running !== undefined) {
    reportOnce(
      "winston captured",
      "Cannot capture winston twice: the capture that is at work goes on, with its own options; release() it first",
    );
    return running;
  }
  const capture = new WinstonCapture(new RecordSink(resolved));
  for (const module of resolved.modules ?? []) capture.take(copyOf(module));
  capture.begin();
  holder[CAPTURE_KEY] = capture;
  return capture;
}

const NO_WINSTON =
  'Cannot capture a module that was given as winston: it must be what import("winston") or require("winston") gives';

class WinstonCapture implements Capture {
  readonly #sink: RecordSink;
  readonly #patches = new Map<LoggerClass, LoggerPatch>();
  #endListening: (() => void) | undefined;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  begin(): void {
    eachLoadedCopy((copy) => this.take(copy));
    this.#endListening = onLoadedCopy((copy) => this.take(copy));
  }

  take(copy: WinstonCopy | undefined): void {
    const { loggerClass, version } = copy ?? {};
    const trouble =
      copy === undefined ? NO_WINSTON : version === undefined ? undefined : versionTrouble(version);
    if (trouble !== undefined || loggerClass === undefined) {
      reportOnce(
        `winston ${version}`,
        trouble ?? `Cannot capture winston ${version}: it has no class of loggers`,
      );
      return;
    }
    if (!this.#patches.has(loggerClass))
      this.#patches.set(loggerClass, new LoggerPatch(loggerClass, this.#sink));
  }

  release(): void {
    if (holder[CAPTURE_KEY] !== this) return;
    holder[CAPTURE_KEY] = undefined;
    this.#endListening?.();
    for (const patch of this.#patches.values()) patch.release();
    this.#patches.clear();
    this.#sink.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
