import { RATE_LIMIT_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { DataFilter } from "./data-filter.ts";
import type { RateLimitRuleOptions } from "./rules/rate-limit-rule.ts";

/** Options of `FemtoRateLimitFilter`; CONFIG.md describes each. */
export type RateLimitFilterOptions = OptionsOf<typeof RATE_LIMIT_FILTER_OPTIONS>;

/**
 * Lets so many records of a kind pass in an interval, and tells of the others in one: "repeated 312 times: Cannot reach {host}".
 * `new FemtoRateLimitFilter({ count: 10, intervalMillis: 1000 })` does so for each template of each logger. A handler counts in
 * its thread, and begins anew when that has died.
 */
export class FemtoRateLimitFilter extends DataFilter<typeof RATE_LIMIT_FILTER_OPTIONS, "rate-limit"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: RateLimitFilterOptions) {
    super(options, {
      name: "FemtoRateLimitFilter",
      kind: "rate-limit",
      table: RATE_LIMIT_FILTER_OPTIONS,
      resolve: (resolved) => resolved as RateLimitRuleOptions,
    });
  }
}
