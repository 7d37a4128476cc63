import { ConfigError } from "../errors.ts";
import type { ResolvedOf } from "../options/infer.ts";
import { hintFor } from "../options/read-value.ts";
import { secondsOfDay, type TIMED_ROTATION_OPTIONS } from "../options/timed-rotating-options.ts";
import type { RotationClock } from "./rotating-choice.ts";

const DAY_SECONDS = 86_400;

/**
 * When a file is put away by the clock, out of resolved options.
 * @throws {ConfigError} `atTime` is given with a unit that has no time of day.
 */
export function clockOf(options: ResolvedOf<typeof TIMED_ROTATION_OPTIONS>, subject: string): RotationClock {
  const { when, interval, utc, atTime, rotateWhenIdle } = options;
  if (atTime !== undefined && when !== "MIDNIGHT" && !when.startsWith("W")) {
    const expected = `must be left out with "when" "${when}": only MIDNIGHT and W0 to W6 have a time of day`;
    const hint = hintFor("atTime", 'try "when" "MIDNIGHT"');
    throw new ConfigError(`Cannot start ${subject}`, [{ path: "atTime", value: atTime, expected, hint }]);
  }
  const atSecond = secondsOfDay(atTime) ?? DAY_SECONDS;
  return { schedule: { when, interval, utc, atSecond }, rotateWhenIdle };
}
