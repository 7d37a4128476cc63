import { ATTRIBUTE_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { DataFilter } from "./data-filter.ts";
import { patternData } from "./pattern-data.ts";
import type { AttributeRuleOptions } from "./rules/attribute-rule.ts";

type Resolved = ResolvedOf<typeof ATTRIBUTE_FILTER_OPTIONS>;

/** Options of `FemtoAttributeFilter`; CONFIG.md describes each. */
export type AttributeFilterOptions = OptionsOf<typeof ATTRIBUTE_FILTER_OPTIONS>;

/**
 * Lets records pass, or leaves them out, by one attribute: `new FemtoAttributeFilter({ key: "tenant", value: ["acme", "north"] })`.
 */
export class FemtoAttributeFilter extends DataFilter<typeof ATTRIBUTE_FILTER_OPTIONS, "attribute"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: AttributeFilterOptions) {
    super(options, {
      name: "FemtoAttributeFilter",
      kind: "attribute",
      table: ATTRIBUTE_FILTER_OPTIONS,
      resolve: (resolved) => resolve(resolved as Resolved),
    });
  }
}

function resolve({ key, value, pattern, action }: Resolved): AttributeRuleOptions {
  return { key, value, pattern: patternData(pattern), action };
}
