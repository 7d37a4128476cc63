import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { TIMED_ROTATING_HANDLER_OPTIONS } from "../options/timed-rotating-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { formatterOf, withFormatter } from "./formatter-choice.ts";
import { ReopeningHandler } from "./reopening-handler.ts";
import { rotatingOutlet } from "./rotating-outlet.ts";
import { clockOf } from "./rotation-schedule.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoTimedRotatingFileHandler`; CONFIG.md describes each. */
export type TimedRotatingFileHandlerOptions = OptionsOf<typeof TIMED_ROTATING_HANDLER_OPTIONS>;

/**
 * Appends records to a file, from a thread of its own, and puts the file away by the clock: `app.log` becomes
 * `app.log.2026-03-29`, named for the start of the interval that is over. With `maxBytes` also by its size: further files
 * of one interval get a number, `app.log.2026-03-29.1`.
 *
 * @see CPython 3.13, logging.handlers.TimedRotatingFileHandler; differences are in docs/python-differences.md
 */
export class FemtoTimedRotatingFileHandler extends ReopeningHandler {
  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: TimedRotatingFileHandlerOptions) {
    const subject = subjectOf(options, "timed-rotating-file");
    const resolved = resolveOptions(TIMED_ROTATING_HANDLER_OPTIONS, options, { subject });
    const clock = clockOf(resolved, subject);
    const formatter = formatterOf(resolved, subject);
    const settings = withFormatter(settingsOf(resolved, "timed-rotating-file"), formatter);
    const { thread } = settings;
    const parts = { formatter, ...clock };
    super(settings, { ...resolved, outlet: rotatingOutlet({ ...resolved, thread }, subject, parts) });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof TIMED_ROTATING_HANDLER_OPTIONS, FemtoTimedRotatingFileHandler> {
    return createBuilder(
      TIMED_ROTATING_HANDLER_OPTIONS,
      (options) => new FemtoTimedRotatingFileHandler(options),
    );
  }
}
