import { BASIC_CONFIG_OPTIONS } from "./basic-config-options.ts";
import {
  BUNYAN_OPTIONS,
  CHANNEL_CAPTURE_OPTIONS,
  CONSOLE_CAPTURE_OPTIONS,
  DEBUG_CAPTURE_OPTIONS,
  DEBUGLOG_CAPTURE_OPTIONS,
  LOG4JS_OPTIONS,
  SPAN_PROCESSOR_OPTIONS,
  TRACING_CHANNEL_CAPTURE_OPTIONS,
  UNCAUGHT_CAPTURE_OPTIONS,
  WARNINGS_CAPTURE_OPTIONS,
} from "./bridge-options.ts";
import type { OptionTable } from "./description.ts";
import { ENVIRONMENT_OPTIONS } from "./environment-options.ts";
import {
  ATTRIBUTE_FILTER_OPTIONS,
  DEDUP_FILTER_OPTIONS,
  LEVEL_FILTER_OPTIONS,
  MESSAGE_FILTER_OPTIONS,
  NAME_FILTER_OPTIONS,
  RATE_LIMIT_FILTER_OPTIONS,
  SAMPLING_FILTER_OPTIONS,
} from "./filter-options.ts";
import {
  FILE_EXPORTER_OPTIONS,
  HTTP_EXPORTER_OPTIONS,
  OTLP_GRPC_EXPORTER_OPTIONS,
  OTLP_HTTP_EXPORTER_OPTIONS,
  ROTATING_EXPORTER_OPTIONS,
  STREAM_EXPORTER_OPTIONS,
  SYSLOG_EXPORTER_OPTIONS,
  TIMED_ROTATING_EXPORTER_OPTIONS,
} from "./exporter-options.ts";
import { FILE_HANDLER_OPTIONS } from "./file-options.ts";
import { MEMORY_HANDLER_OPTIONS } from "./memory-options.ts";
import { NULL_HANDLER_OPTIONS } from "./null-options.ts";
import { FINGERS_CROSSED_OPTIONS } from "./fingers-crossed-options.ts";
import { HTTP_HANDLER_OPTIONS } from "./http-options.ts";
import {
  DATADOG_FORMATTER_OPTIONS,
  ECS_FORMATTER_OPTIONS,
  GELF_FORMATTER_OPTIONS,
  GOOGLE_CLOUD_FORMATTER_OPTIONS,
  JSON_FORMATTER_OPTIONS,
  LOGFMT_FORMATTER_OPTIONS,
  OTLP_JSON_FORMATTER_OPTIONS,
  PRETTY_FORMATTER_OPTIONS,
  SPLUNK_HEC_FORMATTER_OPTIONS,
  TEXT_FORMATTER_OPTIONS,
} from "./formatter-options.ts";
import { OTLP_GRPC_HANDLER_OPTIONS } from "./otlp-grpc-options.ts";
import { OTLP_FILE_HANDLER_OPTIONS } from "./otlp-file-options.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "./otlp-http-options.ts";
import { OTLP_TLS_OPTIONS } from "./otlp-tls-options.ts";
import { PERSISTENT_QUEUE_OPTIONS } from "./persistent-queue-options.ts";
import { CONFIG_FILE_OPTIONS, LOGGER_CONFIG_OPTIONS } from "./config-file-options.ts";
import { REGISTER_OPTIONS } from "./register-options.ts";
import { PINO_BRIDGE_OPTIONS, PINO_TARGET_OPTIONS } from "./pino-options.ts";
import { PROCESSOR_OPTIONS } from "./processor-options.ts";
import { SOCKET_EXPORTER_OPTIONS, SOCKET_HANDLER_OPTIONS } from "./socket-options.ts";
import { STREAM_HANDLER_OPTIONS } from "./stream-options.ts";
import { SYSLOG_HANDLER_OPTIONS } from "./syslog-options.ts";
import { RESOURCE_OPTIONS } from "./resource-options.ts";
import { REPLAY_OPTIONS } from "./replay-options.ts";
import { TLS_OPTIONS } from "./tls-options.ts";
import {
  WINSTON_CAPTURE_OPTIONS,
  WINSTON_FORMAT_OPTIONS,
  WINSTON_TRANSPORT_OPTIONS,
} from "./winston-options.ts";
import { ROTATING_HANDLER_OPTIONS } from "./rotating-options.ts";
import { TIMED_ROTATING_HANDLER_OPTIONS } from "./timed-rotating-options.ts";

/** A table and who takes its options. */
export interface TakenOptions {
  /** As in CONFIG.md: the name of the class or function. */
  readonly taker: string;
  readonly table: OptionTable;
}

