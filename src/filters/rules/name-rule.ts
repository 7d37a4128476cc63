import type { FemtoLogRecord } from "../../record/log-record.ts";
import type { FilterRule } from "./filter-rule.ts";

/** What a filter does with the records that it is about: lets only them pass, or all others. */
export type FilterAction = "keep" | "drop";

/** Options of a name filter, resolved. */
export interface NameRuleOptions {
  readonly name: string;
  readonly action: FilterAction;
}

/** Knows the records of a logger and of those below it, as Python's `Filter` does: "A.B" is "A.B" and "A.B.C", not "A.BB". */
export class NameRule implements FilterRule<NameRuleOptions> {
  #options: NameRuleOptions;

  constructor(options: NameRuleOptions) {
    this.#options = options;
  }

  update(options: NameRuleOptions): void {
    this.#options = options;
  }

  filter(record: FemtoLogRecord): boolean {
    return this.mayPass(0, record.loggerName);
  }

  mayPass(_severity: number, loggerName: string): boolean {
    const { name, action } = this.#options;
    return isOrBelow(loggerName, name) === (action === "keep");
  }
}

function isOrBelow(loggerName: string, name: string): boolean {
  if (name === "" || !loggerName.startsWith(name)) return name === "";
  return loggerName.length === name.length || loggerName[name.length] === ".";
}
