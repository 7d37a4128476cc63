export { FemtoFileExporter, type FileExporterOptions } from "./file/file-exporter.ts";
export { FemtoHttpExporter, type HttpExporterOptions } from "./http/http-exporter.ts";
export { FemtoInMemoryExporter } from "./in-memory/in-memory-exporter.ts";
export { FemtoOtlpGrpcExporter, type OtlpGrpcExporterOptions } from "./otlp-grpc/otlp-grpc-exporter.ts";
export { FemtoOtlpHttpExporter, type OtlpHttpExporterOptions } from "./otlp-http/otlp-http-exporter.ts";
export {
  FemtoRotatingFileExporter,
  type RotatingFileExporterOptions,
} from "./rotating/rotating-file-exporter.ts";
export {
  FemtoTimedRotatingFileExporter,
  type TimedRotatingFileExporterOptions,
} from "./rotating/timed-rotating-file-exporter.ts";
export { FemtoSocketExporter, type SocketExporterOptions } from "./socket/socket-exporter.ts";
export { FemtoStreamExporter, type StreamExporterOptions } from "./stream/stream-exporter.ts";
export { FemtoSysLogExporter, type SysLogExporterOptions } from "./syslog/syslog-exporter.ts";
export {
  replayOtlpFile,
  type OtlpReplayOptions,
  type OtlpReplayProgress,
  type OtlpReplayResult,
} from "./otlp-file/replay.ts";
