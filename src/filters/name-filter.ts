import { NAME_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { DataFilter } from "./data-filter.ts";
import type { NameRuleOptions } from "./rules/name-rule.ts";

/** Options of `FemtoNameFilter`; CONFIG.md describes each. */
export type NameFilterOptions = OptionsOf<typeof NAME_FILTER_OPTIONS>;

/**
 * Lets records of a logger and those below it pass, or all others: `new FemtoNameFilter({ name: "shop" })`.
 *
 * @see Python, `logging.Filter`
 */
export class FemtoNameFilter extends DataFilter<typeof NAME_FILTER_OPTIONS, "name"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: NameFilterOptions) {
    super(options, {
      name: "FemtoNameFilter",
      kind: "name",
      table: NAME_FILTER_OPTIONS,
      resolve: (resolved) => resolved as NameRuleOptions,
    });
  }
}
