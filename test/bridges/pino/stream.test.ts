import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { pino } from "pino";

import { pinoDestination } from "../../../src/bridges/pino/index.ts";
import { ConfigError, createLogging, FemtoFileHandler } from "../../../src/index.ts";
import { makeFolder } from "../../exit/run-program.ts";
import { collect, collectTrouble } from "../../logger/collect.ts";
import { essence } from "./bridged.ts";

describe("as a stream", () => {
  test("pino(destination) knows it as one", async () => {
    const { logging, takeOne } = collect();
    pino(pinoDestination({ logging })).info("text");
    expect((await takeOne()).body).toBe("text");
  });

  test("keeps nothing of what the application has passed in", () => {
    const { logging } = collect();
    const destination = pinoDestination({ logging });
    pino({ redact: ["password"] }, destination).info({ password: "secret" }, "text");
    const { lastObj, lastMsg, lastLevel, lastLogger } = destination;
    expect({ lastObj, lastMsg, lastLevel, lastLogger }).toEqual({
      lastObj: undefined,
      lastMsg: undefined,
      lastLevel: undefined,
      lastLogger: undefined,
    });
  });

  test("lines without their logger are read by what they begin with, and what pino has said", async () => {
    const { logging, take } = collect();
    const destination = pinoDestination({ logging });
    pino({ messageKey: "text", errorKey: "fault", customLevels: { notice: 35 } }, destination);
    destination.write('{"level":35,"time":1733000000000,"text":"one","level":60}\n');
    destination.write('{"level":"WARN","fault":{"type":"E","message":"m","stack":"s"}}\n');
    const [first, second] = await take();
    expect(first).toMatchObject({
      body: "one",
      severityText: "notice",
      severityNumber: 11,
      hrTime: [1_733_000_000, 0],
      attributes: { level: 60 },
    });
    expect(second).toMatchObject({ severityText: "warn", attributes: { "exception.type": "E" } });
  });

  test("a line that is no JSON is a body, and that is said once", async () => {
    const troubles = collectTrouble();
    const { logging, take } = collect();
    const log = pino(
      { hooks: { streamWrite: (line) => line.replaceAll('"', "'") } },
      pinoDestination({ logging }),
    );
    log.warn("one");
    log.warn("two");
    const records = await take();
    expect(records.map(({ body }) => body)).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^\{'level':40,/)),
    );
    expect(records.map(({ severityText }) => severityText)).toEqual(["warn", "warn"]);
    expect(troubles.map(({ message }) => message)).toEqual([
      expect.stringContaining("A line of pino is no JSON object"),
    ]);
  });

  test("hooks.streamWrite may change the line", async () => {
    const { logging, takeOne } = collect();
    const log = pino(
      { base: null, hooks: { streamWrite: (line) => line.replace("secret", "***") } },
      pinoDestination({ logging }),
    );
    log.info({ word: "secret" }, "text");
    expect((await takeOne()).attributes).toEqual({ word: "***" });
  });

  test("several loggers of different settings share one", async () => {
    const { logging, take } = collect();
    const destination = pinoDestination({ logging });
    const first = pino({ base: null, messageKey: "m1" }, destination);
    const second = pino({ base: null, messageKey: "m2" }, destination);
    first.info({ m2: "a field" }, "one");
    second.info({ m1: "a field" }, "two");
    first.info("three");
    expect((await take()).map(({ body, attributes }) => ({ body, attributes }))).toEqual([
      { body: "one", attributes: { m2: "a field" } },
      { body: "two", attributes: { m1: "a field" } },
      { body: "three", attributes: {} },
    ]);
  });

  test("multistream gives it what its level and dedupe say", async () => {
    const { logging, take } = collect();
    const others: string[] = [];
    const log = pino(
      { base: null },
      pino.multistream(
        [
          { level: "error", stream: pinoDestination({ logging }) },
          { level: "info", stream: { write: (line) => void others.push(line) } },
        ],
        { dedupe: true },
      ),
    );
    log.info("low");
    log.error("high");
    expect((await take()).map(({ body }) => body)).toEqual(["high"]);
    expect(others).toHaveLength(1);
  });

  test("flush(done) calls back when all is delivered", async () => {
    const { logging, handler } = collect();
    const log = pino(pinoDestination({ logging }));
    log.info("text");
    await new Promise<void>((resolve, reject) => {
      log.flush((error) => (error === undefined || error === null ? resolve() : reject(error)));
    });
    expect(handler.stats()).toMatchObject({ delivered: 1 });
  });

  test("a call of fatal() returns when all is delivered", () => {
    const path = join(makeFolder(), "app.jsonl");
    const handler = new FemtoFileHandler({ path });
    onTestFinished(() => handler.shutdown());
    const log = pino(pinoDestination({ logging: createLogging({ handlers: [handler] }) }));
    log.info("one");
    log.fatal("two");
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(3);
  });

  test("end() emits finish and close when all is delivered, once, and takes what comes later", async () => {
    const { logging, handler, take } = collect();
    const destination = pinoDestination({ logging });
    const log = pino(destination);
    const events: string[] = [];
    for (const name of ["finish", "close"]) destination.on(name, () => events.push(name));
    log.info("text");
    destination.end();
    destination.end();
    await vi.waitFor(() => expect(events).toEqual(["finish", "close"]));
    expect(handler.stats()).toMatchObject({ delivered: 1 });
    log.info("later");
    expect((await take()).map(({ body }) => body)).toEqual(["text", "later"]);
  });

  test("a record that is too large is counted", async () => {
    const { logging, handler, take } = collect();
    pino(pinoDestination({ logging })).info({ text: "x".repeat(17_000_000) });
    expect(await take()).toEqual([]);
    expect(handler.stats()).toMatchObject({ dropped: { too_large: 1 } });
  });
});

