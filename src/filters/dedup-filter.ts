import { DEDUP_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { DataFilter } from "./data-filter.ts";
import type { DedupRuleOptions } from "./rules/dedup-rule.ts";

/** Options of `FemtoDedupFilter`; CONFIG.md describes each. */
export type DedupFilterOptions = OptionsOf<typeof DEDUP_FILTER_OPTIONS>;

/**
 * Lets the first of like records pass, and tells of those that follow within `windowMillis` in one: "repeated 2 times: No space
 * left". A handler counts in its thread, and begins anew when that has died.
 */
export class FemtoDedupFilter extends DataFilter<typeof DEDUP_FILTER_OPTIONS, "dedup"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: DedupFilterOptions = {}) {
    super(options, {
      name: "FemtoDedupFilter",
      kind: "dedup",
      table: DEDUP_FILTER_OPTIONS,
      resolve: (resolved) => resolved as DedupRuleOptions,
    });
  }
}
