// Levels: the words people use, and the severity numbers that OpenTelemetry gives them.

import type { SeverityNumber } from "@opentelemetry/api";

/** The words for levels, from the least to the most severe; `WARNING` is `WARN` and `FATAL` is `CRITICAL`. */
export type LevelName = "TRACE" | "DEBUG" | "INFO" | "WARN" | "WARNING" | "ERROR" | "CRITICAL" | "FATAL";

/** A severity number of a record: 1 (least severe) to 24; 17 and above is an error. */
export type LevelNumber =
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21
  | 22
  | 23
  | 24;

/** The level of a record: a word in either case, or a severity number. At run time words are taken in any case. */
export type Level = LevelName | Lowercase<LevelName> | LevelNumber;

/**
 * What a logger or handler lets through: records of this level and above; with `OFF` none; with `NOTSET` a logger has no
 * level of its own and asks its nearest ancestor that has one, and a handler lets everything through.
 */
export type LevelThreshold = Level | "OFF" | "off" | "NOTSET" | "notset" | 0 | 25;

/** The threshold above every level: nothing passes. */
export const OFF = 25;

/** The threshold below every level: no level of one's own. */
export const NOTSET = 0;

/**
 * The six levels and their severity numbers.
 *
 * @see Logs data model v1.60.0, Field: SeverityNumber
 */
export const LEVELS: {
  readonly TRACE: 1;
  readonly DEBUG: 5;
  readonly INFO: 9;
  readonly WARN: 13;
  readonly ERROR: 17;
  readonly CRITICAL: 21;
} = Object.freeze({ TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, CRITICAL: 21 });

/** Severity number to short name: 1 TRACE, 2 TRACE2 … 20 ERROR4, 21 CRITICAL (our word), 22 FATAL2 … */
const names: readonly string[] = [
  "UNSPECIFIED",
  ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((word) => [
    word === "FATAL" ? "CRITICAL" : word,
    `${word}2`,
    `${word}3`,
    `${word}4`,
  ]),
];

const numbers: ReadonlyMap<string, number> = new Map([
  ...names.slice(1).flatMap((name, index) => bothCases(name, index + 1)),
  ...bothCases("WARNING", LEVELS.WARN),
  ...bothCases("FATAL", LEVELS.CRITICAL),
]);

/** Length of the longest name, "CRITICAL": longer text is not worth changing its case. */
const nameCharsMax = 8;

/**
 * Reads the level of a record. Pure, any thread.
 *
 * @param value A {@link LevelName} or a short name of the data model ("INFO2") in any case, or an integer 1 to 24. Text that
 * holds a number is refused: "20" is INFO to Python and ERROR4 to OpenTelemetry.
 * @returns The severity number, 1 to 24; `undefined` for everything else, `OFF` and `NOTSET` too: no record has them.
 * @see Logs data model v1.60.0, Displaying Severity
 */
export function parseLevel(value: unknown): SeverityNumber | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) && value >= 1 && value <= 24 ? value : undefined;
  }
  if (typeof value !== "string") return undefined;
  return numbers.get(value) ?? (value.length <= nameCharsMax ? numbers.get(value.toUpperCase()) : undefined);
}

/**
 * Reads the level of a logger or handler. Pure, any thread.
 *
 * @param value What {@link parseLevel} takes, "OFF" or 25, "NOTSET" or 0; words in any case.
 * @returns The lowest severity number that passes, 0 to 25 (25 is above every record); `undefined` for everything else.
 */
export function parseThreshold(value: unknown): number | undefined {
  if (value === OFF || value === NOTSET) return value;
  const level = parseLevel(value);
  if (level !== undefined || typeof value !== "string" || value.length > nameCharsMax) return level;
  const word = value.toUpperCase();
  if (word === "OFF") return OFF;
  return word === "NOTSET" ? NOTSET : undefined;
}

/**
 * Names a severity number: the word of the level where there is one, else the short name of the data model. Pure.
 *
 * @param severity Any number; 1 to 24 have names.
 * @returns "INFO" for 9, "INFO2" for 10, "CRITICAL" for 21, "UNSPECIFIED" for 0, "Level 30" for what has no name.
 * @see Logs data model v1.60.0, Displaying Severity
 */
export function severityName(severity: number): string {
  return names[severity] ?? `Level ${severity}`;
}

function bothCases(name: string, severity: number): [string, number][] {
  return [
    [name, severity],
    [name.toLowerCase(), severity],
  ];
}
