import { ConfigError } from "../errors.ts";
import { MESSAGE_FILTER_OPTIONS } from "../options/filter-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { manualReference } from "../options/explain.ts";
import { DataFilter } from "./data-filter.ts";
import { patternData } from "./pattern-data.ts";
import type { MessageRuleOptions } from "./rules/message-rule.ts";

type Resolved = ResolvedOf<typeof MESSAGE_FILTER_OPTIONS>;

/** Options of `FemtoMessageFilter`; CONFIG.md describes each. */
export type MessageFilterOptions = OptionsOf<typeof MESSAGE_FILTER_OPTIONS>;

/**
 * Lets records pass, or leaves them out, by their text: one that contains a text, or matches a regular expression.
 * `new FemtoMessageFilter({ pattern: /^GET \/health/, action: "drop" })`.
 */
export class FemtoMessageFilter extends DataFilter<typeof MESSAGE_FILTER_OPTIONS, "message"> {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: MessageFilterOptions) {
    super(options, {
      name: "FemtoMessageFilter",
      kind: "message",
      table: MESSAGE_FILTER_OPTIONS,
      resolve: (resolved) => resolve(resolved as Resolved),
    });
  }
}

/** @throws {ConfigError} Nothing to look for was given. */
function resolve({ contains, pattern, ignoreCase, action }: Resolved): MessageRuleOptions {
  if (contains === undefined && pattern === undefined) {
    throw new ConfigError("Cannot make FemtoMessageFilter", [
      {
        path: "contains",
        value: undefined,
        expected: 'or "pattern" must be given',
        hint: `see ${manualReference("contains")}`,
      },
    ]);
  }
  return { contains, pattern: patternData(pattern), ignoreCase, action };
}
