/** Options of the bridge, right and wrong, and what it does on what it does not know. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import winston from "winston";

import { captureWinston, femtoFormat, FemtoWinstonTransport } from "../../../src/bridges/winston/index.ts";
import {
  ConfigError,
  createLogging,
  FemtoBatchLogRecordProcessor,
  FlushTimeoutError,
} from "../../../src/index.ts";
import { collect, collectTrouble } from "../../logger/collect.ts";
import { bridge } from "./bridged.ts";

function faultOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("Nothing was thrown");
}

describe("options", () => {
  test.for([
    [{ logger: "" }, '"logger"'],
    [{ logging: {} }, '"logging"'],
    [{ severities: { audit: "LOUD" } }, '"severities"'],
  ] as const)("%j is refused by each of the three", ([given, name]) => {
    const options = given as object;
    for (const make of [
      () => new FemtoWinstonTransport(options),
      () => femtoFormat(options),
      () => captureWinston(options),
    ]) {
      expect(faultOf(make)).toContain(name);
    }
  });

  test("all faults are told at once, with what is right", () => {
    const options = { levle: "info", silent: "yes", format: 1 } as object;
    const message = faultOf(() => new FemtoWinstonTransport(options));
    expect(message).toContain("Cannot make FemtoWinstonTransport");
    for (const part of ['"levle"', '"level"', '"silent"', '"format"']) expect(message).toContain(part);
  });

  test("the transport's own format is applied to its records only", async () => {
    const shout = winston.format((info) => ({ ...info, message: `${String(info.message)}!` }));
    const { logger, takeOne } = bridge({}, { format: shout() });
    logger.info("paid", { orderId: 7 });
    const { body, attributes } = await takeOne();
    expect(body).toBe("paid!");
    expect({ ...attributes }).toEqual({ orderId: 7 });
  });

  test("the name of the logger is the scope", async () => {
    const { logger, takeOne } = bridge({}, { logger: "shop" });
    logger.info("paid");
    expect((await takeOne()).instrumentationScope.name).toBe("shop");
  });
});

describe("femtoFormat()", () => {
  test("passes each record on as it is, and goes by its level", async () => {
    const { logging, take } = collect();
    const lines: string[] = [];
    const { format } = winston;
    const logger = winston.createLogger({
      level: "silly",
      format: format.combine(
        format.splat(),
        femtoFormat({ logging, level: "info" }),
        format.printf((info) => {
          lines.push(String(info.message));
          return String(info.message);
        }),
      ),
      transports: [new winston.transports.Stream({ stream: new PassThrough() })],
    });
    logger.info("paid %d", 7);
    logger.debug("detail");
    expect(lines).toEqual(["paid 7", "detail"]);
    expect((await take()).map(({ body }) => body)).toEqual(["paid 7"]);
  });
});

test("what is no logger of winston 3 is taken as it comes, and that is said", async () => {
  const trouble = collectTrouble();
  const { logging, takeOne } = collect();
  const source = new PassThrough({ objectMode: true });
  source.pipe(new FemtoWinstonTransport({ logging, level: "error" }));
  source.write({ level: "notice", message: "by hand", orderId: 7 });
  source.end();
  await new Promise(setImmediate);
  expect(await takeOne()).toMatchObject({ severityNumber: 10, severityText: "notice", body: "by hand" });
  expect(trouble.map(({ message }) => message)).toEqual([expect.stringContaining("no logger of winston 3")]);
});

test("a format that throws reaches the application as winston has it, and the transport goes on", async () => {
  let isBroken = true;
  const broken = winston.format((info) => {
    if (isBroken) throw new Error("broken format");
    return info;
  });
  const { logger, takeOne } = bridge({}, { format: broken() });
  expect(() => logger.info("no")).toThrow("broken format");
  isBroken = false;
  logger.info("yes");
  expect((await takeOne()).body).toBe("yes");
});

test("an end that cannot be delivered is said, as a warning, and is an end all the same", async () => {
  const trouble = collectTrouble();
  const exporter = {
    export: () => {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const handler = new FemtoBatchLogRecordProcessor({ exporter, exitTimeoutMillis: 100 });
  const logging = createLogging({ handlers: [handler] });
  const flush = logging.flush.bind(logging);
  logging.flush = () => flush({ timeoutMillis: 100 });
  const transport = new FemtoWinstonTransport({ logging });
  const warnings: unknown[] = [];
  const logger = winston.createLogger({ transports: [transport] });
  logger.on("warn", (error) => warnings.push(error));
  logger.info("paid");
  logger.end();
  await once(logger, "finish");
  expect(warnings).toEqual([expect.any(FlushTimeoutError)]);
  expect(trouble.map(({ message }) => message)).toEqual([
    expect.stringContaining("Cannot deliver all records"),
  ]);
});
