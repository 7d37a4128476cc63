import { ROTATING_HANDLER_OPTIONS } from "./rotating-options.ts";

const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** A time of day: "hh:mm" or "hh:mm:ss". */
export type TimeOfDay = `${number}:${number}` | `${number}:${number}:${number}`;

/** Seconds since midnight of a time of day; undefined where it is none. */
export function secondsOfDay(value: unknown): number | undefined {
  const parts = typeof value === "string" ? TIME_OF_DAY.exec(value) : null;
  return parts === null ? undefined : Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0);
}

/** What `FemtoTimedRotatingFileHandler` takes beside the options of `FemtoRotatingFileHandler`. */
export const TIMED_ROTATION_OPTIONS = {
  when: {
    type: "enum",
    values: ["S", "M", "H", "D", "MIDNIGHT", "W0", "W1", "W2", "W3", "W4", "W5", "W6"],
    aliases: {
      s: "S",
      m: "M",
      h: "H",
      d: "D",
      midnight: "MIDNIGHT",
      w0: "W0",
      w1: "W1",
      w2: "W2",
      w3: "W3",
      w4: "W4",
      w5: "W5",
      w6: "W6",
    },
    default: "H",
    alsoKnownAs: ["period", "frequency"],
    description:
      "Unit of `interval`: seconds, minutes, hours, or 24 hours, counted from the last write to the file; `MIDNIGHT`; `W0` (Monday) to `W6`, when that day is over.",
  },
  interval: {
    type: "integer",
    default: 1,
    minimum: 1,
    maximum: 100_000,
    description: "Units of `when` from one rotation to the next.",
  },
  utc: {
    type: "boolean",
    default: false,
    description:
      "Goes by UTC and not by the time zone of the process, for midnights as for the names of files.",
  },
  atTime: {
    type: "custom",
    expected: 'a time of day from "00:00" to "23:59:59"',
    accepts: (value: unknown): value is TimeOfDay => secondsOfDay(value) !== undefined,
    computedDefault: "the end of the day",
    description:
      "With `MIDNIGHT` and `W0` to `W6`: the time of day of the rotation, `hh:mm` or `hh:mm:ss`. On the day that `W0` names, not after it.",
  },
  rotateWhenIdle: {
    type: "boolean",
    default: false,
    description:
      "`true`: the file is put away when its time is over, also when nothing is logged. `false`: before the next record. An empty file is never put away.",
  },
} as const;

/** Everything that `FemtoTimedRotatingFileHandler` takes. */
export const TIMED_ROTATING_HANDLER_OPTIONS: typeof ROTATING_HANDLER_OPTIONS & typeof TIMED_ROTATION_OPTIONS =
  { ...ROTATING_HANDLER_OPTIONS, ...TIMED_ROTATION_OPTIONS };
