import type { Patched } from "./infer.ts";
import { OTLP_HTTP_OPTIONS } from "./otlp-http-options.ts";
import { NETWORK_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import { TLS_OPTIONS } from "./tls-options.ts";

/** What is the same for every way that OTLP goes. */
type SharedOptions = Pick<
  typeof OTLP_HTTP_OPTIONS,
  "headers" | "timeoutMillis" | "retryTimeoutMillis" | "maxRequestBytes"
>;

/** What `FemtoOtlpGrpcHandler` takes beside the options of all handlers. @see OTLP exporter, "Configuration options" */
export const OTLP_GRPC_OPTIONS = {
  url: {
    type: "url",
    protocols: ["http:", "https:", "unix:"],
    takesHostAndPort: true,
    default: "http://localhost:4317",
    environment: ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
    alsoKnownAs: ["endpoint"],
    description:
      "Where to send. `https:` is with TLS, `http:` and `unix:` (a Unix domain socket: `unix:/path`) are without; for `host:port` see `insecure`. Path and query of a URL mean nothing to gRPC. `user:password@` becomes Basic credentials.",
  },
  insecure: {
    type: "boolean",
    default: false,
    environment: ["OTEL_EXPORTER_OTLP_LOGS_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE"],
    description:
      "Whether the connection to a `url` of the form `host:port` is without TLS. Where `url` has a scheme, that decides.",
  },
  tls: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof TLS_OPTIONS {
      return TLS_OPTIONS;
    },
    default: true,
    description:
      "Settings of TLS for an `https:` URL, or for `host:port`; `true` for Node's defaults. It does not turn TLS on: `url` does.",
  },
  compression: {
    type: "enum",
    values: ["none", "gzip"],
    default: "none",
    environment: ["OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"],
    description: "Compression of requests.",
  },
  maxConcurrentRequests: {
    type: "integer",
    unit: "requests",
    default: 4,
    minimum: 1,
    maximum: 64,
    alsoKnownAs: ["concurrencyLimit", "concurrency"],
    description: "Most requests in flight at once, each on a connection of its own that is kept open.",
  },
} as const;

const { headers, timeoutMillis, retryTimeoutMillis, maxRequestBytes } = OTLP_HTTP_OPTIONS;
const sharedOptions: SharedOptions = { headers, timeoutMillis, retryTimeoutMillis, maxRequestBytes };

/** Everything that `FemtoOtlpGrpcHandler` takes. */
export const OTLP_GRPC_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> &
  typeof OTLP_GRPC_OPTIONS &
  SharedOptions = {
  ...NETWORK_PROCESSOR_OPTIONS,
  ...OTLP_GRPC_OPTIONS,
  ...sharedOptions,
};
