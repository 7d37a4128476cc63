export { basicConfig, type BasicConfigOptions } from "./system/basic-config.ts";
export {
  critical,
  debug,
  disable,
  error,
  exception,
  flush,
  flushSync,
  getLogger,
  info,
  shutdown,
  stats,
  trace,
  warn,
} from "./system/global-functions.ts";
export { createLogging, type Logging, type LoggingOptions } from "./system/logging.ts";
export type { RedactOption, RedactOptions } from "./record/redaction.ts";
export { detectResource, type ResourceOptions } from "./resource/detect-resource.ts";
export type { DetectedResource, RawAttribute } from "./resource/detected-resource.ts";
export type { DetectorChoice, ResourceDetectorLike } from "./options/resource-options.ts";
export { withFingersCrossed, type FingersCrossedOptions } from "./system/fingers-crossed.ts";
export { withContext } from "./logger/context.ts";
export type { FemtoLogger } from "./logger/logger.ts";
export type { ExceptionMethod, LevelledLogMethod, LogMethod } from "./logger/template-types.ts";
export {
  FemtoLoggerProvider,
  type LoggerProviderOptions,
  type ProviderWaitOptions,
} from "./system/provider.ts";
export type { Registration } from "./system/register-provider.ts";

export { FemtoHandler, type FlushOptions } from "../processors/batch/handler.ts";
export type { DropEvent, DropListener } from "../processors/batch/drop-watch.ts";
export type { DropCounts, HandlerStats } from "../processors/queue/counters.ts";
export {
  FemtoBatchLogRecordProcessor,
  type BatchLogRecordProcessorOptions,
  type ExporterModule,
} from "./handlers/batch-log-record-processor.ts";
export { FemtoFileHandler, type FileHandlerOptions } from "./handlers/file-handler.ts";
export { FemtoMemoryHandler, type MemoryHandlerOptions } from "./handlers/memory-handler.ts";
export { FemtoNullHandler, type NullHandlerOptions } from "./handlers/null-handler.ts";
export { FemtoHttpHandler, type HttpHandlerOptions } from "./handlers/http-handler.ts";
export type { ProvidedHeaders } from "../exporters/delivery/header-source.ts";
export type { HeadersModule } from "./options/headers-module-options.ts";
export type { HttpCredentials, RecordMapper } from "./options/http-options.ts";
export type { MapLogRecord } from "./record/map-log-record.ts";
export { FemtoOtlpGrpcHandler, type OtlpGrpcHandlerOptions } from "./handlers/otlp-grpc-handler.ts";
export { FemtoOtlpFileHandler, type OtlpFileHandlerOptions } from "./handlers/otlp-file-handler.ts";
export { FemtoOtlpHttpHandler, type OtlpHttpHandlerOptions } from "./handlers/otlp-http-handler.ts";
export { FemtoSysLogHandler, type SysLogHandlerOptions } from "./handlers/syslog-handler.ts";
export { FemtoSocketHandler, type SocketHandlerOptions } from "./handlers/socket-handler.ts";
export {
  FemtoRotatingFileHandler,
  type RotatingFileHandlerOptions,
} from "./handlers/rotating-file-handler.ts";
export {
  FemtoTimedRotatingFileHandler,
  type TimedRotatingFileHandlerOptions,
} from "./handlers/timed-rotating-file-handler.ts";
export type { HookModuleReference, NamerFunction, RotatorFunction } from "./options/rotation-hooks.ts";
export type { TimeOfDay } from "./options/timed-rotating-options.ts";
export { FemtoStreamHandler, type StreamHandlerOptions } from "./handlers/stream-handler.ts";
export { FemtoInMemoryExporter } from "../exporters/in-memory/in-memory-exporter.ts";

export { FemtoDatadogFormatter, type DatadogFormatterOptions } from "./formatters/datadog-formatter.ts";
export { FemtoEcsFormatter, type EcsFormatterOptions } from "./formatters/ecs-formatter.ts";
export { FemtoGelfFormatter, type GelfFormatterOptions } from "./formatters/gelf-formatter.ts";
export {
  FemtoGoogleCloudFormatter,
  type GoogleCloudFormatterOptions,
} from "./formatters/google-cloud-formatter.ts";
export { FemtoJsonFormatter, type JsonFormatterOptions } from "./formatters/json-formatter.ts";
export type { JsonNames } from "./formatters/json-names.ts";
export { FemtoLogfmtFormatter, type LogfmtFormatterOptions } from "./formatters/logfmt-formatter.ts";
export { FemtoOtlpJsonFormatter, type OtlpJsonFormatterOptions } from "../proto/otlp-json-formatter.ts";
export { FemtoPrettyFormatter, type PrettyFormatterOptions } from "./formatters/pretty-formatter.ts";
export {
  FemtoSplunkHecFormatter,
  type SplunkHecFormatterOptions,
} from "./formatters/splunk-hec-formatter.ts";
export { FemtoTextFormatter, type TextFormatterOptions } from "./formatters/text-formatter.ts";
export type {
  FormatName,
  FormatterChoice,
  FormatterFunction,
  FormatterModule,
} from "./options/formatter-options.ts";
export type { FemtoFormatter } from "../processors/shape/renderer.ts";

export {
  ConfigError,
  ExportError,
  FlushTimeoutError,
  type ConfigProblem,
  type FlushRemainder,
} from "./errors.ts";
export { FemtoAttributeFilter, type AttributeFilterOptions } from "./filters/attribute-filter.ts";
export { FemtoCallbackFilter } from "./filters/callback-filter.ts";
export { FemtoDedupFilter, type DedupFilterOptions } from "./filters/dedup-filter.ts";
export { FemtoLevelFilter, type LevelFilterOptions } from "./filters/level-filter.ts";
export { FemtoMessageFilter, type MessageFilterOptions } from "./filters/message-filter.ts";
export { FemtoNameFilter, type NameFilterOptions } from "./filters/name-filter.ts";
export { FemtoRateLimitFilter, type RateLimitFilterOptions } from "./filters/rate-limit-filter.ts";
export { FemtoSamplingFilter, type SamplingFilterOptions } from "./filters/sampling-filter.ts";
export type {
  FemtoFilter,
  FilterFunction,
  FilterModule,
  HandlerFilter,
  LoggerFilter,
} from "./record/filter.ts";

export { setTroubleListener, type Trouble, type TroubleListener } from "./diagnostics.ts";
export {
  loggedValue,
  type FemtoLogRecord,
  type FemtoValue,
  type Loggable,
  type LoggableAttributes,
} from "./record/log-record.ts";
export { LEVELS, type Level, type LevelName, type LevelThreshold } from "./record/severity.ts";
