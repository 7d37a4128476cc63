import { channel, tracingChannel } from "node:diagnostics_channel";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";

import { captureChannel, captureTracingChannel } from "../../../src/bridges/index.ts";
import { ConfigError } from "../../../src/index.ts";
import { collect, collectTrouble } from "../../logger/collect.ts";
import { essenceOf, untilTestEnd } from "../captured.ts";

describe("captureChannel()", () => {
  test("a message is a record: event and logger have the channel's name, properties are attributes", async () => {
    const { logging, takeOne } = collect();
    untilTestEnd(captureChannel("shop:order", { logging }));
    channel("shop:order").publish({ id: 7, items: ["kite"] });
    const record = await takeOne();
    expect(record.eventName).toBe("shop:order");
    expect(essenceOf(record)).toEqual({
      logger: "shop.order",
      severity: 5,
      word: "DEBUG",
      body: undefined,
      attributes: { id: 7, items: ["kite"] },
    });
  });

  test("a message that is a text is the body, an error is exception.*", async () => {
    const { logging, take } = collect();
    untilTestEnd(captureChannel("shop:text", { logging }));
    channel("shop:text").publish("sold");
    channel("shop:text").publish(new TypeError("no stock"));
    channel("shop:text").publish({ error: new RangeError("too late"), id: 7 });
    const records = await take();
    expect(records[0]?.body).toBe("sold");
    expect(records[1]?.attributes).toMatchObject({ "exception.type": "TypeError" });
    expect(records[2]?.attributes).toMatchObject({ "exception.message": "too late", id: 7 });
  });

  test("of objects with a class of their own only its name is a value: a request is not taken apart", async () => {
    const { logging, takeOne } = collect();
    untilTestEnd(captureChannel("http.server.request.start", { logging }));
    const server = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      headers: { connection: "close" },
    });
    expect((await takeOne()).attributes).toEqual({
      request: "[IncomingMessage]",
      response: "[ServerResponse]",
      socket: "[Socket]",
      server: "[Server]",
    });
  });

  test("map makes the record, or none, and gets the name of the channel", async () => {
    const { logging, take } = collect();
    const capture = captureChannel("shop:mapped", {
      logging,
      level: "INFO",
      map: (message, name) => {
        const { id } = message as { readonly id: number };
        return id < 0 ? undefined : { body: `${name} ${id}`, attributes: { id }, severityNumber: 13 };
      },
    });
    untilTestEnd(capture);
    channel("shop:mapped").publish({ id: -1 });
    channel("shop:mapped").publish({ id: 7 });
    const records = await take();
    expect(records.map(essenceOf)).toEqual([
      { logger: "shop.mapped", severity: 13, word: "WARN", body: "shop:mapped 7", attributes: { id: 7 } },
    ]);
  });

  test("a map that throws costs the record, harms nobody, and is told of", async () => {
    const trouble = collectTrouble();
    const { logging, take } = collect();
    const map = (): never => {
      throw new Error("no such thing");
    };
    untilTestEnd(captureChannel("shop:broken", { logging, map }));
    channel("shop:broken").publish({ id: 7 });
    expect(await take()).toEqual([]);
    expect(trouble.map(({ message }) => message)).toEqual([
      'Cannot make a record of what channel "shop:broken" has given: no such thing; it is left out',
    ]);
  });

  test("release() unsubscribes", async () => {
    const { logging, take } = collect();
    const capture = captureChannel("shop:ended", { logging });
    expect(channel("shop:ended").hasSubscribers).toBe(true);
    capture.release();
    expect(channel("shop:ended").hasSubscribers).toBe(false);
    expect(await take()).toEqual([]);
  });

  test("an option that is wrong is a ConfigError that names the channel", () => {
    expect(() => captureChannel("shop", { map: 7 } as never)).toThrow(ConfigError);
    expect(() => captureChannel("shop", { map: 7 } as never)).toThrow('Cannot capture channel "shop"');
  });
});

describe("captureTracingChannel()", () => {
  test("a synchronous call is one record with its duration", async () => {
    const { logging, takeOne } = collect();
    untilTestEnd(captureTracingChannel("orders", { logging }));
    tracingChannel("orders").traceSync(() => 1, { id: 7 });
    const record = await takeOne();
    expect(record.eventName).toBe("orders:end");
    expect(record.attributes).toEqual({ id: 7, result: 1, "channel.duration_ms": expect.any(Number) });
  });

  test("a call that throws has its error as a record of its own, at ERROR", async () => {
    const { logging, take } = collect();
    untilTestEnd(captureTracingChannel("orders", { logging }));
    const fail = (): never => {
      throw new TypeError("no stock");
    };
    expect(() => tracingChannel("orders").traceSync(fail, { id: 7 })).toThrow("no stock");
    const [error, end] = await take();
    expect(error).toMatchObject({ eventName: "orders:error", severityNumber: 17 });
    expect(error?.attributes).toMatchObject({ id: 7, "exception.message": "no stock" });
    expect(end).toMatchObject({ eventName: "orders:end", severityNumber: 5 });
  });

  test("an asynchronous call says both when it returned and when it was done; events chooses", async () => {
    const { logging, take } = collect();
    const capture = captureTracingChannel("orders", { logging });
    await tracingChannel("orders").tracePromise(() => Promise.resolve("paid"), { id: 7 });
    expect((await take()).map(({ eventName }) => eventName)).toEqual(["orders:end", "orders:asyncEnd"]);
    capture.release();
    untilTestEnd(captureTracingChannel("orders", { logging, events: ["start", "asyncStart"] }));
    await tracingChannel("orders").tracePromise(() => Promise.resolve("paid"), { id: 7 });
    const records = await take();
    expect(records.map(({ eventName }) => eventName)).toEqual(["orders:start", "orders:asyncStart"]);
    expect(records[0]?.attributes).not.toHaveProperty("channel.duration_ms");
  });
});
