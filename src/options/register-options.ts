/** What `femtologging/register` reads of the environment beside the variables of the handlers that it makes. */
export const REGISTER_OPTIONS = {
  configFile: {
    type: "path",
    computedDefault: "none: `otelConfigFile`, else the OTEL_* variables",
    environmentOnly: true,
    environment: ["FEMTO_CONFIG"],
    description:
      "A JSON or YAML file that says level, handlers, loggers and captures (docs/zero-code.md). Wins over `otelConfigFile`.",
  },
  otelConfigFile: {
    type: "path",
    computedDefault: "none: the OTEL_* variables",
    environmentOnly: true,
    environment: ["OTEL_CONFIG_FILE"],
    description:
      'A file of OpenTelemetry\'s declarative configuration (`file_format: "1.0"` or `"1.1"`), of which the parts that concern logs are taken. All other OTEL_* variables are ignored then, except where the file refers to them.',
  },
  capture: {
    type: "string",
    computedDefault: "none",
    environmentOnly: true,
    environment: ["FEMTO_CAPTURE"],
    description:
      "Sources that are captured without a change of code, by name, between commas: see docs/zero-code.md for the names. Added to those of `configFile`. A name that is unknown is reported and ignored.",
  },
  logsExporter: {
    type: "string",
    default: "otlp",
    environmentOnly: true,
    environment: ["OTEL_LOGS_EXPORTER"],
    description:
      "Where records go, a list between commas: `otlp`, `console` (standard output), `otlp/stdout` (OTLP JSON lines on standard output) or `none`. A word that is unknown is reported and ignored.",
  },
  otlpProtocol: {
    type: "enum",
    values: ["http/protobuf", "http/json", "grpc"],
    default: "http/protobuf",
    environmentOnly: true,
    environment: ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"],
    description: "Which handler `otlp` of `logsExporter` makes.",
  },
} as const;
