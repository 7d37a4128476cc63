import bunyan from "bunyan";
import { describe, expect, test } from "vitest";

import { createBunyanStream, type BunyanStreamOptions } from "../../../src/bridges/bunyan/index.ts";
import { ConfigError } from "../../../src/index.ts";
import { collect, collectTrouble, revoked, type Collected } from "../../logger/collect.ts";
import { essenceOf } from "../captured.ts";

interface Started extends Collected {
  readonly bunyanLog: bunyan;
}

function start(options: BunyanStreamOptions & { readonly name?: string } = {}, more: object = {}): Started {
  const collected = collect();
  const { name = "shop.checkout", ...given } = options;
  const stream = createBunyanStream({ logging: collected.logging, ...given });
  return { ...collected, bunyanLog: bunyan.createLogger({ name, streams: [stream], ...more }) };
}

describe("createBunyanStream()", () => {
  test("each level has its severity and its word, and one between two lies between theirs", async () => {
    const { bunyanLog, take } = start();
    for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const) bunyanLog[level]("x");
    bunyanLog.info({ level: 35 }, "x");
    expect((await take()).map(({ severityText, severityNumber }) => [severityText, severityNumber])).toEqual([
      ["trace", 1],
      ["debug", 5],
      ["info", 9],
      ["warn", 13],
      ["error", 17],
      ["fatal", 21],
      ["INFO3", 11],
    ]);
  });

  test("fields of the call and of the child are attributes, what is bunyan's own is not", async () => {
    const { bunyanLog, takeOne } = start();
    bunyanLog.child({ tenant: "north" }).info({ order: 7, items: ["kite"] }, "Paid %s", "cash");
    expect(essenceOf(await takeOne())).toEqual({
      logger: "shop.checkout",
      severity: 9,
      word: "info",
      body: "Paid cash",
      attributes: { tenant: "north", order: 7, items: ["kite"] },
    });
  });

  test("err is exception.*: serialized, as it is, and with its message as the text", async () => {
    const { bunyanLog, take } = start();
    const error = Object.assign(new TypeError("no stock"), { code: "E_STOCK" });
    bunyanLog.error(error);
    bunyanLog.error({ err: error }, "Cannot sell");
    bunyanLog.error({ err: "a word" }, "Cannot sell");
    const records = await take();
    for (const record of records.slice(0, 2)) {
      expect(record.attributes).toMatchObject({
        "exception.type": "TypeError",
        "exception.message": "no stock",
        "exception.stacktrace": expect.stringContaining("bunyan-stream.test.ts"),
        "exception.properties": { code: "E_STOCK" },
      });
      expect(record.attributes).not.toHaveProperty("err");
    }
    expect(records.map(({ body }) => body)).toEqual(["no stock", "Cannot sell", "Cannot sell"]);
    expect(records[2]?.attributes).toEqual({ err: "a word" });
  });

  test("src is code.*, time is bunyan's", async () => {
    const { bunyanLog, takeOne } = start({}, { src: true });
    bunyanLog.info({ time: new Date(1_700_000_000_123) }, "x");
    const { hrTime, attributes } = await takeOne();
    expect(hrTime).toEqual([1_700_000_000, 123_000_000]);
    expect(attributes).toMatchObject({
      "code.file.path": expect.stringContaining("bunyan-stream.test.ts"),
      "code.line.number": expect.any(Number),
    });
  });

  test("a time that is a text is read, and one that is none is the time of the call", async () => {
    const { bunyanLog, take } = start();
    bunyanLog.info({ time: "2023-11-14T22:13:20.000Z" as unknown as Date }, "x");
    bunyanLog.info({ time: "noon" as unknown as Date }, "x");
    const [first, second] = await take();
    expect(first?.hrTime).toEqual([1_700_000_000, 0]);
    expect(second?.hrTime[0]).toBeGreaterThan(1_700_000_000);
  });

  test("level is what bunyan gives to the stream", async () => {
    const { bunyanLog, take } = start({ level: "warn" });
    bunyanLog.info("x");
    bunyanLog.warn("y");
    expect((await take()).map(({ body }) => body)).toEqual(["y"]);
  });

  test("end() calls back when all is delivered", async () => {
    const collected = collect();
    const { stream } = createBunyanStream({ logging: collected.logging });
    stream.write({ name: "shop", level: 30, msg: "x", time: new Date(), v: 0 });
    await new Promise<void>((resolve, reject) => {
      stream.end((error) => (error === undefined ? resolve() : reject(error)));
    });
    expect(collected.handler.stats().delivered).toBe(1);
  });

  test("end() calls back with why not all was delivered", async () => {
    const logging = {
      getLogger: () => ({}),
      flush: () => Promise.reject(new Error("no time")),
      flushSync: () => false,
    };
    const { stream } = createBunyanStream({ logging });
    const error = await new Promise((resolve) => stream.end(resolve));
    expect(error).toEqual(new Error("no time"));
  });

  test("text, where the type of the stream was left out, is told of and harms nobody", async () => {
    const trouble = collectTrouble();
    const { logging, take } = collect();
    const { stream } = createBunyanStream({ logging });
    bunyan.createLogger({ name: "shop", streams: [{ stream }] }).info("x");
    expect(await take()).toEqual([]);
    expect(trouble[0]?.message).toContain('give the stream with its type, "raw"');
  });

  test("what cannot be read is told of, and harms nobody", async () => {
    const trouble = collectTrouble();
    const { logging, take } = collect();
    const { stream } = createBunyanStream({ logging });
    stream.write(null as unknown as object);
    stream.write(revoked());
    expect(await take()).toEqual([]);
    expect(trouble).toHaveLength(1);
    expect(trouble[0]?.message).toContain("Cannot make a record of what bunyan has given");
  });

  test("an option that is wrong is a ConfigError", () => {
    expect(() => createBunyanStream({ level: "loud" } as never)).toThrow(ConfigError);
  });
});
