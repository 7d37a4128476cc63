import { HEADERS_MODULE_OPTIONS } from "./headers-module-options.ts";
import { OTLP_HTTP_OPTIONS } from "./otlp-http-options.ts";
import { PROCESSOR_OPTIONS } from "./processor-options.ts";
import { PROXY_OPTIONS } from "./proxy-options.ts";

/** What `replayOtlpFile()` takes beside the options of the sender. */
export const REPLAY_OWN_OPTIONS = {
  offset: {
    type: "integer",
    unit: "bytes",
    default: 0,
    minimum: 0,
    description:
      "Where to begin: `nextOffset` of a replay that was stopped. Bytes of the file as it is unpacked; must be the beginning of a line.",
  },
  lineBytesMax: {
    type: "integer",
    unit: "bytes",
    default: 67_108_864,
    minimum: 1_024,
    maximum: 268_435_456,
    description: "A line that is longer is skipped, counted and reported.",
  },
  signal: {
    type: "custom",
    expected: "an AbortSignal",
    accepts: (value: unknown): value is AbortSignal => value instanceof AbortSignal,
    computedDefault: "none",
    description: "Stops the replay: what has no answer by then is not counted as done.",
  },
  onProgress: {
    type: "custom",
    expected: "a function",
    accepts: (value: unknown): value is (progress: never) => void => typeof value === "function",
    computedDefault: "nobody is told",
    description:
      "Is called with the counts so far after each request that was answered. Who keeps `nextOffset` can go on there after a crash.",
  },
  report: {
    type: "custom",
    expected: "a function",
    accepts: (value: unknown): value is (trouble: string) => void => typeof value === "function",
    computedDefault: "the OpenTelemetry `diag` logger if one is set, else stderr, at most a line a minute",
    description: "Is told in words of lines that are skipped, of records that are refused, and of retries.",
  },
} as const;

/** Everything that `replayOtlpFile()` takes. */
export const REPLAY_OPTIONS: Pick<
  typeof OTLP_HTTP_OPTIONS,
  "url" | "headers" | "compression" | "tls" | "timeoutMillis" | "retryTimeoutMillis" | "maxRequestBytes"
> &
  typeof HEADERS_MODULE_OPTIONS &
  typeof PROXY_OPTIONS &
  Pick<typeof PROCESSOR_OPTIONS, "maxExportBatchBytes"> &
  typeof REPLAY_OWN_OPTIONS = {
  url: OTLP_HTTP_OPTIONS.url,
  headers: OTLP_HTTP_OPTIONS.headers,
  compression: OTLP_HTTP_OPTIONS.compression,
  tls: OTLP_HTTP_OPTIONS.tls,
  timeoutMillis: OTLP_HTTP_OPTIONS.timeoutMillis,
  retryTimeoutMillis: OTLP_HTTP_OPTIONS.retryTimeoutMillis,
  maxRequestBytes: OTLP_HTTP_OPTIONS.maxRequestBytes,
  ...HEADERS_MODULE_OPTIONS,
  ...PROXY_OPTIONS,
  maxExportBatchBytes: PROCESSOR_OPTIONS.maxExportBatchBytes,
  ...REPLAY_OWN_OPTIONS,
};
