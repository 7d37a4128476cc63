/**
 * An application that uses every handler, filters, formatters and both OpenTelemetry APIs. Bundled into one file and run in an
 * empty folder. It ends without a shutdown: what is logged last is delivered by the end of the process.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { logs, SeverityNumber } from "@opentelemetry/api";
import { logs as olderLogs } from "@opentelemetry/api-logs";
import {
  ConfigError,
  FemtoBatchLogRecordProcessor,
  FemtoDedupFilter,
  FemtoFileHandler,
  FemtoHttpHandler,
  FemtoInMemoryExporter,
  FemtoLevelFilter,
  FemtoLoggerProvider,
  FemtoMemoryHandler,
  FemtoNullHandler,
  FemtoOtlpHttpHandler,
  FemtoRotatingFileHandler,
  FemtoSocketHandler,
  FemtoStreamHandler,
  FemtoSysLogHandler,
  FemtoTextFormatter,
  FemtoTimedRotatingFileHandler,
  getLogger,
} from "femtologging";

/** Where the receivers of the test listen. */
export interface Targets {
  readonly otlpUrl: string;
  readonly otlpJsonUrl: string;
  readonly inlineOtlpUrl: string;
  readonly httpUrl: string;
  readonly socketPort: number;
  readonly syslogPort: number;
}

const targets = JSON.parse(process.env["TARGETS"] ?? "{}") as Targets;
const ORDER_COUNT = 40;
/** The machine may be busy: nothing here is to be lost to a deadline. */
const patient = { exitTimeoutMillis: 60_000 };

let written = "";
const stream = new Writable({
  write(chunk: Buffer, _encoding, onWritten) {
    written += chunk.toString("utf8");
    onWritten();
  },
});
const brief = new FemtoTextFormatter({ format: "{levelname} {name} {message}", style: "{" });
const exporter = new FemtoInMemoryExporter();
const rotating = { ...patient, maxBytes: 1_000, backupCount: 100, compress: "gzip" } as const;

const handlers = [
  new FemtoStreamHandler({ ...patient, stream: "stdout", format: "logfmt" }),
  new FemtoStreamHandler({ stream, format: "json" }),
  new FemtoFileHandler({ ...patient, path: "ecs.jsonl", format: "ecs" }),
  new FemtoFileHandler({ path: "inline.log", thread: "inline", formatter: brief }),
  new FemtoFileHandler({
    ...patient,
    path: "warnings.log",
    formatter: brief,
    filters: [new FemtoLevelFilter({ minimum: "WARN" }), new FemtoDedupFilter()],
  }),
  new FemtoFileHandler({ path: "function.log", formatter: ({ body }) => `own ${JSON.stringify(body)}` }),
  new FemtoRotatingFileHandler({ ...rotating, path: "rotating.jsonl" }),
  new FemtoTimedRotatingFileHandler({
    ...patient,
    path: "timed.jsonl",
    when: "MIDNIGHT",
    rotateWhenIdle: true,
  }),
  new FemtoMemoryHandler({ target: new FemtoFileHandler({ ...patient, path: "memory.jsonl" }) }),
  new FemtoNullHandler(),
  new FemtoSocketHandler({ ...patient, host: "127.0.0.1", port: targets.socketPort }),
  new FemtoHttpHandler({ ...patient, url: targets.httpUrl, format: "ndjson", formatter: "pino" }),
  new FemtoSysLogHandler({ ...patient, transport: "tcp", host: "127.0.0.1", port: targets.syslogPort }),
  new FemtoOtlpHttpHandler({ ...patient, url: targets.otlpUrl, compression: "gzip" }),
  new FemtoOtlpHttpHandler({ ...patient, url: targets.otlpJsonUrl, protocol: "http/json" }),
  new FemtoOtlpHttpHandler({ ...patient, url: targets.inlineOtlpUrl, thread: "inline" }),
  new FemtoBatchLogRecordProcessor({ exporter }),
];

/** Errors keep their class and their name when names are made short. */
function configFault(): string {
  try {
    return new FemtoFileHandler({ path: "" }).name;
  } catch (error) {
    return error instanceof ConfigError ? error.name : String(error);
  }
}

const provider = new FemtoLoggerProvider({ processors: handlers });
const early = logs.getLogger("library.early");
const { api, apiLogs } = provider.register();
const log = provider.getLogger("shop.orders");
for (let orderId = 1; orderId <= ORDER_COUNT; orderId++) log.info("Order {orderId} is paid", { orderId });
log.exception(new TypeError("no such order"), "Order {orderId} is lost", { orderId: 0 });
for (const logger of [early, logs.getLogger("library"), olderLogs.getLogger("library.older")]) {
  logger.emit({ severityNumber: SeverityNumber.WARN, severityText: "WARN", body: "Cache is full" });
}

getLogger().addHandler(new FemtoFileHandler({ ...patient, path: "process.log", formatter: brief }));
getLogger("process").warn("Disk {name} is full", { name: "sda" });

async function end(): Promise<void> {
  await provider.forceFlush({ timeoutMillis: 60_000 });
  // What is put away is compressed by a thread in its own time.
  while (!readdirSync(".").some((name) => name.endsWith(".gz"))) await sleep(10);
  const exported = exporter.getFinishedLogRecords().length;
  const lines = written.trimEnd().split("\n").length;
  writeFileSync("result.json", JSON.stringify({ api, apiLogs, exported, lines, fault: configFault() }));
  log.error("Goodbye");
}

// No await outside of functions: CommonJS has none.
void end();
