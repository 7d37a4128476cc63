// Severity numbers of winston's levels. A level is a word with a rank, 0 is the most severe; which words there are is up to
// the application.
import type { WinstonLevels } from "../../options/winston-options.ts";
import { parseLevel } from "../../record/severity.ts";

const NPM: WinstonLevels = { error: 17, warn: 13, info: 9, http: 7, verbose: 6, debug: 5, silly: 1 };
/** Critical, alert and emergency are CRITICAL and above, as our own syslog handler has it. */
const SYSLOG: WinstonLevels = {
  emerg: 23,
  alert: 22,
  crit: 21,
  error: 17,
  warning: 13,
  notice: 10,
  info: 9,
  debug: 5,
};
const CLI: WinstonLevels = {
  error: 17,
  warn: 13,
  help: 11,
  data: 10,
  info: 9,
  debug: 5,
  prompt: 4,
  verbose: 3,
  input: 2,
  silly: 1,
};
/** Above and below every severity: where words without a known neighbour are spread to. */
const ABOVE_ALL = 25;
const BELOW_ALL = 0;

/** The levels of winston's default loggers, ranks as there. */
export const NPM_LEVELS: WinstonLevels = {
  error: 0,
  warn: 1,
  info: 2,
  http: 3,
  verbose: 4,
  debug: 5,
  silly: 6,
};

/**
 * The severity numbers of a set of levels: given ones, then those that the word has in the set it comes from (npm, syslog, cli),
 * or to OpenTelemetry; a word that nobody knows lies between its neighbours by rank. Pure.
 *
 * @see Logs data model v1.60.0, Appendix B
 */
export function severitiesOf(
  levels: WinstonLevels,
  given: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const words = Object.keys(levels).toSorted((one, other) => rankOf(levels, one) - rankOf(levels, other));
  const tables = tablesFor(levels);
  const known = words.map((word) => given.get(word) ?? knownSeverity(word, tables));
  return new Map(words.map((word, index) => [word, known[index] ?? between(known, index)]));
}

/** The severity number of a word whose set is unknown; 0 where nobody knows it. */
export function severityOfWord(word: string, given: ReadonlyMap<string, number>): number {
  return given.get(word) ?? knownSeverity(word, [NPM, SYSLOG, CLI]) ?? 0;
}

function rankOf(levels: WinstonLevels, word: string): number {
  return levels[word] ?? 0;
}

/** `verbose` is more than `debug` to npm, and less to cli. */
function tablesFor(levels: WinstonLevels): readonly WinstonLevels[] {
  const has = (word: string): boolean => Object.hasOwn(levels, word);
  if (has("prompt") || has("input")) return [CLI, NPM, SYSLOG];
  return has("crit") || has("emerg") ? [SYSLOG, NPM, CLI] : [NPM, SYSLOG, CLI];
}

function knownSeverity(word: string, tables: readonly WinstonLevels[]): number | undefined {
  const lower = word.toLowerCase();
  const table = tables.find((one) => Object.hasOwn(one, lower));
  return table?.[lower] ?? parseLevel(word);
}

/** By the place between the nearest known ones; a sole word above "error" is 21, one between "warn" and "info" 11. */
function between(known: readonly (number | undefined)[], index: number): number {
  let before = index;
  while (before >= 0 && known[before] === undefined) before--;
  let after = index;
  while (after < known.length && known[after] === undefined) after++;
  const top = known[before] ?? ABOVE_ALL;
  const bottom = known[after] ?? BELOW_ALL;
  const severity = Math.round(top + ((bottom - top) * (index - before)) / (after - before));
  return Math.min(24, Math.max(1, severity));
}