/** Every table there is: what CONFIG.md is written from and the tests of all tables go through. A new one belongs here. */
export const OPTION_TABLES: readonly TakenOptions[] = [
  { taker: "basicConfig()", table: BASIC_CONFIG_OPTIONS },
  { taker: "FemtoStreamHandler", table: STREAM_HANDLER_OPTIONS },
  { taker: "FemtoFileHandler", table: FILE_HANDLER_OPTIONS },
  { taker: "FemtoRotatingFileHandler", table: ROTATING_HANDLER_OPTIONS },
  { taker: "FemtoTimedRotatingFileHandler", table: TIMED_ROTATING_HANDLER_OPTIONS },
  { taker: "FemtoOtlpHttpHandler", table: OTLP_HTTP_HANDLER_OPTIONS },
  { taker: "FemtoOtlpGrpcHandler", table: OTLP_GRPC_HANDLER_OPTIONS },
  { taker: "FemtoOtlpFileHandler", table: OTLP_FILE_HANDLER_OPTIONS },
  { taker: "replayOtlpFile()", table: REPLAY_OPTIONS },
  { taker: "detectResource()", table: RESOURCE_OPTIONS },
  { taker: "Persistent queue", table: PERSISTENT_QUEUE_OPTIONS },
  { taker: "FemtoMemoryHandler", table: MEMORY_HANDLER_OPTIONS },
  { taker: "withFingersCrossed()", table: FINGERS_CROSSED_OPTIONS },
  { taker: "FemtoNullHandler", table: NULL_HANDLER_OPTIONS },
  { taker: "FemtoHttpHandler", table: HTTP_HANDLER_OPTIONS },
  { taker: "FemtoSysLogHandler", table: SYSLOG_HANDLER_OPTIONS },
  { taker: "TLS settings", table: TLS_OPTIONS },
  { taker: "TLS settings of OTLP", table: OTLP_TLS_OPTIONS },
  { taker: "FemtoSocketHandler", table: SOCKET_HANDLER_OPTIONS },
  { taker: "FemtoStreamExporter", table: STREAM_EXPORTER_OPTIONS },
  { taker: "FemtoFileExporter", table: FILE_EXPORTER_OPTIONS },
  { taker: "FemtoRotatingFileExporter", table: ROTATING_EXPORTER_OPTIONS },
  { taker: "FemtoTimedRotatingFileExporter", table: TIMED_ROTATING_EXPORTER_OPTIONS },
  { taker: "FemtoSocketExporter", table: SOCKET_EXPORTER_OPTIONS },
  { taker: "FemtoHttpExporter", table: HTTP_EXPORTER_OPTIONS },
  { taker: "FemtoSysLogExporter", table: SYSLOG_EXPORTER_OPTIONS },
  { taker: "FemtoOtlpHttpExporter", table: OTLP_HTTP_EXPORTER_OPTIONS },
  { taker: "FemtoOtlpGrpcExporter", table: OTLP_GRPC_EXPORTER_OPTIONS },
  { taker: "FemtoBatchLogRecordProcessor", table: PROCESSOR_OPTIONS },
  { taker: "Environment of the SDK", table: ENVIRONMENT_OPTIONS },
  { taker: "FemtoTextFormatter", table: TEXT_FORMATTER_OPTIONS },
  { taker: "FemtoPrettyFormatter", table: PRETTY_FORMATTER_OPTIONS },
  { taker: "FemtoJsonFormatter", table: JSON_FORMATTER_OPTIONS },
  { taker: "FemtoLogfmtFormatter", table: LOGFMT_FORMATTER_OPTIONS },
  { taker: "FemtoEcsFormatter", table: ECS_FORMATTER_OPTIONS },
  { taker: "FemtoGelfFormatter", table: GELF_FORMATTER_OPTIONS },
  { taker: "FemtoDatadogFormatter", table: DATADOG_FORMATTER_OPTIONS },
  { taker: "FemtoSplunkHecFormatter", table: SPLUNK_HEC_FORMATTER_OPTIONS },
  { taker: "FemtoGoogleCloudFormatter", table: GOOGLE_CLOUD_FORMATTER_OPTIONS },
  { taker: "FemtoOtlpJsonFormatter", table: OTLP_JSON_FORMATTER_OPTIONS },
  { taker: "FemtoLevelFilter", table: LEVEL_FILTER_OPTIONS },
  { taker: "FemtoNameFilter", table: NAME_FILTER_OPTIONS },
  { taker: "FemtoMessageFilter", table: MESSAGE_FILTER_OPTIONS },
  { taker: "FemtoAttributeFilter", table: ATTRIBUTE_FILTER_OPTIONS },
  { taker: "FemtoSamplingFilter", table: SAMPLING_FILTER_OPTIONS },
  { taker: "FemtoRateLimitFilter", table: RATE_LIMIT_FILTER_OPTIONS },
  { taker: "FemtoDedupFilter", table: DEDUP_FILTER_OPTIONS },
  { taker: "femtologging/register", table: REGISTER_OPTIONS },
  { taker: "FEMTO_CONFIG", table: CONFIG_FILE_OPTIONS },
  { taker: "`loggers` of FEMTO_CONFIG", table: LOGGER_CONFIG_OPTIONS },
  { taker: "pinoDestination(), capturePino()", table: PINO_BRIDGE_OPTIONS },
  { taker: "transport target of pino", table: PINO_TARGET_OPTIONS },
  { taker: "FemtoWinstonTransport", table: WINSTON_TRANSPORT_OPTIONS },
  { taker: "femtoFormat()", table: WINSTON_FORMAT_OPTIONS },
  { taker: "captureWinston()", table: WINSTON_CAPTURE_OPTIONS },
  { taker: "captureConsole()", table: CONSOLE_CAPTURE_OPTIONS },
  { taker: "captureDebug()", table: DEBUG_CAPTURE_OPTIONS },
  { taker: "captureDebuglog()", table: DEBUGLOG_CAPTURE_OPTIONS },
  { taker: "captureWarnings()", table: WARNINGS_CAPTURE_OPTIONS },
  { taker: "captureUncaught()", table: UNCAUGHT_CAPTURE_OPTIONS },
  { taker: "captureChannel()", table: CHANNEL_CAPTURE_OPTIONS },
  { taker: "captureTracingChannel()", table: TRACING_CHANNEL_CAPTURE_OPTIONS },
  { taker: "appender of log4js", table: LOG4JS_OPTIONS },
  { taker: "createBunyanStream()", table: BUNYAN_OPTIONS },
  { taker: "FemtoSpanProcessor", table: SPAN_PROCESSOR_OPTIONS },
];
