// A program that logs by winston, and ends in one of many ways. Arguments: the file, the way, options of createLogger as JSON.
import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import winston from "winston";

import { FemtoWinstonTransport } from "../../../../src/bridges/winston/index.ts";
import { basicConfig, FemtoFileHandler, FemtoOtlpHttpHandler } from "../../../../src/index.ts";

const COUNT = 100;
const [, , target = "", way = "", given = "{}"] = process.argv;
const handler = target.startsWith("http")
  ? new FemtoOtlpHttpHandler({ url: target, exitTimeoutMillis: 200 })
  : new FemtoFileHandler({ path: target });
basicConfig({ handlers: [handler] });

/** Takes one record and never comes back. */
class StuckTransport extends Writable {
  constructor() {
    super({ objectMode: true });
  }

  override _write(): void {}

  /** winston looks at its length. */
  log(): void {}
}

const { isStuck, asHandlers, ...options } = JSON.parse(given) as Record<string, unknown>;
const crashes = { handleExceptions: true, handleRejections: true };
const transport = new FemtoWinstonTransport(asHandlers === true ? {} : crashes);
const log = winston.createLogger({
  ...options,
  ...(asHandlers === true
    ? { exceptionHandlers: [transport], rejectionHandlers: [transport] }
    : { transports: [...(isStuck === true ? [new StuckTransport()] : []), transport] }),
});

const startedAt = performance.now();
process.on("exit", () => writeSync(1, `${Math.round(performance.now() - startedAt)}\n`));

function logNumbers(): void {
  for (let i = 0; i < COUNT; i++) log.log({ level: Object.keys(log.levels)[0] ?? "", message: "record", i });
}

switch (way) {
  case "exit":
    logNumbers();
    process.exit(0);
  case "end":
    logNumbers();
    log.on("finish", () => process.exit(0));
    log.end();
    break;
  case "throw":
    setImmediate(() => {
      throw new TypeError("nobody catches this");
    });
    break;
  case "throw-twice":
    process.on("uncaughtException", () => log.log("error", "after the error"));
    setImmediate(() => {
      throw new TypeError("nobody catches this");
    });
    break;
  default:
    void Promise.reject(new TypeError("nobody handles this"));
}
