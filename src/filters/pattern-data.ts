import type { GivenPattern } from "../options/filter-options.ts";
import type { PatternSource } from "./rules/message-rule.ts";

/** A regular expression as it travels to another thread. */
export function patternData(pattern: GivenPattern | undefined): PatternSource | undefined {
  return pattern === undefined ? undefined : { source: pattern.source, flags: pattern.flags };
}
