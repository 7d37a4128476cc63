import type { RuleKind, RuleOptionsByKind } from "./create-rule.ts";

/** A built-in filter as plain data. */
export type RuleDescriptor = {
  readonly [K in RuleKind]: {
    /** The same as long as it is the same filter: what it has counted outlives a change of its options. */
    readonly id: number;
    readonly kind: K;
    readonly options: RuleOptionsByKind[K];
  };
}[RuleKind];

/** A filter of the application that is loaded where it is used. */
export interface ModuleFilterDescriptor {
  readonly id: number;
  readonly kind: "module";
  /** Absolute URL of the module. */
  readonly module: string;
  readonly options: unknown;
}

/** A filter as plain data: how it travels to a handler's thread. */
export type FilterDescriptor = RuleDescriptor | ModuleFilterDescriptor;

/** The filters of a handler that its thread runs. */
export interface FilterSetup {
  /** Counts the changes; what the control block of the queue says. */
  readonly version: number;
  readonly filters: readonly FilterDescriptor[];
}
