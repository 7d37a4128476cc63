/**
 * What only environment variables say, of the SDK as a whole: no option of any class. Those of the resource are read by
 * `src/resource`, which has rules of its own.
 *
 * @see Specification, Configuration > Environment variables
 */
export const ENVIRONMENT_OPTIONS = {
  sdkDisabled: {
    type: "boolean",
    default: false,
    environmentOnly: true,
    environment: ["OTEL_SDK_DISABLED"],
    description:
      "Switches telemetry off: loggers of a `FemtoLoggerProvider` make no records and it registers itself nowhere, `otlp` of `basicConfig()` adds no handler, and `femtologging/register` does nothing at all. What the application logs to its own files and streams goes on.",
  },
  attributeCountLimit: {
    type: "integer",
    minimum: 0,
    computedDefault: "128",
    environmentOnly: true,
    environment: ["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"],
    description:
      "Attributes a record keeps; more are counted on it. `logRecordLimits` of `FemtoLoggerProvider` wins.",
  },
  attributeValueLengthLimit: {
    type: "integer",
    minimum: 0,
    computedDefault: "no limit",
    environmentOnly: true,
    environment: ["OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"],
    description:
      "UTF-16 units of a text, and bytes of a byte array, that an attribute keeps. `logRecordLimits` of `FemtoLoggerProvider` wins.",
  },
} as const;
