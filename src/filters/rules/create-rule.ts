import { AttributeRule, type AttributeRuleOptions } from "./attribute-rule.ts";
import { DedupRule, type DedupRuleOptions } from "./dedup-rule.ts";
import type { FilterRule } from "./filter-rule.ts";
import { LevelRule, type LevelRuleOptions } from "./level-rule.ts";
import { MessageRule, type MessageRuleOptions } from "./message-rule.ts";
import { NameRule, type NameRuleOptions } from "./name-rule.ts";
import { RateLimitRule, type RateLimitRuleOptions } from "./rate-limit-rule.ts";
import { SamplingRule, type SamplingRuleOptions } from "./sampling-rule.ts";

/** The resolved options of each kind of built-in filter: plain data. */
export interface RuleOptionsByKind {
  readonly level: LevelRuleOptions;
  readonly name: NameRuleOptions;
  readonly message: MessageRuleOptions;
  readonly attribute: AttributeRuleOptions;
  readonly sampling: SamplingRuleOptions;
  readonly "rate-limit": RateLimitRuleOptions;
  readonly dedup: DedupRuleOptions;
}

export type RuleKind = keyof RuleOptionsByKind;

const MAKERS: {
  readonly [K in RuleKind]: (options: RuleOptionsByKind[K]) => FilterRule<RuleOptionsByKind[K]>;
} = {
  level: (options) => new LevelRule(options),
  name: (options) => new NameRule(options),
  message: (options) => new MessageRule(options),
  attribute: (options) => new AttributeRule(options),
  sampling: (options) => new SamplingRule(options),
  "rate-limit": (options) => new RateLimitRule(options),
  dedup: (options) => new DedupRule(options),
};

/** Makes the rule of a built-in filter. Any thread. */
export function createRule<K extends RuleKind>(
  kind: K,
  options: RuleOptionsByKind[K],
): FilterRule<RuleOptionsByKind[K]> {
  return MAKERS[kind](options);
}
