/**
 * An application of the stock OpenTelemetry SDK that uses every exporter and both receivers of this package. Bundled into one
 * file and run in an empty folder; says what arrived where.
 */
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { SeverityNumber } from "@opentelemetry/api";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import {
  FemtoFileExporter,
  FemtoHttpExporter,
  FemtoInMemoryExporter,
  FemtoOtlpHttpExporter,
  FemtoRotatingFileExporter,
  FemtoSocketExporter,
  FemtoStreamExporter,
  FemtoSysLogExporter,
  FemtoTimedRotatingFileExporter,
} from "femtologging/exporters";
import { FemtoSocketReceiver, OtlpReceiver } from "femtologging/receiver";

const RECORD_COUNT = 20;
const LOOPBACK = "127.0.0.1";

async function listen(server: Server): Promise<number> {
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function run(): Promise<void> {
  const bodies: Promise<string>[] = [];
  const web = createHttpServer((request, response) => {
    bodies.push(text(request));
    request.on("end", () => response.end());
  });
  const streams: Promise<string>[] = [];
  const syslog = createServer((socket) => void streams.push(text(socket)));
  const otlp = await OtlpReceiver.start();
  const sockets = await FemtoSocketReceiver.start();
  const memory = new FemtoInMemoryExporter();
  const exporters = [
    memory,
    new FemtoOtlpHttpExporter({ url: otlp.url }),
    new FemtoOtlpHttpExporter({ url: otlp.url, protocol: "http/json", compression: "gzip" }),
    new FemtoSocketExporter({ ...sockets.target }),
    new FemtoHttpExporter({ url: `http://${LOOPBACK}:${await listen(web)}/`, format: "ndjson" }),
    new FemtoSysLogExporter({
      transport: "tcp",
      host: LOOPBACK,
      port: await listen(syslog),
      framing: "newline",
    }),
    new FemtoFileExporter({ path: "file.jsonl" }),
    new FemtoRotatingFileExporter({
      path: "rotating.jsonl",
      maxBytes: 100_000,
      backupCount: 2,
      compress: "gzip",
    }),
    new FemtoTimedRotatingFileExporter({ path: "timed.jsonl", when: "MIDNIGHT" }),
    new FemtoStreamExporter({ stream: "stdout", format: "logfmt" }),
  ];
  const processors = exporters.map((exporter) => new BatchLogRecordProcessor({ exporter }));
  const provider = new LoggerProvider({ processors });
  const logger = provider.getLogger("shop");
  for (let orderId = 1; orderId <= RECORD_COUNT; orderId++)
    logger.emit({ severityNumber: SeverityNumber.INFO, body: "Order is paid", attributes: { orderId } });
  await provider.forceFlush();
  const memoryCount = memory.getFinishedLogRecords().length;
  await provider.shutdown();
  await sockets.waitFor(RECORD_COUNT, { timeoutMillis: 60_000 });
  const linesIn = async (texts: readonly Promise<string>[]): Promise<number> =>
    (await Promise.all(texts)).join("").trimEnd().split("\n").length;
  const counts = {
    memory: memoryCount,
    otlp: otlp.records.length,
    sockets: sockets.records.length,
    http: await linesIn(bodies),
    syslog: await linesIn(streams),
  };
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  web.close();
  syslog.close();
  await otlp.stop();
  await sockets.stop();
}

void run();
