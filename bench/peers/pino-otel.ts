/** pino with its transport for OpenTelemetry: JSON on the calling thread, OTLP by the SDK's batch processor in a worker. */
import { once } from "node:events";

import { pino } from "pino";

import { compileBurst } from "../sites.ts";
import type { OtlpSubject, OtlpSubjectOptions } from "./otlp-subject.ts";
import { pinoCall } from "./pino.ts";
import { nothing } from "./subject.ts";

const CHUNK_SIZE = 1000;

/**
 * The transport with its defaults, but for a queue that holds all that will be logged: its own of 2,048 records drops what comes while a
 * request is under way. What it has delivered only the receiver knows.
 */
export async function openPinoOtel(
  options: OtlpSubjectOptions & { readonly maxQueueSize: number },
): Promise<OtlpSubject> {
  const { url, sites, maxQueueSize, transport = "http" } = options;
  const stream = pino.transport({
    target: "pino-opentelemetry-transport",
    options: {
      loggerName: "bench.call",
      serviceVersion: "1.0.0",
      logRecordProcessorOptions: {
        recordProcessorType: "batch",
        exporterOptions:
          transport === "http"
            ? { protocol: "http/protobuf", protobufExporterOptions: { url } }
            : { protocol: "grpc", grpcExporterOptions: { url } },
        processorConfig: { maxQueueSize },
      },
    },
  }) as { end(): void } & NodeJS.EventEmitter;
  // The transport waits for what pino says of itself before it is ready.
  const burst = compileBurst(pino(stream as never), sites, pinoCall);
  await once(stream, "ready");
  return {
    settings: `pino.transport({ target: "pino-opentelemetry-transport" }) for ${transport === "http" ? "protobuf over HTTP" : "gRPC"}, processorConfig: { maxQueueSize: ${maxQueueSize} }, a turn of the event loop after each ${CHUNK_SIZE} records`,
    burst,
    chunkSize: CHUNK_SIZE,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    finish: nothing,
    close: async () => {
      const closed = once(stream, "close");
      stream.end();
      await closed;
    },
  };
}
