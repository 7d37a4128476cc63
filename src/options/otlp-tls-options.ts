import type { Patched } from "./infer.ts";
import { overrideOptions } from "./override.ts";
import { TLS_OPTIONS } from "./tls-options.ts";

/** The option `tls` of OTLP exporters. @see OTLP exporter: `OTEL_EXPORTER_OTLP_CERTIFICATE` and its like */
export const OTLP_TLS_OPTIONS: Patched<typeof TLS_OPTIONS> = overrideOptions(TLS_OPTIONS, {
  ca: { environment: ["OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"] },
  cert: {
    environment: ["OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"],
  },
  key: { environment: ["OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_KEY"] },
});
