import { parseLevel, type LevelNumber } from "../../record/severity.ts";

/** pino's own levels, ten apart from 10 on, and our six: four severity numbers lie between two of them. */
const LEVEL_MIN = 10;
const LEVEL_STEP = 10;
const SEVERITY_STEP = 4;
const SEVERITY_MAX = 24;

/** The word for a level where its logger has none. */
export function labelOf(level: number): string {
  return `level ${level}`;
}

/**
 * The severity number of a level of pino: by its label where that is one of ours (`warn`, `fatal`), else by its number, between its
 * neighbours: 30 is INFO, 35 is INFO3, 40 is WARN.
 */
export function severityOf(level: number, label: string): LevelNumber {
  const named = parseLevel(label);
  if (named !== undefined) return named as LevelNumber;
  if (Number.isNaN(level)) return 9;
  const severity = 1 + Math.floor(((level - LEVEL_MIN) / LEVEL_STEP) * SEVERITY_STEP);
  return Math.max(1, Math.min(SEVERITY_MAX, severity)) as LevelNumber;
}