describe("bad input", () => {
  test.for([{ logger: "" }, { logger: 7 }, { logging: {} }, { loger: "x" }, "pino", 7])(
    "pinoDestination(%j) throws ConfigError",
    (options) => {
      expect(() => pinoDestination(options as never)).toThrow(ConfigError);
    },
  );

  test("a version of pino that keeps its settings elsewhere is read by what its lines say, and that is said once", async () => {
    const troubles = collectTrouble();
    const { logging, take } = collect();
    const destination = pinoDestination({ logging });
    const later = { version: "99.0.0", levels: { labels: { 30: "info" }, values: { info: 30 } } };
    for (const text of ["one", "two"]) {
      Object.assign(destination, { lastLevel: 30, lastLogger: later });
      destination.write(`{"level":30,"time":1733000000000,"a":1,"msg":"${text}"}\n`);
    }
    expect((await take()).map(essence)).toEqual(
      ["one", "two"].map((body) => ({
        body,
        attributes: { a: 1 },
        severityNumber: 9,
        severityText: "info",
      })),
    );
    expect(troubles.map(({ message }) => message)).toEqual([expect.stringContaining("pino 99.0.0")]);
  });

  test.for([undefined, null, 7, {}, { levels: null }, { levels: 7 }])(
    "write() does not throw with a last logger of %j",
    async (lastLogger) => {
      collectTrouble();
      const { logging, takeOne } = collect();
      const destination = pinoDestination({ logging });
      Object.assign(destination, { lastLevel: 30, lastLogger });
      destination.write('{"level":30,"msg":"text"}\n');
      expect((await takeOne()).body).toBe("text");
    },
  );

  test.for([
    [undefined, "undefined"],
    [7, "7"],
    [Buffer.from('{"level":30,"msg":"text"}\n'), "text"],
  ] as const)("write(%j) takes it for the text %j", async ([line, body]) => {
    collectTrouble();
    const { logging, takeOne } = collect();
    pinoDestination({ logging }).write(line as never);
    expect((await takeOne()).body).toBe(body);
  });
});
