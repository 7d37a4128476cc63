import type { FemtoLogRecord, FemtoValue } from "../../record/log-record.ts";
import { attributeOf, type FilterRule } from "./filter-rule.ts";
import { textTest, type PatternSource } from "./message-rule.ts";
import type { FilterAction } from "./name-rule.ts";

/** A value that can be compared. */
export type ScalarValue = string | number | bigint | boolean | null;

/** Options of an attribute filter, resolved. */
export interface AttributeRuleOptions {
  readonly key: string;
  readonly value: ScalarValue | readonly ScalarValue[] | undefined;
  readonly pattern: PatternSource | undefined;
  readonly action: FilterAction;
}

/** Knows records by one attribute: that it is there, has one of some values, or a text that matches. */
export class AttributeRule implements FilterRule<AttributeRuleOptions> {
  #options: AttributeRuleOptions;
  #isMatch: (value: FemtoValue) => boolean;

  constructor(options: AttributeRuleOptions) {
    this.#options = options;
    this.#isMatch = valueTest(options);
  }

  update(options: AttributeRuleOptions): void {
    this.#options = options;
    this.#isMatch = valueTest(options);
  }

  filter(record: FemtoLogRecord): boolean {
    const { key, action } = this.#options;
    const value = attributeOf(record, key);
    const isMatch = value !== undefined && this.#isMatch(value);
    return isMatch === (action === "keep");
  }
}

function valueTest({ value, pattern }: AttributeRuleOptions): (given: FemtoValue) => boolean {
  if (pattern !== undefined) {
    const isMatch = textTest({ contains: undefined, pattern, ignoreCase: false });
    return (given) => typeof given === "string" && isMatch(given);
  }
  if (value === undefined) return () => true;
  const wanted: readonly ScalarValue[] = Array.isArray(value) ? value : [value as ScalarValue];
  return (given) => wanted.some((one) => isSame(one, given));
}

/** An integer is the same whether it was given as number or bigint, as it is in the record; NaN is NaN. */
function isSame(wanted: ScalarValue, given: FemtoValue): boolean {
  if (typeof wanted === "bigint" || typeof given === "bigint") {
    // oxlint-disable-next-line eqeqeq -- 5n == 5, and 5n != "5" is seen to.
    return isNumeric(wanted) && isNumeric(given) && wanted == given;
  }
  return wanted === given || Object.is(wanted, given);
}

function isNumeric(value: FemtoValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
