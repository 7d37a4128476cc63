import type { FemtoLogRecord } from "../../record/log-record.ts";
import { attributeOf, isKept, type FilterRule } from "./filter-rule.ts";
import { keyOfText, keyOfValue, shownText } from "./record-text.ts";
import { Repeats, type RepeatLimits } from "./repeats.ts";

/** Options of a rate limit, resolved. */
export interface RateLimitRuleOptions extends Omit<RepeatLimits, "burst"> {
  readonly burst: number | undefined;
  /** What the limit holds for: each template of each logger, each logger, or all records together. */
  readonly per: "template" | "logger" | "all";
  /** An attribute by whose values records are told apart too. */
  readonly attribute: string | undefined;
  readonly keepSeverity: number;
}

/** Lets so many records of a kind pass in an interval. */
export class RateLimitRule implements FilterRule<RateLimitRuleOptions> {
  readonly summaries: Repeats;
  #options: RateLimitRuleOptions;

  constructor(options: RateLimitRuleOptions) {
    this.#options = options;
    this.summaries = new Repeats(limitsOf(options));
  }

  update(options: RateLimitRuleOptions): void {
    this.#options = options;
    this.summaries.update(limitsOf(options));
  }

  filter(record: FemtoLogRecord): boolean {
    const { per, keepSeverity } = this.#options;
    if (isKept(record, keepSeverity)) return true;
    return this.summaries.admits(this.#keyOf(record), record, () =>
      per === "template" ? shownText(record) : undefined,
    );
  }

  #keyOf(record: FemtoLogRecord): string {
    const { per, attribute } = this.#options;
    const owner = attribute === undefined ? "" : keyOfText(keyOfValue(attributeOf(record, attribute)));
    if (per === "all") return owner;
    if (per === "logger") return `${owner}\u0000${record.loggerName}`;
    return `${owner}\u0000${record.loggerName}\u0000${templateOf(record)}`;
  }
}

function limitsOf(options: RateLimitRuleOptions): RepeatLimits {
  return { ...options, burst: Math.max(options.count, options.burst ?? options.count) };
}

/** What was not made from a template goes by its event name, or by its body. Nothing is decoded that is not needed. */
function templateOf(record: FemtoLogRecord): string {
  return record.template ?? record.eventName ?? keyOfText(keyOfValue(record.body));
}
