/** What is required of records per second, and of processor time a record. */
import { against, timesLess } from "./comparisons.ts";
import type { Requirement } from "./requirement.ts";

export const throughput: readonly Requirement[] = [
  ...against("file", "nsPerRecord", [
    {
      peer: "pino-sync-4096",
      label: "JSON lines to a file, against pino sync, minLength 4096",
      must: 3,
      aim: 6,
    },
    { peer: "pino-async-4096", label: "JSON lines to a file, against pino async, minLength 4096" },
    { peer: "pino-transport", label: "JSON lines to a file, against pino transport" },
    { peer: "winston", label: "JSON lines to a file, against winston File" },
    { peer: "logtape", label: "JSON lines to a file, against LogTape file" },
    { peer: "femtologging-again", label: "A/A: JSON lines to a file, against itself" },
  ]),
  timesLess({
    id: "file/winston-bridge/nsPerRecord",
    label: "winston with our transport, against winston File",
    peer: "file/winston",
    own: "file/winston-bridge",
    measure: "nsPerRecord",
    must: 1.5,
  }),
  timesLess({
    id: "file/winston-bridge-formats/nsPerRecord",
    label: "winston with our transport and formats nobody needs, against winston File",
    peer: "file/winston",
    own: "file/winston-bridge-formats",
    measure: "nsPerRecord",
  }),
  timesLess({
    id: "file/winston-bridge-again/nsPerRecord",
    label: "A/A: winston with our transport, against itself",
    peer: "file/winston-bridge-again",
    own: "file/winston-bridge",
    measure: "nsPerRecord",
  }),
  timesLess({
    id: "rotating/1-mib/nsPerRecord",
    label: "throughput when the file is put away at every MiB, of that of a plain file",
    peer: "rotating/plain",
    own: "rotating/1-mib",
    measure: "nsPerRecord",
    must: 0.8,
    aim: 0.95,
  }),
  ...against("otlp", "nsPerRecord", [
    { peer: "sdk-logs-512", label: "OTLP/HTTP, against sdk-logs, batch 512", must: 6, aim: 10 },
    { peer: "sdk-logs-4096", label: "OTLP/HTTP, against sdk-logs, batch 4096", must: 4, aim: 6 },
    { peer: "pino-otel", label: "OTLP/HTTP, against pino-opentelemetry-transport", must: 6, aim: 10 },
    { peer: "femtologging-again", label: "A/A: OTLP/HTTP, against itself" },
  ]),
  ...against("otlp-grpc", "nsPerRecord", [
    { peer: "sdk-logs-512", label: "OTLP/gRPC, against sdk-logs, batch 512", must: 6 },
    { peer: "sdk-logs-4096", label: "OTLP/gRPC, against sdk-logs, batch 4096", must: 4 },
    { peer: "pino-otel", label: "OTLP/gRPC, against pino-opentelemetry-transport", must: 6 },
    { peer: "femtologging-again", label: "A/A: OTLP/gRPC, against itself" },
  ]),
  ...(["HTTP", "gRPC"] as const).flatMap((transport) =>
    against(`distance-${transport.toLowerCase()}`, "nsPerRecord", [
      { peer: "sdk-logs", label: `OTLP/${transport}, 100 ms away, against sdk-logs, batch 512`, must: 10 },
      { peer: "pino-otel", label: `OTLP/${transport}, 100 ms away, against pino-opentelemetry-transport` },
      { peer: "femtologging-again", label: `A/A: OTLP/${transport}, 100 ms away, against itself` },
    ]),
  ),
  ...against("socket", "nsPerRecord", [
    { peer: "winston", label: "records over TCP, against winston on a socket", must: 5, aim: 10 },
    { peer: "log4js", label: "records over TCP, against log4js's tcp appender", must: 5, aim: 10 },
    { peer: "femtologging-json", label: "records over TCP, MessagePack against JSON" },
    { peer: "femtologging-again", label: "A/A: records over TCP, against itself" },
  ]),
  timesLess({
    id: "console/captured/nsPerRecord",
    label: "a captured console, JSON lines to a file, against console.log to a file",
    peer: "console/plain",
    own: "console/captured",
    measure: "nsPerRecord",
    must: 1,
  }),
  timesLess({
    id: "console/captured/cpuNsPerRecord",
    label: "CPU, a captured console, against console.log to a file",
    peer: "console/plain",
    own: "console/captured",
    measure: "cpuNsPerRecord",
  }),
  timesLess({
    id: "console/again/nsPerRecord",
    label: "A/A: a captured console, against itself",
    peer: "console/captured-again",
    own: "console/captured",
    measure: "nsPerRecord",
  }),
  ...against("file", "cpuNsPerRecord", [
    { peer: "pino-sync-4096", label: "CPU, file, against pino sync, minLength 4096", must: 2, aim: 4 },
    { peer: "femtologging-again", label: "A/A: CPU, file, against itself" },
  ]),
  ...against("otlp", "cpuNsPerRecord", [
    { peer: "sdk-logs-512", label: "CPU, OTLP/HTTP, against sdk-logs, batch 512", must: 4, aim: 6 },
    { peer: "sdk-logs-4096", label: "CPU, OTLP/HTTP, against sdk-logs, batch 4096", must: 4, aim: 6 },
    { peer: "pino-otel", label: "CPU, OTLP/HTTP, against pino-opentelemetry-transport", must: 4 },
    { peer: "femtologging-again", label: "A/A: CPU, OTLP/HTTP, against itself" },
  ]),
  ...against("otlp-grpc", "cpuNsPerRecord", [
    { peer: "sdk-logs-512", label: "CPU, OTLP/gRPC, against sdk-logs, batch 512", must: 4 },
    { peer: "sdk-logs-4096", label: "CPU, OTLP/gRPC, against sdk-logs, batch 4096", must: 4 },
    { peer: "pino-otel", label: "CPU, OTLP/gRPC, against pino-opentelemetry-transport", must: 4 },
    { peer: "femtologging-again", label: "A/A: CPU, OTLP/gRPC, against itself" },
  ]),
];
