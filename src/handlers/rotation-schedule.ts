import type { RotatingOptions } from "../../exporters/rotating/options.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { RotationClock } from "./rotating-choice.ts";
import { hintFor } from "../options/read-value.ts";
import { secondsOfDay, type TIMED_ROTATION_OPTIONS } from "../options/timed-rotating-options.ts";

const DAY_SECONDS = 86_400;

type Clock = ResolvedOf<typeof TIMED_ROTATION_OPTIONS>;

/** When a file is put away by the clock, out of resolved options. */
export function scheduleOf(
  clock: Pick<Clock, "when" | "interval" | "utc" | "atTime">,
): NonNullable<RotatingOptions["schedule"]> {
  const { when, interval, utc, atTime } = clock;
  return { when, interval, utc, atSecond: secondsOfDay(atTime) ?? DAY_SECONDS };
}

/**
 * What rotates by the clock, out of resolved options.
 * @throws {ConfigError} `atTime` is given with a unit that has no time of day.
 */
export function clockOf(options: Clock, subject: string): RotationClock {
  const problem = timeProblem(options);
  if (problem !== undefined) throw new ConfigError(`Cannot start ${subject}`, [problem]);
  return { schedule: scheduleOf(options), rotateWhenIdle: options.rotateWhenIdle };
}

/** A time of day for a rotation that has none. */
export function timeProblem({ when, atTime }: Pick<Clock, "when" | "atTime">): ConfigProblem | undefined {
  if (atTime === undefined || when === "MIDNIGHT" || when.startsWith("W")) return undefined;
  return {
    path: "atTime",
    value: atTime,
    expected: `must be left out with "when" "${when}": only MIDNIGHT and W0 to W6 have a time of day`,
    hint: hintFor("atTime", 'try "when" "MIDNIGHT"'),
  };
}
