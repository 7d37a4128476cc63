/** Who logs in the overload test. */
import { once } from "node:events";

import type { HandlerStats } from "femtologging";

import { ROW_MASK, tables } from "../data.ts";

/** Policies of our handlers, and the loggers that they are compared with. */
export type OverloadSubjectName =
  | "drop-newest"
  | "drop-oldest"
  | "block"
  | "pino-sync"
  | "pino-transport"
  | "winston"
  | "sdk-logs";

/** A logger that is offered more than its sink takes. */
export interface OverloadSubject {
  readonly settings: string;
  /** Logs a record with this number. */
  readonly log: (index: number) => void;
  /** Counts of a handler of ours. */
  readonly stats?: () => HandlerStats;
  /** Resolves when all that was not dropped is delivered, and the pipe is closed. */
  readonly finish: () => Promise<void>;
}

/** What a subject is opened with. */
export interface OverloadSubjectOptions {
  /** Path of the pipe, or URL of the receiver. */
  readonly target: string;
  readonly isOtlp: boolean;
  readonly queueBytes: number;
  /** Bytes of a record in our queue. */
  readonly recordBytes: number;
  readonly blockTimeoutMillis: number;
}

const MESSAGE = "request completed";
/** So that requests go out soon: by default a batch that is not full waits a second. */
const SCHEDULED_DELAY_MILLIS = 100;
const SDK_BATCH_SIZE = 4096;
const NAME = "bench.overload";

/** Values of a record; the sink knows them too. */
function valuesOf(index: number): { seq: number; path: string; cached: boolean; ms: number } {
  const row = index & ROW_MASK;
  return {
    seq: index,
    path: tables.text[row] as string,
    cached: tables.flag[row] as boolean,
    ms: tables.double[row] as number,
  };
}

/** Sets a logger up. */
export function openOverloadSubject(
  name: OverloadSubjectName,
  options: OverloadSubjectOptions,
): Promise<OverloadSubject> {
  switch (name) {
    case "pino-sync":
      return openPinoSync(options);
    case "pino-transport":
      return openPinoTransport(options);
    case "winston":
      return openWinston(options);
    case "sdk-logs":
      return openSdk(options);
    case "drop-newest":
    case "drop-oldest":
    case "block":
      return openOwn(name, options);
  }
}

async function openOwn(
  overflow: "drop-newest" | "drop-oldest" | "block",
  { target, isOtlp, queueBytes, blockTimeoutMillis }: OverloadSubjectOptions,
): Promise<OverloadSubject> {
  const { createLogging, FemtoFileHandler, FemtoOtlpHttpHandler } = await import("femtologging");
  const common = { overflow, queueBytes, blockTimeoutMillis };
  const handler = isOtlp
    ? new FemtoOtlpHttpHandler({ url: target, scheduledDelayMillis: SCHEDULED_DELAY_MILLIS, ...common })
    : new FemtoFileHandler({ path: target, ...common });
  const logging = createLogging({ handlers: [handler] });
  const log = logging.getLogger(NAME);
  // Its thread is up.
  await handler.forceFlush();
  const delay = isOtlp ? `, scheduledDelayMillis: ${SCHEDULED_DELAY_MILLIS}` : "";
  const block = overflow === "block" ? `, blockTimeoutMillis: ${blockTimeoutMillis}` : "";
  return {
    settings: `${isOtlp ? "FemtoOtlpHttpHandler" : "FemtoFileHandler"}({ overflow: "${overflow}", queueBytes: ${queueBytes}${block}${delay} })`,
    log: (index) => log.info(MESSAGE, valuesOf(index)),
    stats: () => handler.stats(),
    finish: async () => {
      await handler.forceFlush();
      await logging.shutdown();
    },
  };
}

async function openPinoSync({ target }: OverloadSubjectOptions): Promise<OverloadSubject> {
  const { pino } = await import("pino");
  const destination = pino.destination({ dest: target, sync: true });
  const log = pino({ base: { name: NAME } }, destination);
  return {
    settings: "pino.destination({ sync: true })",
    log: (index) => log.info(valuesOf(index), MESSAGE),
    finish: async () => {
      const closed = once(destination, "close");
      destination.end();
      await closed;
    },
  };
}

async function openPinoTransport({ target }: OverloadSubjectOptions): Promise<OverloadSubject> {
  const { pino } = await import("pino");
  const transport = pino.transport({ target: "pino/file", options: { destination: target } });
  await once(transport, "ready");
  const log = pino({ base: { name: NAME } }, transport);
  // A stream's type that pino keeps to itself.
  const stream = transport as { end(): void };
  return {
    settings: 'pino.transport({ target: "pino/file" })',
    log: (index) => log.info(valuesOf(index), MESSAGE),
    finish: async () => {
      const closed = once(transport, "close");
      stream.end();
      await closed;
    },
  };
}

async function openWinston({ target }: OverloadSubjectOptions): Promise<OverloadSubject> {
  const { createLogger, format, transports } = await import("winston");
  const file = new transports.File({ filename: target });
  const log = createLogger({
    level: "info",
    format: format.combine(format.timestamp(), format.json()),
    defaultMeta: { name: NAME },
    transports: [file],
  });
  return {
    settings: "transports.File, combine(timestamp(), json())",
    log: (index) => log.info(MESSAGE, valuesOf(index)),
    finish: async () => {
      const finished = once(file, "finish");
      log.end();
      await finished;
    },
  };
}

async function openSdk({
  target,
  queueBytes,
  recordBytes,
}: OverloadSubjectOptions): Promise<OverloadSubject> {
  const { OTLPLogExporter } = await import("@opentelemetry/exporter-logs-otlp-proto");
  const { BatchLogRecordProcessor, LoggerProvider } = await import("@opentelemetry/sdk-logs");
  // As many records as fit our queue.
  const maxQueueSize = Math.max(SDK_BATCH_SIZE, Math.floor(queueBytes / recordBytes));
  const processor = new BatchLogRecordProcessor({
    exporter: new OTLPLogExporter({ url: target }),
    maxQueueSize,
    maxExportBatchSize: SDK_BATCH_SIZE,
    scheduledDelayMillis: SCHEDULED_DELAY_MILLIS,
  });
  const provider = new LoggerProvider({ processors: [processor] });
  const log = provider.getLogger(NAME);
  return {
    settings: `BatchLogRecordProcessor({ maxQueueSize: ${maxQueueSize}, maxExportBatchSize: ${SDK_BATCH_SIZE}, scheduledDelayMillis: ${SCHEDULED_DELAY_MILLIS} }), OTLPLogExporter({ url })`,
    log: (index) =>
      log.emit({ severityNumber: 9, severityText: "INFO", body: MESSAGE, attributes: valuesOf(index) }),
    finish: () => provider.shutdown(),
  };
}
