/** How durations are spread: many of them, in little memory. */
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

const NS_PER_MILLI = 1e6;
const NS_PER_MICRO = 1000;

/** Points of a distribution, in microseconds. All 0 when there was nothing. */
export interface DistributionSummary {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Takes durations one by one, with three digits that count. */
export class Distribution {
  readonly #histogram: RecordableHistogram = createHistogram({ figures: 3 });

  /** @param millis With a fraction; what is shorter than a nanosecond counts as one. */
  record(millis: number): void {
    this.#histogram.record(Math.max(1, Math.round(millis * NS_PER_MILLI)));
  }

  summary(): DistributionSummary {
    const histogram = this.#histogram;
    if (histogram.count === 0) return { count: 0, p50: 0, p99: 0, p999: 0, max: 0 };
    const point = (percent: number): number => histogram.percentile(percent) / NS_PER_MICRO;
    return {
      count: histogram.count,
      p50: point(50),
      p99: point(99),
      p999: point(99.9),
      max: histogram.max / NS_PER_MICRO,
    };
  }
}
