/**
 * How long does a fresh process need to load the logger and have it ready for the first call? Does not show the start of the worker, which
 * goes on meanwhile, nor a cold disk cache.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { runCase } from "../case-program.ts";

/** Arguments of the case. */
export interface ImportArguments {
  readonly subject: "femtologging" | "pino" | "winston" | "sdk-logs-otlp";
}

/** A logger that is ready: logs one record, and resolves when it is delivered. */
type LogOne = () => Promise<void>;

const loaders: Readonly<Record<ImportArguments["subject"], (path: string) => Promise<LogOne>>> = {
  femtologging: async (path) => {
    const { basicConfig, getLogger, flush } = await import("femtologging");
    basicConfig({ path });
    return () => {
      getLogger("bench").info("ready");
      return flush();
    };
  },
  pino: async (path) => {
    const { pino } = await import("pino");
    const log = pino(pino.destination({ dest: path, sync: true }));
    return () => Promise.resolve(log.info("ready"));
  },
  winston: async (path) => {
    const { createLogger, format, transports } = await import("winston");
    const file = new transports.File({ filename: path });
    const log = createLogger({ format: format.json(), transports: [file] });
    return () => {
      log.info("ready");
      log.end();
      return new Promise((resolve) => file.once("finish", resolve));
    };
  },
  // Nothing to send to: the record is for the file that all have to write.
  "sdk-logs-otlp": async (path) => {
    const { LoggerProvider, BatchLogRecordProcessor } = await import("@opentelemetry/sdk-logs");
    const { OTLPLogExporter } = await import("@opentelemetry/exporter-logs-otlp-proto");
    const exporter = new OTLPLogExporter({ url: "http://127.0.0.1:4318/v1/logs" });
    const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
    const log = provider.getLogger("bench");
    return async () => {
      const { writeFile } = await import("node:fs/promises");
      await writeFile(path, `{"ready":${String(log.enabled({ severityNumber: 9 }))},"msg":"ready"}\n`);
    };
  },
};

await runCase<ImportArguments>(async ({ subject }, { directory }) => {
  const path = join(directory, "out.log");
  const begin = performance.now();
  const logOne = await loaders[subject](path);
  const millis = performance.now() - begin;
  await logOne();
  const lines = readFileSync(path, "utf8").split("\n");
  if (lines.length !== 2 || !lines[0]?.includes('"ready"'))
    throw new Error(`Not one record: ${lines.join("|")}`);
  return { measures: { millis }, recordCount: 1, checksum: "1", settings: "in a fresh process" };
});
