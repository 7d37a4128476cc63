import type { AddressInfo } from "node:net";
import { fastify, type FastifyBaseLogger } from "fastify";
import { type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { describe, expect, onTestFinished, test } from "vitest";
import { fastifyLogger, type FastifyLogger } from "../../../src/bridges/fastify/index.ts";
import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  FemtoInMemoryExporter,
  type FemtoLogger,
} from "../../../src/index.ts";

interface Kept {
  readonly log: FastifyLogger;
  readonly logger: FemtoLogger;
  readonly records: () => Promise<readonly ReadableLogRecord[]>;
}

function open(options: Parameters<typeof fastifyLogger>[1] = {}): Kept {
  const exporter = new FemtoInMemoryExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter });
  onTestFinished(() => handler.shutdown());
  const logger = createLogging({ level: "INFO", handlers: [handler] }).getLogger("web");
  const records = async (): Promise<readonly ReadableLogRecord[]> => {
    await handler.forceFlush();
    return exporter.getFinishedLogRecords();
  };
  return { log: fastifyLogger(logger, options), logger, records };
}

describe("fastifyLogger()", () => {
  test("is what Fastify's types ask for", () => {
    const log: FastifyBaseLogger = open().log;
    expect(log.level).toBe("info");
  });

  test("takes texts as they are, and fills printf holes only where values follow", async () => {
    const { log, records } = open();
    log.info("Route GET:/{a}/{{b}}/100%s not found");
    log.info("%s is %d", "a", 7, "more");
    log.info(7);
    expect((await records()).map(({ body }) => body)).toEqual([
      "Route GET:/{a}/{{b}}/100%s not found",
      "a is 7 more",
      "7",
    ]);
  });

  test("the first object is attributes; an error, alone or as err, is an exception", async () => {
    const { log, records } = open();
    const error = new TypeError("broken", { cause: new Error("below") });
    log.warn({ a: 1 }, "with attributes");
    log.error(error);
    log.error({ err: error, b: 2 }, "failed");
    log.fatal({ err: "no error" }, "text");
    const all = await records();
    expect(all.map(({ body, severityText, severityNumber }) => [body, severityText, severityNumber])).toEqual(
      [
        ["with attributes", "WARN", 13],
        ["broken", "ERROR", 17],
        ["failed", "ERROR", 17],
        ["text", "CRITICAL", 21],
      ],
    );
    expect(all[0]?.attributes).toEqual({ a: 1 });
    const exception = { "exception.type": "TypeError", "exception.message": "broken" };
    expect(all[1]?.attributes).toMatchObject(exception);
    expect(all[2]?.attributes).toMatchObject({ ...exception, b: 2 });
    expect(all[2]?.attributes["exception.causes"]).toMatchObject([{ message: "below" }]);
    expect(all[3]?.attributes).toEqual({ err: "no error" });
  });

  test("serializers are asked for what is logged only; one that throws leaves its word", async () => {
    let callCount = 0;
    const { log, records } = open({
      serializers: {
        req: ({ id }: { readonly id: number }) => (callCount++, { id }),
        bad: () => {
          throw new Error("no");
        },
      },
    });
    log.debug({ req: { id: 1, secret: 2 } }, "not wanted");
    expect(callCount).toBe(0);
    log.info({ req: { id: 1, secret: 2 }, bad: 1 }, "wanted");
    log.child({ req: { id: 3 } }, { serializers: { res: () => "made" } }).info({ res: {} }, "child");
    expect((await records()).map(({ attributes }) => attributes)).toEqual([
      { req: { id: 1 }, bad: "[Throws: no]" },
      { req: { id: 3 }, res: "made" },
    ]);
  });

  test("a child has the attributes of all, and a level that can only be higher", async () => {
    const { log, logger, records } = open();
    const child = log.child({ a: 1 }).child({ b: 2 }, { level: "warn" });
    expect([log.level, child.level, child.child({}).level]).toEqual(["info", "warn", "warn"]);
    child.info("no");
    child.warn("yes");
    child.level = "trace";
    expect(child.level).toBe("info");
    logger.setLevel("ERROR");
    expect(child.level).toBe("error");
    child.warn("no");
    child.level = "silent";
    child.fatal("no");
    child.silent("no");
    expect(child.level).toBe("silent");
    expect((await records()).map(({ body, attributes }) => [body, attributes])).toEqual([
      ["yes", { a: 1, b: 2 }],
    ]);
  });

  test("a level that is none is told", () => {
    const { log } = open();
    expect(() => log.child({}, { level: "loud" })).toThrow(
      new RangeError(
        `Cannot set the level of Fastify's logger: it is "loud", must be one of trace, debug, info, warn, error, fatal, silent`,
      ),
    );
  });

  test("never throws, also on what cannot be asked anything", async () => {
    const { log, records } = open();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    log.info(proxy);
    log.info(proxy, "text");
    log.info("%s", proxy);
    log.info(undefined);
    log.info(null, "text");
    const hostile = {
      get key(): never {
        throw new Error("getter");
      },
    };
    log.info(hostile, "text");
    expect(await records()).toHaveLength(6);
  });

  test("Fastify with it: a route's own level, a handler that throws, a path that leads nowhere", async () => {
    const { log, records } = open();
    const server = fastify({ loggerInstance: log, genReqId: () => "r1" });
    onTestFinished(() => server.close());
    server.get("/quiet", { logLevel: "error" }, () => "quiet");
    server.get("/fails", { logLevel: "error" }, () => {
      throw new RangeError("no such order");
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    for (const path of ["quiet", "fails", "%7B%7Bnowhere%7D%7D"])
      await (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
    const all = (await records()).filter(({ attributes }) => attributes["reqId"] === "r1");
    expect(all.map(({ severityText, body }) => `${severityText} ${String(body)}`)).toEqual([
      "ERROR no such order",
      "INFO incoming request",
      "INFO Route GET:/%7B%7Bnowhere%7D%7D not found",
      "INFO request completed",
    ]);
    expect(all[0]?.attributes).toMatchObject({
      "exception.type": "RangeError",
      req: { method: "GET", url: "/fails" },
      res: { statusCode: 500 },
    });
  });
});
