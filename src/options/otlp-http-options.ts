import { HEADERS_MODULE_OPTIONS } from "./headers-module-options.ts";
import type { Patched } from "./infer.ts";
import { logsEndpointOf } from "./otlp-environment.ts";
import { OTLP_TLS_OPTIONS } from "./otlp-tls-options.ts";
import { PERSISTENCE_OPTIONS } from "./persistent-queue-options.ts";
import { NETWORK_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import { PROXY_OPTIONS } from "./proxy-options.ts";

/** What `FemtoOtlpHttpHandler` and its exporter take beside the options of all handlers. @see OTLP exporter, "Configuration options" */
export const OTLP_HTTP_OPTIONS = {
  url: {
    type: "url",
    protocols: ["http:", "https:"],
    default: "http://localhost:4318/v1/logs",
    environment: ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
    fromEnvironment: (text: string, variable: string): string | undefined =>
      variable === "OTEL_EXPORTER_OTLP_ENDPOINT" ? logsEndpointOf(text) : text,
    alsoKnownAs: ["endpoint"],
    description:
      "Where to send, used as it is. Only to OTEL_EXPORTER_OTLP_ENDPOINT, the base for all signals, `v1/logs` is added.",
  },
  protocol: {
    type: "enum",
    values: ["http/protobuf", "http/json"],
    default: "http/protobuf",
    environment: ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"],
    adviceFor: { grpc: "this handler speaks HTTP, FemtoOtlpGrpcHandler gRPC" },
    description:
      "The encoding of requests. `grpc`, which the variables may say to others, is reported and ignored: that is `FemtoOtlpGrpcHandler`.",
  },
  headers: {
    type: "headers",
    default: {},
    environment: ["OTEL_EXPORTER_OTLP_LOGS_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"],
    description:
      "Headers of every request. Those of the option and of both variables are merged; of equal names the option wins, then OTEL_EXPORTER_OTLP_LOGS_HEADERS. A variable is a list `name=value,name=value` with percent-encoding. Values never appear in errors.",
  },
  compression: {
    type: "enum",
    values: ["none", "gzip", "zstd"],
    default: "none",
    environment: ["OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"],
    description:
      "Compression of request bodies. `zstd` takes a quarter of the time of `gzip` for bodies of about the same size; not every server knows it, collectors do.",
  },
  timeoutMillis: {
    type: "integer",
    unit: "ms",
    computedDefault: "10000, for each attempt",
    minimum: 0,
    maximum: 2_147_483_647,
    environment: ["OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
    alsoKnownAs: ["timeout"],
    description:
      "How long one attempt may take, from connecting to the end of the response. Given here or by a variable, it also bounds the batch with all its retries, in addition to `retryTimeoutMillis`, as OpenTelemetry has it. 0: no limit for either.",
  },
  retryTimeoutMillis: {
    type: "integer",
    unit: "ms",
    computedDefault: "300000; no limit where `timeoutMillis` is given",
    minimum: 0,
    maximum: 2_147_483_647,
    description:
      "How long a batch is tried again, with growing pauses, when the peer is away or busy. Then its records are counted as `export_failed`. 0: no limit.",
  },
  maxRequestBytes: {
    type: "integer",
    unit: "bytes",
    default: 4_194_304,
    minimum: 4_096,
    maximum: 67_108_864,
    description:
      "A batch that is longer, before compression, goes in several requests. A single record that is longer goes alone. What the peer refuses for its size is split in any case. Collectors refuse more than 20 MiB, OTLP forbids more than 64 MiB.",
  },
  tls: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof OTLP_TLS_OPTIONS {
      return OTLP_TLS_OPTIONS;
    },
    default: true,
    description:
      "TLS of `https:` URLs: `true` with Node's defaults and the variables OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE and _CLIENT_KEY, or an object of TLS settings, which win over the variables. Files are looked at again when a connection is opened.",
  },
  maxConcurrentRequests: {
    type: "integer",
    unit: "requests",
    default: 4,
    minimum: 1,
    maximum: 64,
    alsoKnownAs: ["concurrencyLimit", "concurrency"],
    description: "Most requests in flight at once.",
  },
} as const;

/** Everything that `FemtoOtlpHttpHandler` takes. */
export const OTLP_HTTP_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> &
  typeof OTLP_HTTP_OPTIONS &
  typeof HEADERS_MODULE_OPTIONS &
  typeof PROXY_OPTIONS &
  typeof PERSISTENCE_OPTIONS = {
  ...NETWORK_PROCESSOR_OPTIONS,
  ...OTLP_HTTP_OPTIONS,
  ...HEADERS_MODULE_OPTIONS,
  ...PROXY_OPTIONS,
  ...PERSISTENCE_OPTIONS,
};
