/** Collects the metrics of a provider of the OpenTelemetry SDK, as a test likes to look at them. */
import type { Attributes } from "@opentelemetry/api";
import { DataPointType, MeterProvider, MetricReader, type MetricData } from "@opentelemetry/sdk-metrics";
import { onTestFinished } from "vitest";

/** One value of one instrument. */
export interface Point {
  readonly attributes: Attributes;
  /** Of a histogram its count. */
  readonly value: number;
  /** Of a histogram. */
  readonly sum: number | undefined;
}

/** The metrics of one collection. */
export class Collected {
  readonly metrics: readonly MetricData[];

  constructor(metrics: readonly MetricData[]) {
    this.metrics = metrics;
  }

  /** The points of an instrument; none where it has observed nothing. */
  points(name: string): readonly Point[] {
    const metric = this.metrics.find(({ descriptor }) => descriptor.name === name);
    if (metric === undefined) return [];
    return metric.dataPointType === DataPointType.HISTOGRAM
      ? metric.dataPoints.map(({ attributes, value: { count, sum } }) => ({ attributes, value: count, sum }))
      : metric.dataPoints.map(({ attributes, value }) => ({
          attributes,
          value: value as number,
          sum: undefined,
        }));
  }

  /** The values of an instrument by their `error.type`, "" where they have none; of several components the sum. */
  byError(name: string): Readonly<Record<string, number>> {
    const values: Record<string, number> = {};
    for (const { attributes, value } of this.points(name)) {
      const { "error.type": type = "" } = attributes as { readonly "error.type"?: string };
      values[type] = (values[type] ?? 0) + value;
    }
    return values;
  }

  /** All values of an instrument together. */
  sum(name: string): number {
    return this.points(name).reduce((sum, { value }) => sum + value, 0);
  }
}

class TestReader extends MetricReader {
  protected onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** A meter provider of the SDK, and what collects its metrics. */
export function meter(): {
  readonly meterProvider: MeterProvider;
  readonly collect: () => Promise<Collected>;
} {
  const reader = new TestReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => meterProvider.shutdown());
  return {
    meterProvider,
    collect: async () => {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new AggregateError(errors, "Cannot collect metrics");
      return new Collected(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics));
    },
  };
}
