import { LEVELS, NOTSET, OFF } from "../record/severity.ts";

/** From here on, Python has no level of its own: people use it to switch off. */
const pythonOff = 60;
const pythonDebug = 10;

/**
 * The threshold for a level number of Python's `logging`, where 10 is DEBUG and 50 CRITICAL. Pure, any thread.
 *
 * @param level A number in Python's schema. Between two named levels, a level between ours: 25 is INFO3.
 * @returns 0 to 25, as `parseThreshold()`: 0 for 0, TRACE for 1 to 9, OFF from 60 on; `undefined` when `level` is not an
 *   integer from 0.
 */
export function pythonThreshold(level: number): number | undefined {
  if (!Number.isInteger(level) || level < 0) return undefined;
  if (level === 0) return NOTSET;
  if (level < pythonDebug) return LEVELS.TRACE;
  if (level >= pythonOff) return OFF;
  // Ten numbers of Python's for four of OpenTelemetry's.
  return 1 + 4 * Math.floor(level / 10) + Math.floor(((level % 10) * 4) / 10);
}
