import { SAMPLING_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { DataFilter } from "./data-filter.ts";
import type { SamplingRuleOptions } from "./rules/sampling-rule.ts";

/** Options of `FemtoSamplingFilter`; CONFIG.md describes each. */
export type SamplingFilterOptions = OptionsOf<typeof SAMPLING_FILTER_OPTIONS>;

/**
 * Lets a share of the records pass, or those of sampled traces; ERROR and above always: `new FemtoSamplingFilter({ ratio: 0.1 })`.
 * All records of a trace pass or fail together.
 */
export class FemtoSamplingFilter extends DataFilter<typeof SAMPLING_FILTER_OPTIONS, "sampling"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: SamplingFilterOptions = {}) {
    super(options, {
      name: "FemtoSamplingFilter",
      kind: "sampling",
      table: SAMPLING_FILTER_OPTIONS,
      resolve: (resolved) => resolved as SamplingRuleOptions,
    });
  }
}
