import type { FemtoLogger } from "../../logger/logger.ts";
import { UNCAUGHT_CAPTURE_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { LEVELS } from "../../record/severity.ts";
import { bridgeLogger } from "../bridge-loggers.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { RejectionListener } from "./rejection-listener.ts";

/** Options of `captureUncaught`; CONFIG.md describes each. */
export type UncaughtCaptureOptions = OptionsOf<typeof UNCAUGHT_CAPTURE_OPTIONS>;

const REJECTION = "unhandledRejection";

/**
 * Makes a record of each exception that nobody caught, and of each rejection that nobody handled, with the event name `exception` and `exception.*`. At
 * CRITICAL, where Node calls it an uncaught exception, which ends the process unless the application listens; at ERROR, where the
 * application takes the rejection by a listener of its own. Neither exit code nor what is printed changes: the process ends, or does not, as it would have done.
 * Handlers deliver before it does. Capturing twice gives the first capture, and says so once. This thread.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 * @see Semantic conventions v1.44.0, Exceptions in logs: recording an exception, severities
 */
export function captureUncaught(options: UncaughtCaptureOptions = {}): Capture {
  const destination = resolveOptions(UNCAUGHT_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject: "uncaught exceptions",
  });
  return captureOnce("uncaught exceptions", () => {
    const watch = new UncaughtWatch(bridgeLogger(destination));
    return () => watch.release();
  });
}

class UncaughtWatch {
  readonly #logger: FemtoLogger;
  readonly #rejections: RejectionListener;
  /** With `--unhandled-rejections=strict` a rejection is both: it is told of once. */
  #last: { readonly reason: unknown } | undefined;

  constructor(logger: FemtoLogger) {
    this.#logger = logger;
    this.#rejections = new RejectionListener((reason) => this.#onRejection(reason));
    process.on("uncaughtExceptionMonitor", this.#onException);
  }

  release(): void {
    process.off("uncaughtExceptionMonitor", this.#onException);
    this.#rejections.release();
  }

  readonly #onException = (error: unknown, origin: string): void => {
    const isRejection = origin === REJECTION;
    if (isRejection) this.#last = { reason: error };
    this.#log(LEVELS.CRITICAL, isRejection ? "Unhandled promise rejection" : "Uncaught exception", error);
  };

  #onRejection(reason: unknown): void {
    const isKnown = this.#last !== undefined && Object.is(this.#last.reason, reason);
    this.#last = undefined;
    if (!isKnown) this.#log(LEVELS.ERROR, "Unhandled promise rejection", reason);
  }

  /** Whoever has thrown it, be it an exporter at work for us: it may be the last that is heard of this process. */
  #log(severityNumber: number, body: string, exception: unknown): void {
    this.#logger.emit({
      severityNumber,
      severityText: severityNumber === LEVELS.CRITICAL ? "CRITICAL" : "ERROR",
      eventName: "exception",
      body,
      // There is something to tell of `throw undefined`, too.
      exception: exception ?? String(exception),
    });
  }
}
