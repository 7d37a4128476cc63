/**
 * An application whose handlers load modules in their threads: formatter, filter, exporter, mapping, headers, namer. They are
 * files beside the bundle, in the working directory.
 */
import { join } from "node:path";
import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  FemtoHttpHandler,
  FemtoRotatingFileHandler,
  createLogging,
} from "femtologging";

const RECORD_COUNT = 5;
const patient = { exitTimeoutMillis: Number(process.env["EXIT_TIMEOUT_MILLIS"]) };
const at = (name: string): string => join(process.cwd(), name);

const formatter = { module: at("formatter.mjs"), options: { prefix: "->" } };
const exporter = (path: string): { module: string; options: unknown } => ({
  module: at("exporter.mjs"),
  options: { path },
});
const http = {
  ...patient,
  url: process.env["HTTP_URL"] ?? "",
  mapLogRecord: { module: at("mapper.mjs") },
  headersModule: { module: at("headers.mjs") },
};

const logging = createLogging({
  handlers: [
    new FemtoFileHandler({ ...patient, path: "formatted.log", formatter }),
    new FemtoFileHandler({ path: "formatted-inline.log", formatter, thread: "inline" }),
    new FemtoFileHandler({ ...patient, path: "filtered.log", filters: [{ module: at("filter.mjs") }] }),
    new FemtoBatchLogRecordProcessor({ ...patient, exporter: exporter("exported.log") }),
    new FemtoBatchLogRecordProcessor({
      ...patient,
      exporter: exporter("exported-inline.log"),
      thread: "inline",
    }),
    new FemtoHttpHandler(http),
    new FemtoHttpHandler({ ...http, thread: "inline" }),
    new FemtoRotatingFileHandler({
      ...patient,
      path: "rotating.log",
      maxBytes: 250,
      backupCount: 9,
      namer: { module: at("namer.mjs") },
    }),
  ],
});
const log = logging.getLogger("shop");
for (let orderId = 1; orderId <= RECORD_COUNT; orderId++) log.info("Order {orderId}", { orderId });
