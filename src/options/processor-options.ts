/**
 * What every handler takes: the options of the batch processor (OpenTelemetry's names and variables) and ours.
 * A handler's table is one of these three and its exporter's own.
 */
import type { MeterProvider } from "@opentelemetry/api";
import type { HandlerFilter } from "../record/filter.ts";
import type { Patched } from "./infer.ts";
import { isMeterProvider } from "./meter-provider.ts";
import { overrideOptions } from "./override.ts";

// A timer takes at most 2147483647 ms; what is longer would fire at once.

function isFilterList(value: unknown): value is readonly HandlerFilter[] {
  return Array.isArray(value) && value.every(isFilter);
}

function isFilter(value: unknown): value is HandlerFilter {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  const { filter, module } = value as { readonly filter?: unknown; readonly module?: unknown };
  return typeof filter === "function" || typeof module === "string" || module instanceof URL;
}

/** `FemtoBatchLogRecordProcessor`. @see Logs SDK, "Batching processor": parameters */
export const PROCESSOR_OPTIONS = {
  name: {
    type: "string",
    notEmpty: true,
    computedDefault: "made from the kind of the handler",
    description: "The handler's name in errors, statistics and metrics.",
  },
  level: {
    type: "level",
    default: "TRACE",
    description: "Records below this level pass the handler by. TRACE lets every record through.",
  },
  filters: {
    type: "custom",
    expected: "a list of filters: objects with filter(), functions, or { module, options }",
    accepts: (value: unknown): value is readonly HandlerFilter[] => isFilterList(value),
    computedDefault: "none",
    alsoKnownAs: ["filter"],
    description:
      "Filters of the handler, in order, after its level. Built-in ones and `{ module, options }` run in the handler's thread and see the records of all threads. An object or function of the application runs on the thread that made the handler, before its records are queued and before the others; records of other threads do not pass it. What is left out is counted as `filtered`.",
  },
  meterProvider: {
    type: "custom",
    expected: "a meter provider: an object with getMeter()",
    accepts: (value: unknown): value is MeterProvider => isMeterProvider(value),
    computedDefault: "no metrics",
    description:
      "Where the handler reports what it counts, as OpenTelemetry metrics (docs/metrics.md): for a handler that is not in a system with metrics of its own.",
  },
  queueBytes: {
    type: "integer",
    unit: "bytes",
    default: 4_194_304,
    minimum: 65_536,
    maximum: 1_073_741_824,
    alsoKnownAs: ["capacity", "bufferSize", "highWaterMark"],
    description:
      "Room for records that wait for the handler's thread, all producing threads together. A page of it costs memory only once it was used.",
  },
  recordBytesMax: {
    type: "integer",
    unit: "bytes",
    default: 16_777_216,
    minimum: 1_024,
    maximum: 16_777_216,
    alsoKnownAs: ["maxRecordBytes"],
    description: "An encoded record that is bigger is dropped and counted as `too_large`.",
  },
  maxQueueSize: {
    type: "integer",
    unit: "records",
    computedDefault: "no limit but `queueBytes`",
    minimum: 1,
    environment: ["OTEL_BLRP_MAX_QUEUE_SIZE"],
    description: "Most records that may wait, in addition to `queueBytes`.",
  },
  maxExportBatchSize: {
    type: "integer",
    unit: "records",
    default: 4_096,
    minimum: 1,
    atMost: "maxQueueSize",
    environment: ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"],
    alsoKnownAs: ["batchSize"],
    description: "Most records in one write or request. A batch goes out as soon as it is full.",
  },
  maxExportBatchBytes: {
    type: "integer",
    unit: "bytes",
    default: 1_048_576,
    minimum: 4_096,
    maximum: 67_108_864,
    alsoKnownAs: ["batchBytes"],
    description:
      "A batch that has reached this size goes out. A single record that is bigger goes alone, whole.",
  },
  scheduledDelayMillis: {
    type: "integer",
    unit: "ms",
    default: 1_000,
    minimum: 0,
    maximum: 2_147_483_647,
    environment: ["OTEL_BLRP_SCHEDULE_DELAY"],
    alsoKnownAs: ["flushInterval", "flushDelayMillis", "flushIntervalMillis"],
    description:
      "How long a batch that is not full waits for more records. 0: it goes out as soon as it can.",
  },
  exportTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 30_000,
    minimum: 0,
    maximum: 2_147_483_647,
    environment: ["OTEL_BLRP_EXPORT_TIMEOUT"],
    description: "How long the delivery of one batch may take. 0: no limit.",
  },
  exitTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 2_000,
    minimum: 0,
    maximum: 60_000,
    description:
      "How long the end of the process may be held up for what is still queued. What is left then is counted as `exit_deadline` and said on stderr.",
  },
  overflow: {
    type: "enum",
    values: ["block", "drop-newest", "drop-oldest"],
    default: "drop-newest",
    alsoKnownAs: ["overflowPolicy", "policy"],
    description:
      "What a full queue does: `block` makes the caller wait up to `blockTimeoutMillis`, `drop-newest` refuses the new record, `drop-oldest` gives up the calling thread's oldest ones. Dropped records are counted as `queue_full`.",
  },
  blockTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 1_000,
    minimum: 1,
    maximum: 60_000,
    description:
      "With `overflow` `block`: how long one call may wait. After that the record is dropped, and so are further ones until half of the queue is free.",
  },
  thread: {
    type: "enum",
    values: ["own", "inline"],
    default: "own",
    description:
      "`own`: a worker thread does the formatting and sending. `inline`: no thread is started. Files and descriptors are written by the call that logs; requests and exporters work on the event loop of the thread that made the handler, in batches, so that `process.exit()` cuts them off (counted as `exit_deadline`) unless `flush()` came before, and a full queue never blocks. For command-line tools, places that allow no threads, and runtimes that are stopped between invocations, as AWS Lambda's: flush at the end of each.",
  },
} as const;

/** Handlers that write to a descriptor: a short wait is better than a gap in a file, and there is no request to fill. */
export const LOCAL_PROCESSOR_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> = overrideOptions(PROCESSOR_OPTIONS, {
  maxQueueSize: { environment: [] },
  maxExportBatchSize: { default: 65_536, environment: [] },
  scheduledDelayMillis: { default: 0, environment: [] },
  exportTimeoutMillis: { environment: [] },
  overflow: { default: "block" },
});

/** Handlers that send requests: they must outlast a peer that is away for a moment, without holding up the caller. */
export const NETWORK_PROCESSOR_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> = overrideOptions(
  PROCESSOR_OPTIONS,
  {
    queueBytes: { default: 8_388_608 },
  },
);
