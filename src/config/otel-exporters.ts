/** Processors and exporters of the declarative configuration, and what they are with us. */
import { fileURLToPath } from "node:url";
import { FemtoOtlpFileHandler } from "../handlers/otlp-file-handler.ts";
import { FemtoStreamHandler } from "../handlers/stream-handler.ts";
import type { HandlerPort } from "../logger/ports.ts";
import { readChoice, readFields, readInteger, refuse, type Place, type Reader } from "./data-reader.ts";
import { readOtlpGrpc, readOtlpHttp, type MakeHandler } from "./otel-otlp.ts";

const readConsole: Reader<MakeHandler> = (value, place) => {
  readFields({})(value, place);
  return () => new FemtoStreamHandler({ stream: "stdout" });
};

const readOtlpFile: Reader<MakeHandler> = (value, place) => {
  const fields = readFields({ output_stream: readOutput })(value, place);
  const path = fields?.output_stream;
  return () => new FemtoOtlpFileHandler(path === undefined ? {} : { path });
};

/** The path of a file; undefined for standard output. */
function readOutput(value: unknown, place: Place): string | undefined {
  if (value === "stdout") return undefined;
  const url = typeof value === "string" && value.startsWith("file:") ? URL.parse(value) : null;
  try {
    if (url !== null) return fileURLToPath(url);
  } catch {
    // Told below.
  }
  return refuse(value, place, {
    expected: 'must be "stdout" or a file URL such as "file:///var/log/app.jsonl"',
  });
}

/** An exporter: a map with one key. */
const readExporter: Reader<MakeHandler> = readChoice({
  otlp_http: readOtlpHttp,
  otlp_grpc: readOtlpGrpc,
  "otlp_file/development": readOtlpFile,
  console: readConsole,
});

const BATCH = {
  schedule_delay: readInteger(0),
  export_timeout: readInteger(0),
  max_queue_size: readInteger(1),
  max_export_batch_size: readInteger(1),
  exporter: readExporter,
};

const readBatch: Reader<() => HandlerPort> = (value, place) => {
  const fields = readFields(BATCH, ["exporter"])(value, place);
  if (fields?.exporter === undefined) return undefined;
  const { exporter, max_queue_size: maxQueueSize = 2048 } = fields;
  const { max_export_batch_size: given, schedule_delay: scheduledDelayMillis = 1000 } = fields;
  if (given !== undefined && given > maxQueueSize) {
    return refuse(
      given,
      { ...place, path: `${place.path}.max_export_batch_size` },
      {
        expected: `must be at most ${maxQueueSize}, the value of "max_queue_size"`,
      },
    );
  }
  const maxExportBatchSize = given ?? Math.min(512, maxQueueSize);
  const { export_timeout: exportTimeoutMillis = 30_000 } = fields;
  return () => exporter({ scheduledDelayMillis, exportTimeoutMillis, maxQueueSize, maxExportBatchSize });
};

const readSimple: Reader<() => HandlerPort> = (value, place) => {
  const exporter = readFields({ exporter: readExporter }, ["exporter"])(value, place)?.exporter;
  return exporter && (() => exporter({ scheduledDelayMillis: 0 }));
};

/** A part of the schema that concerns traces: ours has no part in it. */
export const NOT_OURS = "event_to_span_event_bridge/development";

/**
 * A processor of `logger_provider`: a map with one key.
 *
 * @see OpenTelemetry Configuration v1.1.0, LogRecordProcessor, LogRecordExporter
 */
export const readProcessor: Reader<(() => HandlerPort) | typeof NOT_OURS> = readChoice<
  (() => HandlerPort) | typeof NOT_OURS
>({ batch: readBatch, simple: readSimple, [NOT_OURS]: () => NOT_OURS });
