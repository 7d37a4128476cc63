import type { FemtoLogRecord } from "../../record/log-record.ts";
import { isKept, type FilterRule } from "./filter-rule.ts";

/** Options of a sampling filter, resolved. */
export interface SamplingRuleOptions {
  /** Share of the records that pass, 0 to 1. */
  readonly ratio: number;
  readonly by: "ratio" | "trace";
  readonly withoutTrace: "keep" | "drop" | "ratio";
  /** Severity number from which records pass always; 25 for none. */
  readonly keepSeverity: number;
}

const SAMPLED = 1;
const TRACE_ID_LENGTH = 32;
// The rightmost 7 bytes of a trace id are random. Of their 56 bits the upper 52 are what a number holds exactly.
const RANDOM_FROM = 18;
const RANDOM_TO = 31;
const RANDOM_MAX: number = 2 ** 52;

/**
 * Lets a share of the records pass, or those of sampled traces. A trace is taken or left as a whole: by the random part of
 * its id, in the way of OpenTelemetry, so that a smaller share is a part of a greater one, in every process.
 *
 * @see Trace SDK v1.60.0, Sampling: randomness of trace ids
 */
export class SamplingRule implements FilterRule<SamplingRuleOptions> {
  #options: SamplingRuleOptions;

  constructor(options: SamplingRuleOptions) {
    this.#options = options;
  }

  update(options: SamplingRuleOptions): void {
    this.#options = options;
  }

  filter(record: FemtoLogRecord): boolean {
    const { by, ratio, withoutTrace, keepSeverity } = this.#options;
    if (isKept(record, keepSeverity)) return true;
    const span = record.spanContext;
    const hasTrace = span !== undefined && span.traceId.length === TRACE_ID_LENGTH;
    if (hasTrace && by === "trace") return (span.traceFlags & SAMPLED) !== 0;
    if (hasTrace) return fractionOf(span.traceId) >= 1 - ratio;
    if (by === "ratio" || withoutTrace === "ratio") return Math.random() < ratio;
    return withoutTrace === "keep";
  }
}

/** From 0 up to, not including, 1. */
function fractionOf(traceId: string): number {
  return Number.parseInt(traceId.slice(RANDOM_FROM, RANDOM_TO), 16) / RANDOM_MAX;
}
