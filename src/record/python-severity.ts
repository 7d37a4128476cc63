// Severities in the words and numbers of Python's `logging`, for peers that expect those.

/** By the range of four that a severity number lies in. */
const LEVELS: readonly { readonly name: string; readonly number: number }[] = [
  { name: "TRACE", number: 5 },
  { name: "DEBUG", number: 10 },
  { name: "INFO", number: 20 },
  { name: "WARNING", number: 30 },
  { name: "ERROR", number: 40 },
  { name: "CRITICAL", number: 50 },
];

/**
 * The `levelname` of Python for a severity number: `WARNING`, not `WARN`. Pure.
 *
 * @param severity 1 to 24.
 * @returns "NOTSET" for every other number.
 */
export function pythonLevelName(severity: number): string {
  return levelOf(severity)?.name ?? "NOTSET";
}

/**
 * The `levelno` of Python for a severity number: 20 for INFO. TRACE, which Python does not have, is 5. Pure.
 *
 * @param severity 1 to 24.
 * @returns 0 for every other number.
 */
export function pythonLevelNumber(severity: number): number {
  return levelOf(severity)?.number ?? 0;
}

function levelOf(severity: number): (typeof LEVELS)[number] | undefined {
  return LEVELS[Math.floor((severity - 1) / 4)];
}
