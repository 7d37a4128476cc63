import type { FemtoLogRecord } from "../../record/log-record.ts";
import type { FilterRule } from "./filter-rule.ts";
import type { FilterAction } from "./name-rule.ts";

/** A regular expression as data. */
export interface PatternSource {
  readonly source: string;
  readonly flags?: string | undefined;
}

/** Options of a message filter, resolved: one of `contains` and `pattern` is there. */
export interface MessageRuleOptions {
  readonly contains: string | undefined;
  readonly pattern: PatternSource | undefined;
  readonly ignoreCase: boolean;
  readonly action: FilterAction;
}

/** Makes the test of a text. A pattern with `g` or `y` would remember where it stopped: it begins anew each time. */
export function textTest(
  options: Pick<MessageRuleOptions, "contains" | "pattern" | "ignoreCase">,
): (text: string) => boolean {
  const { contains, pattern, ignoreCase } = options;
  if (pattern !== undefined) {
    const { source, flags = "" } = pattern;
    const expression = new RegExp(source, ignoreCase && !flags.includes("i") ? `${flags}i` : flags);
    return (text) => {
      expression.lastIndex = 0;
      return expression.test(text);
    };
  }
  const part = contains ?? "";
  if (!ignoreCase) return (text) => text.includes(part);
  const lowerPart = part.toLowerCase();
  return (text) => text.toLowerCase().includes(lowerPart);
}

/** Knows records by their text. A body that is no text has none. */
export class MessageRule implements FilterRule<MessageRuleOptions> {
  #isMatch: (text: string) => boolean;
  #action: FilterAction;

  constructor(options: MessageRuleOptions) {
    this.#isMatch = textTest(options);
    this.#action = options.action;
  }

  update(options: MessageRuleOptions): void {
    this.#isMatch = textTest(options);
    this.#action = options.action;
  }

  filter(record: FemtoLogRecord): boolean {
    const { body } = record;
    const isMatch = typeof body === "string" && this.#isMatch(body);
    return isMatch === (this.#action === "keep");
  }
}
