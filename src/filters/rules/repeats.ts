import type { HrTime } from "@opentelemetry/api";
import { epochMillis } from "../../../processors/shape/clock.ts";
import type { FemtoLogRecord } from "../../record/log-record.ts";
import type { Summaries } from "./filter-rule.ts";

/** How many records of a kind may pass. */
export interface RepeatLimits {
  /** Records a kind in an interval. */
  readonly count: number;
  /** Records at once after a quiet time, when what was not used has been saved up; at least `count`. */
  readonly burst: number;
  readonly intervalMillis: number;
  /** Kinds that are told apart; beyond that the oldest is forgotten. */
  readonly keysMax: number;
  /** Whether what is left out is told of. */
  readonly summary: boolean;
}

/** The records of a kind, since its interval began. */
interface Interval {
  /** Epoch milliseconds, by the records' own time. */
  startMillis: number;
  /** Records that may pass before the interval ends. */
  left: number;
}

/** Records of a kind that were left out, and that no summary has told of. */
interface LeftOut {
  count: number;
  readonly first: HrTime;
  last: HrTime;
  /** Epoch milliseconds, by the clock of the thread that judges. */
  readonly dueAt: number;
  readonly text: string | undefined;
  /** Of the most severe one. */
  severity: Pick<FemtoLogRecord, "severityNumber" | "severityText">;
  readonly origin: Pick<FemtoLogRecord, "resource" | "instrumentationScope" | "threadId" | "loggerName">;
}

/**
 * Counts records by kind and interval, and keeps account of those that are too many. An interval begins with the first record
 * after the last one, by the time at which records were logged: so it does not matter when they are judged.
 */
export class Repeats implements Summaries {
  #limits: RepeatLimits;
  readonly #intervals = new Map<string, Interval>();
  /** In the order in which they are due. */
  readonly #leftOut = new Map<string, LeftOut>();
  #ready: FemtoLogRecord[] = [];

  constructor(limits: RepeatLimits) {
    this.#limits = limits;
  }

  update(limits: RepeatLimits): void {
    this.#limits = limits;
  }

  /**
   * Whether one more record of this kind may pass.
   * @param text What the summary repeats of the record; undefined where its kind is not that of a text.
   */
  admits(key: string, record: FemtoLogRecord, text: () => string | undefined): boolean {
    const interval = this.#intervalOf(key, millisOf(record.hrTimeObserved));
    if (interval.left >= 1) {
      interval.left--;
      return true;
    }
    if (this.#limits.summary) this.#leaveOut(key, record, text);
    return false;
  }

  get isPending(): boolean {
    return this.#ready.length > 0 || this.#leftOut.size > 0;
  }

  get dueAt(): number {
    if (this.#ready.length > 0) return 0;
    for (const { dueAt } of this.#leftOut.values()) return dueAt;
    return Number.POSITIVE_INFINITY;
  }

  take(nowMillis: number, isAll: boolean): readonly FemtoLogRecord[] {
    for (const [key, { dueAt }] of this.#leftOut) {
      if (!isAll && dueAt > nowMillis) break;
      this.#summarize(key);
    }
    const ready = this.#ready;
    if (ready.length > 0) this.#ready = [];
    return ready;
  }

  #intervalOf(key: string, nowMillis: number): Interval {
    const { count, burst, intervalMillis } = this.#limits;
    const known = this.#intervals.get(key);
    if (known === undefined) {
      this.#makeRoom();
      const interval = { startMillis: nowMillis, left: burst };
      this.#intervals.set(key, interval);
      return interval;
    }
    // A clock that was set back a long way ends an interval too: else nothing would pass until it has caught up.
    const passed = Math.abs(nowMillis - known.startMillis);
    if (passed < intervalMillis) return known;
    known.startMillis = nowMillis;
    known.left = Math.min(burst, known.left + Math.floor(passed / intervalMillis) * count);
    this.#summarize(key);
    // What was used last is forgotten last.
    this.#intervals.delete(key);
    this.#intervals.set(key, known);
    return known;
  }

  #makeRoom(): void {
    for (const oldest of this.#intervals.keys()) {
      if (this.#intervals.size < this.#limits.keysMax) return;
      this.#summarize(oldest);
      this.#intervals.delete(oldest);
    }
  }

  #leaveOut(key: string, record: FemtoLogRecord, text: () => string | undefined): void {
    const known = this.#leftOut.get(key);
    if (known === undefined) {
      const { resource, instrumentationScope, threadId, loggerName } = record;
      this.#leftOut.set(key, {
        count: 1,
        first: record.hrTime,
        last: record.hrTime,
        dueAt: epochMillis() + this.#limits.intervalMillis,
        text: text(),
        severity: severityOf(record),
        origin: { resource, instrumentationScope, threadId, loggerName },
      });
      return;
    }
    known.count++;
    known.last = record.hrTime;
    if ((record.severityNumber ?? 0) > (known.severity.severityNumber ?? 0))
      known.severity = severityOf(record);
  }

  /** Makes what was left out of a kind ready to be told. */
  #summarize(key: string): void {
    const leftOut = this.#leftOut.get(key);
    if (leftOut === undefined) return;
    this.#leftOut.delete(key);
    this.#ready.push(summaryOf(leftOut));
  }
}

function severityOf({ severityNumber, severityText }: FemtoLogRecord): LeftOut["severity"] {
  return {
    ...(severityNumber === undefined ? {} : { severityNumber }),
    ...(severityText === undefined ? {} : { severityText }),
  };
}

function summaryOf({ count, first, last, text, severity, origin }: LeftOut): FemtoLogRecord {
  const times = count === 1 ? "time" : "times";
  return {
    hrTime: last,
    hrTimeObserved: last,
    ...severity,
    body:
      text === undefined
        ? `${count} ${count === 1 ? "record" : "records"} left out`
        : `repeated ${count} ${times}: ${text}`,
    ...origin,
    attributes: { "repeated.count": count, "repeated.first": isoTime(first), "repeated.last": isoTime(last) },
    droppedAttributesCount: 0,
  };
}

function millisOf([seconds, nanos]: HrTime): number {
  return seconds * 1000 + nanos / 1e6;
}

/** Times beyond what a `Date` holds are given as their number of seconds. */
function isoTime(time: HrTime): string {
  const date = new Date(millisOf(time));
  return Number.isNaN(date.getTime()) ? String(time[0]) : date.toISOString();
}
