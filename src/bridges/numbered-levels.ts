import type { LevelNumber } from "../record/severity.ts";

const SEVERITY_MAX = 24;
const SEVERITIES_A_LEVEL = 4;

/**
 * The severity number of a level that is a number: those that have a word are ours (TRACE is 1, FATAL 21), and what lies between two of them lies
 * between theirs.
 *
 * @param level Any number.
 * @param known The levels with words from TRACE to FATAL, ascending.
 */
export function severityOfNumber(level: number, known: readonly number[]): LevelNumber {
  const index = known.findLastIndex((one) => one <= level);
  if (index === -1 || Number.isNaN(level)) return 1;
  const from = known[index] as number;
  const next = known[index + 1] ?? from + (from - (known[index - 1] ?? 0));
  const share = Math.min(
    SEVERITIES_A_LEVEL - 1,
    Math.floor(((level - from) / (next - from)) * SEVERITIES_A_LEVEL),
  );
  return Math.min(SEVERITY_MAX, 1 + index * SEVERITIES_A_LEVEL + share) as LevelNumber;
}
