import { ConfigError } from "../errors.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { ROTATING_HANDLER_OPTIONS } from "../options/rotating-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { formatterOf, withFormatter } from "./formatter-choice.ts";
import { ReopeningHandler } from "./reopening-handler.ts";
import { retentionProblem } from "./rotating-choice.ts";
import { rotatingOutlet } from "./rotating-outlet.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoRotatingFileHandler`; CONFIG.md describes each. */
export type RotatingFileHandlerOptions = OptionsOf<typeof ROTATING_HANDLER_OPTIONS>;

/**
 * Appends records to a file, from a thread of its own, and puts the file away before it gets bigger than `maxBytes`:
 * `app.log` becomes `app.log.1`, what was `app.log.1` becomes `app.log.2`. A record is never split between two files.
 * Several processes may write to one path; see docs/rotating-files.md.
 *
 * @see CPython 3.13, logging.handlers.RotatingFileHandler; differences are in docs/python-differences.md
 */
export class FemtoRotatingFileHandler extends ReopeningHandler {
  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: RotatingFileHandlerOptions) {
    const subject = subjectOf(options, "rotating-file");
    const resolved = resolveOptions(ROTATING_HANDLER_OPTIONS, options, { subject });
    const problem = retentionProblem(resolved);
    if (problem !== undefined) throw new ConfigError(`Cannot start ${subject}`, [problem]);
    const formatter = formatterOf(resolved, subject);
    const settings = withFormatter(settingsOf(resolved, "rotating-file"), formatter);
    const { thread } = settings;
    const parts = { formatter, schedule: undefined, rotateWhenIdle: false };
    super(settings, { ...resolved, outlet: rotatingOutlet({ ...resolved, thread }, subject, parts) });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof ROTATING_HANDLER_OPTIONS, FemtoRotatingFileHandler> {
    return createBuilder(ROTATING_HANDLER_OPTIONS, (options) => new FemtoRotatingFileHandler(options));
  }
}
