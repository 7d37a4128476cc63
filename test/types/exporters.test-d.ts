import {
  BatchLogRecordProcessor,
  SimpleLogRecordProcessor,
  type LogRecordExporter,
} from "@opentelemetry/sdk-logs";
import { expectTypeOf, test } from "vitest";

import type {
  FemtoHttpExporter,
  FemtoInMemoryExporter,
  FemtoRotatingFileExporter,
  FemtoSocketExporter,
  FemtoSysLogExporter,
  FemtoTimedRotatingFileExporter,
  FileExporterOptions,
  HttpExporterOptions,
  OtlpHttpExporterOptions,
  RotatingFileExporterOptions,
  SocketExporterOptions,
  StreamExporterOptions,
  SysLogExporterOptions,
  TimedRotatingFileExporterOptions,
} from "../../exporters/index.ts";
import { FemtoFileExporter, FemtoOtlpHttpExporter, FemtoStreamExporter } from "../../exporters/index.ts";
import { FemtoBatchLogRecordProcessor } from "../../src/index.ts";

test("every exporter is a stock exporter", () => {
  expectTypeOf<FemtoFileExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoHttpExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoInMemoryExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoOtlpHttpExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoRotatingFileExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoSocketExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoStreamExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoSysLogExporter>().toExtend<LogRecordExporter>();
  expectTypeOf<FemtoTimedRotatingFileExporter>().toExtend<LogRecordExporter>();
  void new BatchLogRecordProcessor({ exporter: new FemtoFileExporter({ path: "a" }) });
  void new SimpleLogRecordProcessor({ exporter: new FemtoStreamExporter() });
  void new FemtoBatchLogRecordProcessor({ exporter: new FemtoOtlpHttpExporter() });
});

test("options are those of the handlers without the queue's", () => {
  expectTypeOf<ConstructorParameters<typeof FemtoFileExporter>>().toEqualTypeOf<
    [options: FileExporterOptions]
  >();
  expectTypeOf<FileExporterOptions["path"]>().toEqualTypeOf<string | URL>();
  expectTypeOf<"queueBytes" | "level" | "name" | "reopenOnSighup">()
    .exclude<keyof FileExporterOptions>()
    .toEqualTypeOf<"queueBytes" | "level" | "name" | "reopenOnSighup">();
  expectTypeOf<"mode">().exclude<keyof RotatingFileExporterOptions>().toEqualTypeOf<"mode">();
  expectTypeOf<RotatingFileExporterOptions["maxBytes"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<TimedRotatingFileExporterOptions["interval"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<HttpExporterOptions["url"]>().toEqualTypeOf<string | URL>();
  expectTypeOf<OtlpHttpExporterOptions["protocol"]>().toEqualTypeOf<
    "http/protobuf" | "http/json" | undefined
  >();
  expectTypeOf<SocketExporterOptions["port"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<StreamExporterOptions["terminator"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<SysLogExporterOptions["transport"]>().toEqualTypeOf<
    "udp" | "tcp" | "tls" | "unix" | undefined
  >();
  // @ts-expect-error: a file has a path.
  void new FemtoFileExporter({});
  // @ts-expect-error: an exporter has no queue.
  void new FemtoStreamExporter({ maxQueueSize: 1 });
});
