import {
  ValueType,
  type Histogram,
  type Meter,
  type MeterProvider,
  type MetricOptions,
  type Observable,
} from "@opentelemetry/api";

/** The instruments of one meter provider. */
export interface Instruments {
  readonly meter: Meter;
  readonly created: Observable;
  readonly queueSize: Observable;
  readonly queueCapacity: Observable;
  readonly processed: Observable;
  readonly filtered: Observable;
  readonly inFlight: Observable;
  readonly exported: Observable;
  readonly duration: Histogram;
}

function countOf(description: string): MetricOptions {
  return { unit: "{log_record}", valueType: ValueType.INT, description };
}

/**
 * Makes the instruments: counters are observed, since the counting itself goes on in shared memory.
 * @see Semantic conventions, SDK metrics
 */
export function createInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter("femtologging");
  return {
    meter,
    created: meter.createObservableCounter(
      "otel.sdk.log.created",
      countOf("The number of logs submitted to enabled SDK Loggers."),
    ),
    queueSize: meter.createObservableUpDownCounter(
      "otel.sdk.processor.log.queue.size",
      countOf("The number of log records in the queue of a handler."),
    ),
    queueCapacity: meter.createObservableUpDownCounter(
      "otel.sdk.processor.log.queue.capacity",
      countOf("The maximum number of log records the queue of a handler can hold."),
    ),
    processed: meter.createObservableCounter(
      "otel.sdk.processor.log.processed",
      countOf("The number of log records given to the exporter, or dropped before."),
    ),
    filtered: meter.createObservableCounter(
      "femtologging.processor.log.filtered",
      countOf("The number of log records that filters of a handler have left out."),
    ),
    inFlight: meter.createObservableUpDownCounter(
      "otel.sdk.exporter.log.inflight",
      countOf("The number of log records given to the exporter whose export has not ended."),
    ),
    exported: meter.createObservableCounter(
      "otel.sdk.exporter.log.exported",
      countOf("The number of log records for which the export has finished, either successful or failed."),
    ),
    duration: meter.createHistogram("otel.sdk.exporter.operation.duration", {
      unit: "s",
      description: "The duration of exporting a batch of log records.",
      // A single bucket, as the conventions ask for: the sum and the count are exact.
      advice: { explicitBucketBoundaries: [] },
    }),
  };
}
