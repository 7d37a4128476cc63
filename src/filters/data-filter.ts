import type { FemtoFilter } from "../record/filter.ts";
import type { FemtoLogRecord } from "../record/log-record.ts";
import type { OptionTable } from "../options/description.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { createRule, type RuleKind, type RuleOptionsByKind } from "./rules/create-rule.ts";
import type { RuleDescriptor } from "./rules/filter-descriptor.ts";
import type { FilterRule } from "./rules/filter-rule.ts";

/** What a built-in filter is made of. */
export interface DataFilterParts<T extends OptionTable, K extends RuleKind> {
  /** The name of the class, for errors. */
  readonly name: string;
  readonly kind: K;
  readonly table: T;
  /** What the rule wants of the checked options: plain data. */
  readonly resolve: (options: unknown) => RuleOptionsByKind[K];
}

/** How a filter that is given to others is looked into. */
export interface DataFilterFace {
  readonly descriptor: RuleDescriptor;
  readonly rule: FilterRule<never>;
  /** Calls back at every change of the options. Returns what ends that. */
  watch(onUpdate: () => void): () => void;
}

let filterCount = 0;

/** Ids of filters: never twice on a thread. */
export function nextFilterId(): number {
  return ++filterCount;
}

/**
 * What all built-in filters are: options, which can be changed while the filter is in use, and a rule made from them. Given to a
 * handler, its thread makes the same rule again, with counts of its own; given to loggers, they share this one.
 */
export abstract class DataFilter<T extends OptionTable, K extends RuleKind> implements FemtoFilter {
  readonly #parts: DataFilterParts<T, K>;
  readonly #id = nextFilterId();
  readonly #listeners = new Set<() => void>();
  readonly #rule: FilterRule<RuleOptionsByKind[K]>;
  #given: OptionsOf<T>;
  #resolved: RuleOptionsByKind[K];

  /** For the filters of this package. @throws {ConfigError} An option is wrong. Names all faults. */
  protected constructor(options: OptionsOf<T>, parts: DataFilterParts<T, K>) {
    this.#parts = parts;
    this.#resolved = this.#resolve(options);
    this.#given = { ...options };
    this.#rule = createRule(parts.kind, this.#resolved);
  }

  /** The options as they were given, with all changes. */
  get options(): OptionsOf<T> {
    return this.#given;
  }

  /** Judges a record by the options of the moment. Never throws. */
  filter(record: FemtoLogRecord): boolean {
    return this.#rule.filter(record);
  }

  /**
   * Changes options; those that are not given stay, `undefined` gives one its default again. What was counted stays counted.
   * Holds on this thread at once: for its loggers, and for every record that it logs from now on to handlers that have the filter.
   *
   * @throws {ConfigError} An option is wrong: nothing has changed. Names all faults.
   */
  update(options: Partial<OptionsOf<T>>): void {
    const given = { ...this.#given, ...options };
    this.#resolved = this.#resolve(given);
    this.#given = given;
    this.#rule.update(this.#resolved);
    for (const onUpdate of this.#listeners) onUpdate();
  }

  #resolve(options: OptionsOf<T>): RuleOptionsByKind[K] {
    const { name, table, resolve } = this.#parts;
    return resolve(resolveOptions(table, options, { action: "make", subject: name }));
  }

  /** For loggers and handlers: what the filter is inside. Undefined for one that judges in a way of its own. */
  static faceOf(filter: object): DataFilterFace | undefined {
    if (!(#rule in filter)) return undefined;
    const own = filter as DataFilter<OptionTable, RuleKind>;
    if (own.filter !== DataFilter.prototype.filter) return undefined;
    return {
      get descriptor() {
        return { id: own.#id, kind: own.#parts.kind, options: own.#resolved } as RuleDescriptor;
      },
      rule: own.#rule,
      watch: (onUpdate) => {
        own.#listeners.add(onUpdate);
        return () => own.#listeners.delete(onUpdate);
      },
    };
  }
}
