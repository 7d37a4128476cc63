import { reportTrouble } from "../diagnostics.ts";
import { runCapture } from "./guard.ts";

/**
 * Makes a record of what a source has given, unless a capture is at work already. Never throws into the source: what cannot be read is told
 * of, at most once a minute.
 *
 * @param source As trouble names it: `log4js`.
 */
export function makeRecord(source: string, make: () => void): void {
  runCapture(() => {
    try {
      make();
    } catch (error) {
      reportTrouble(
        `bridge ${source}`,
        `Cannot make a record of what ${source} has given: ${textOf(error)}; it is left out`,
      );
    }
  });
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "it throws";
  }
}
