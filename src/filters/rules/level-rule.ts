import type { FemtoLogRecord } from "../../record/log-record.ts";
import type { FilterRule } from "./filter-rule.ts";

/** Options of a level filter, resolved. */
export interface LevelRuleOptions {
  /** Severity numbers, both ends included. */
  readonly minimum: number;
  readonly maximum: number;
}

/** Lets records of a range of levels pass, and those that name no level. */
export class LevelRule implements FilterRule<LevelRuleOptions> {
  #options: LevelRuleOptions;

  constructor(options: LevelRuleOptions) {
    this.#options = options;
  }

  update(options: LevelRuleOptions): void {
    this.#options = options;
  }

  filter(record: FemtoLogRecord): boolean {
    return this.mayPass(record.severityNumber ?? 0);
  }

  mayPass(severity: number): boolean {
    const { minimum, maximum } = this.#options;
    return severity === 0 || (severity >= minimum && severity <= maximum);
  }
}
