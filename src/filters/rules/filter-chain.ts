import { messageOf } from "../../../processors/shape/object-encoder.ts";
import type { FemtoFilter } from "../../record/filter.ts";
import type { FemtoLogRecord } from "../../record/log-record.ts";
import type { FilterRule, Summaries } from "./filter-rule.ts";

/** A record that may not be decoded yet. */
export interface RecordSight extends FemtoLogRecord {
  /** The record as an object of its own, frozen: for filters of the application. */
  readonly whole: FemtoLogRecord;
}

/** One filter of a chain. */
export interface ChainLink {
  /** As it was given; the identity by which it is removed. */
  readonly source: unknown;
  readonly filter: FemtoFilter;
  /** The rule of a built-in filter; undefined for one of the application. */
  readonly rule: FilterRule<never> | undefined;
}

/** Is told of filters that fail. */
export type FilterTrouble = (message: string) => void;

/** What becomes of a record: it passes, is left out, or another takes its place. */
export type Verdict = boolean | FemtoLogRecord;

/**
 * Filters in order: the first that refuses ends the matter, and what one puts in the place of a record is what the next ones see.
 * One thread's own. Never throws: a filter that does lets the record pass.
 */
export class FilterChain implements Summaries {
  readonly links: readonly ChainLink[];
  readonly #report: FilterTrouble;
  readonly #summaries: readonly { readonly index: number; readonly from: Summaries }[];
  #isJudging = false;

  constructor(links: readonly ChainLink[], report: FilterTrouble) {
    this.links = links;
    this.#report = report;
    this.#summaries = links.flatMap(({ rule }, index) =>
      rule?.summaries === undefined ? [] : [{ index, from: rule.summaries }],
    );
  }

  get isEmpty(): boolean {
    return this.links.length === 0;
  }

  /** True while a filter of the chain judges: what it logs itself passes the chain by, or there would be no end. */
  get isJudging(): boolean {
    return this.#isJudging;
  }

  judge(sight: RecordSight): Verdict {
    this.#isJudging = true;
    try {
      return this.#judgeFrom(0, sight);
    } finally {
      this.#isJudging = false;
    }
  }

  /** False where no record of this logger and severity can pass, as far as the filters before the first of the application tell. */
  mayPass(severity: number, loggerName: string): boolean {
    for (const { rule } of this.links) {
      if (rule === undefined) return true;
      if (severity !== 0 && rule.mayPass?.(severity, loggerName) === false) return false;
    }
    return true;
  }

  // On the way of each record of a handler: nothing is allocated.
  get isPending(): boolean {
    for (const { from } of this.#summaries) if (from.isPending) return true;
    return false;
  }

  get dueAt(): number {
    let dueAt = Number.POSITIVE_INFINITY;
    for (const { from } of this.#summaries) dueAt = Math.min(dueAt, from.dueAt);
    return dueAt;
  }

  /** Summaries pass the filters that come after the one that made them. */
  take(nowMillis: number, isAll: boolean): readonly FemtoLogRecord[] {
    if (this.#isJudging) return [];
    this.#isJudging = true;
    try {
      return this.#summaries.flatMap(({ index, from }) =>
        from.take(nowMillis, isAll).flatMap((record) => {
          const verdict = this.#judgeFrom(index + 1, { ...record, whole: record });
          if (verdict === false) return [];
          return [verdict === true ? record : verdict];
        }),
      );
    } finally {
      this.#isJudging = false;
    }
  }

  #judgeFrom(first: number, sight: RecordSight): Verdict {
    let replaced: FemtoLogRecord | undefined = undefined;
    for (let i = first; i < this.links.length; i++) {
      const { filter, rule } = this.links[i] as ChainLink;
      const record: FemtoLogRecord = replaced ?? (rule === undefined ? sight.whole : sight);
      const verdict = this.#ask(filter, record);
      if (verdict === false) return false;
      if (verdict !== true && verdict !== record) replaced = verdict;
    }
    return replaced ?? true;
  }

  #ask(filter: FemtoFilter, record: FemtoLogRecord): Verdict {
    try {
      return this.#verdictOf(filter.filter(record), record);
    } catch (error) {
      this.#report(`A filter threw, and the record passes it: ${messageOf(error)}`);
      return true;
    }
  }

  /** As in Python: what is truthy passes. An object that is no record replaces nothing. */
  #verdictOf(answer: unknown, record: FemtoLogRecord): Verdict {
    if (typeof answer === "boolean") return answer;
    if (typeof answer !== "object" || answer === null) return Boolean(answer);
    if (isRecord(answer)) return answer;
    const kind = "then" in answer ? "a promise" : "an object that is no record";
    this.#report(
      `A filter of logger "${record.loggerName}" answered ${kind}, and the record passes it; answer true, false or a record, at once`,
    );
    return true;
  }
}

function isRecord(value: object): value is FemtoLogRecord {
  const { attributes, instrumentationScope } = value as Partial<FemtoLogRecord>;
  return isObject(attributes) && isObject(instrumentationScope);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
