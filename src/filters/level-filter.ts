import { LEVEL_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { DataFilter } from "./data-filter.ts";
import type { LevelRuleOptions } from "./rules/level-rule.ts";

/** Options of `FemtoLevelFilter`; CONFIG.md describes each. */
export type LevelFilterOptions = OptionsOf<typeof LEVEL_FILTER_OPTIONS>;

/**
 * Lets records of a range of levels pass, both ends included: `new FemtoLevelFilter({ maximum: "INFO" })`. A record that names no
 * level passes.
 */
export class FemtoLevelFilter extends DataFilter<typeof LEVEL_FILTER_OPTIONS, "level"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: LevelFilterOptions = {}) {
    super(options, {
      name: "FemtoLevelFilter",
      kind: "level",
      table: LEVEL_FILTER_OPTIONS,
      resolve: (resolved) => resolved as LevelRuleOptions,
    });
  }
}
