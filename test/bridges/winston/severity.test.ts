import { describe, expect, test } from "vitest";
import winston from "winston";

import { FemtoWinstonTransport } from "../../../src/bridges/winston/index.ts";
import { severitiesOf, severityOfWord } from "../../../src/bridges/winston/severity.ts";
import { collect } from "../../logger/collect.ts";
import { bridge } from "./bridged.ts";

const NONE: ReadonlyMap<string, number> = new Map();

describe("severitiesOf()", () => {
  test.for([
    { set: "npm", numbers: { error: 17, warn: 13, info: 9, http: 7, verbose: 6, debug: 5, silly: 1 } },
    {
      set: "syslog",
      numbers: { emerg: 23, alert: 22, crit: 21, error: 17, warning: 13, notice: 10, info: 9, debug: 5 },
    },
    {
      set: "cli",
      numbers: {
        error: 17,
        warn: 13,
        help: 11,
        data: 10,
        info: 9,
        debug: 5,
        prompt: 4,
        verbose: 3,
        input: 2,
        silly: 1,
      },
    },
  ] as const)("knows the levels of $set", ({ set, numbers }) => {
    expect(Object.fromEntries(severitiesOf(winston.config[set].levels, NONE))).toEqual(numbers);
  });

  test("puts a word that nobody knows between its neighbours by rank", () => {
    const levels = { panic: 0, error: 1, warn: 2, audit: 3, info: 4, debug: 5, noise: 6 };
    expect(Object.fromEntries(severitiesOf(levels, NONE))).toEqual({
      panic: 21,
      error: 17,
      warn: 13,
      audit: 11,
      info: 9,
      debug: 5,
      noise: 3,
    });
  });

  test("spreads levels of which nobody knows any", () => {
    expect([...severitiesOf({ low: 30, high: 10, middle: 20 }, NONE)]).toEqual([
      ["high", 19],
      ["middle", 13],
      ["low", 6],
    ]);
  });

  test("lets given severities win", () => {
    const levels = { error: 0, audit: 1 };
    expect(severitiesOf(levels, new Map([["audit", 12]])).get("audit")).toBe(12);
  });
});

test("severityOfWord() knows words without a set, in any case, and is 0 for others", () => {
  expect(["WARN", "fatal", "crit", "gossip"].map((word) => severityOfWord(word, NONE))).toEqual([
    13, 21, 21, 0,
  ]);
});

describe("records", () => {
  test("have the severities of the logger's own levels, and its words", async () => {
    const levels = { fatal: 0, error: 1, audit: 2, info: 3 };
    const { call, take } = bridge({ levels, level: "info" });
    for (const word of Object.keys(levels)) call[word]!("x");
    expect((await take()).map((record) => [record.severityText, record.severityNumber])).toEqual([
      ["fatal", 21],
      ["error", 17],
      ["audit", 13],
      ["info", 9],
    ]);
  });

  test("have those of the option severities", async () => {
    const { call, takeOne } = bridge(
      { levels: { audit: 0 }, level: "audit" },
      { severities: { audit: "INFO" } },
    );
    call["audit"]!("x");
    expect((await takeOne()).severityNumber).toBe(9);
  });

  test("are those that winston's level lets through, now as later", async () => {
    const { logger, take } = bridge({ level: "warn" });
    logger.info("no");
    logger.level = "silly";
    logger.silly("yes");
    logger.silent = true;
    logger.error("no");
    expect((await take()).map(({ body }) => body)).toEqual(["yes"]);
  });

  test("are those that the transport's own level lets through", async () => {
    const { logger, transport, take } = bridge({ level: "silly" }, { level: "warn" });
    logger.info("no");
    logger.warn("yes");
    transport.silent = true;
    logger.error("no");
    expect((await take()).map(({ body }) => body)).toEqual(["yes"]);
  });

  test("are those that the level of each logger lets through to which the transport moves", async () => {
    const { logging, take } = collect();
    const transport = new FemtoWinstonTransport({ logging });
    for (const level of ["silly", "warn", "debug"]) {
      const logger = winston.createLogger({ level, transports: [transport] });
      for (const word of ["silly", "debug", "warn"]) logger.log(word, `${word} at ${level}`);
      logger.remove(transport);
    }
    expect((await take()).map(({ body }) => body)).toEqual([
      "silly at silly",
      "debug at silly",
      "warn at silly",
      "warn at warn",
      "debug at debug",
      "warn at debug",
    ]);
  });

  test("follow configure(), also to other levels", async () => {
    const { call, logger, transport, takeOne } = bridge({ level: "warn" });
    logger.configure({ levels: { alarm: 0, chat: 1 }, level: "alarm", transports: [transport] });
    call["log"]!("chat", "no");
    call["log"]!("alarm", "yes");
    expect(await takeOne()).toMatchObject({ body: "yes", severityText: "alarm", severityNumber: 17 });
  });

  test("are those that our logger lets through, where it has a level", async () => {
    const { logging, logger, take } = bridge({ level: "silly" });
    logging.getLogger("winston").setLevel("WARN");
    logger.info("no");
    logger.warn("yes");
    expect((await take()).map(({ body }) => body)).toEqual(["yes"]);
  });
});
