import { ConfigError, type ConfigProblem } from "../errors.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { hintFor } from "../options/read-value.ts";
import { secondsOfDay, TIMED_ROTATING_HANDLER_OPTIONS } from "../options/timed-rotating-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { formatterOf, withFormatter } from "./formatter-choice.ts";
import { ReopeningHandler } from "./reopening-handler.ts";
import { rotatingOutlet } from "./rotating-outlet.ts";
import { settingsOf, subjectOf } from "./settings.ts";

const DAY_SECONDS = 86_400;

type Resolved = ResolvedOf<typeof TIMED_ROTATING_HANDLER_OPTIONS>;

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
    const problem = timeProblem(resolved);
    if (problem !== undefined) throw new ConfigError(`Cannot start ${subject}`, [problem]);
    const { when, interval, utc, rotateWhenIdle } = resolved;
    const atSecond = secondsOfDay(resolved.atTime) ?? DAY_SECONDS;
    const schedule = { when, interval, utc, atSecond };
    const formatter = formatterOf(resolved, subject);
    const settings = withFormatter(settingsOf(resolved, "timed-rotating-file"), formatter);
    const { thread } = settings;
    const parts = { formatter, schedule, rotateWhenIdle };
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

function timeProblem({ when, atTime }: Resolved): ConfigProblem | undefined {
  if (atTime === undefined || when === "MIDNIGHT" || when.startsWith("W")) return undefined;
  return {
    path: "atTime",
    value: atTime,
    expected: `must be left out with "when" "${when}": only MIDNIGHT and W0 to W6 have a time of day`,
    hint: hintFor("atTime", 'try "when" "MIDNIGHT"'),
  };
}
