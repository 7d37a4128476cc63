import type { FemtoLogRecord } from "../../record/log-record.ts";
import { attributeOf, isKept, type FilterRule } from "./filter-rule.ts";
import { bodyText, keyOfText, keyOfValue } from "./record-text.ts";
import { Repeats, type RepeatLimits } from "./repeats.ts";

/** Options of a de-duplication, resolved. */
export interface DedupRuleOptions {
  readonly windowMillis: number;
  /** Attributes that must be the same too: all, none, or those of these keys. */
  readonly attributes: boolean | readonly string[];
  readonly keysMax: number;
  readonly summary: boolean;
  readonly keepSeverity: number;
}

/** Lets the first of like records pass, and the next one after a while. */
export class DedupRule implements FilterRule<DedupRuleOptions> {
  readonly summaries: Repeats;
  #options: DedupRuleOptions;

  constructor(options: DedupRuleOptions) {
    this.#options = options;
    this.summaries = new Repeats(limitsOf(options));
  }

  update(options: DedupRuleOptions): void {
    this.#options = options;
    this.summaries.update(limitsOf(options));
  }

  filter(record: FemtoLogRecord): boolean {
    if (isKept(record, this.#options.keepSeverity)) return true;
    return this.summaries.admits(keyOf(record, this.#options.attributes), record, () => bodyText(record));
  }
}

function limitsOf({ windowMillis, keysMax, summary }: DedupRuleOptions): RepeatLimits {
  return { count: 1, burst: 1, intervalMillis: windowMillis, keysMax, summary };
}

function keyOf(record: FemtoLogRecord, attributes: DedupRuleOptions["attributes"]): string {
  const { loggerName, severityNumber = 0, eventName = "", body } = record;
  const key = `${loggerName}\u0000${severityNumber}\u0000${eventName}\u0000${keyOfText(keyOfValue(body))}`;
  if (attributes === false) return key;
  if (attributes === true) return `${key}\u0000${keyOfText(keyOfValue(record.attributes))}`;
  const values = attributes.map((one) => keyOfValue(attributeOf(record, one)));
  return `${key}\u0000${keyOfText(keyOfValue(values))}`;
}
