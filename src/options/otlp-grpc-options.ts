import type { Patched } from "./infer.ts";
import { OTLP_HTTP_OPTIONS } from "./otlp-http-options.ts";
import { HEADERS_MODULE_OPTIONS } from "./headers-module-options.ts";
import { OTLP_TLS_OPTIONS } from "./otlp-tls-options.ts";
import { PERSISTENCE_OPTIONS } from "./persistent-queue-options.ts";
import { NETWORK_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import type { ProxyGiven } from "./proxy-options.ts";

/** What is the same for every way that OTLP goes. */
type SharedOptions = Pick<
  typeof OTLP_HTTP_OPTIONS,
  "headers" | "timeoutMillis" | "retryTimeoutMillis" | "maxRequestBytes"
>;

function isHttpProxy(value: unknown): value is ProxyGiven {
  if (value === false) return true;
  const url = value instanceof URL ? value : typeof value === "string" ? URL.parse(value) : null;
  return url !== null && url.protocol === "http:" && url.hostname !== "";
}

/** What `FemtoOtlpGrpcHandler` takes beside the options of all handlers. @see OTLP exporter, "Configuration options" */
const OTLP_GRPC_OPTIONS = {
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
    get table(): typeof OTLP_TLS_OPTIONS {
      return OTLP_TLS_OPTIONS;
    },
    default: true,
    description:
      "TLS of `https:` URLs and of `host:port` without `insecure`: `true` with Node's defaults and the variables OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE and _CLIENT_KEY, or an object of TLS settings, which win over the variables. Files are looked at again when a connection is opened.",
  },
  proxy: {
    type: "custom",
    expected: "a URL with http:, such as http://proxy.example:3128, or false",
    accepts: (value: unknown): value is ProxyGiven => isHttpProxy(value),
    secret: true,
    computedDefault:
      "`grpc_proxy`, else `HTTPS_PROXY` where there is TLS and `HTTP_PROXY` where there is none, unless `NO_PROXY` names the host or it is this machine",
    alsoKnownAs: ["proxyUrl", "httpProxy", "httpsProxy"],
    description:
      "A proxy to go through, by a tunnel (CONNECT); `false` for none, whatever the environment says. `user:password@` in it becomes Basic credentials, and never appears in errors.",
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

/** What `FemtoOtlpGrpcHandler` and its exporter take beside the options of all handlers. */
export const OTLP_GRPC_CLIENT_OPTIONS: typeof OTLP_GRPC_OPTIONS &
  SharedOptions &
  typeof HEADERS_MODULE_OPTIONS = {
  ...OTLP_GRPC_OPTIONS,
  ...sharedOptions,
  ...HEADERS_MODULE_OPTIONS,
};

/** Everything that `FemtoOtlpGrpcHandler` takes. */
export const OTLP_GRPC_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> &
  typeof OTLP_GRPC_CLIENT_OPTIONS &
  typeof PERSISTENCE_OPTIONS = {
  ...NETWORK_PROCESSOR_OPTIONS,
  ...OTLP_GRPC_CLIENT_OPTIONS,
  ...PERSISTENCE_OPTIONS,
};
