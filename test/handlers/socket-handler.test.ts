import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createLogging, FemtoSocketHandler, type SocketHandlerOptions } from "../../src/index.ts";
import { FemtoSocketReceiver, type SocketReceiverOptions } from "../../src/receiver/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { startPeer } from "../exporters/socket/raw-peer.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

const LONG = { timeout: 20_000, interval: 5 };
const SHORT_PAUSES = { backoffMillis: 20, backoffMaxMillis: 50 };

async function receive(
  options: SocketHandlerOptions = {},
  receiverOptions: SocketReceiverOptions = {},
): Promise<{ readonly receiver: FemtoSocketReceiver; readonly handler: FemtoSocketHandler }> {
  const receiver = await FemtoSocketReceiver.start(receiverOptions);
  onTestFinished(() => receiver.stop());
  const handler = endWithTest(new FemtoSocketHandler({ ...SHORT_PAUSES, ...options, ...receiver.target }));
  return { receiver, handler };
}

function numbersAt({ records }: FemtoSocketReceiver): number[] {
  return records.map(({ attributes }) => Number(attributes["i"]));
}

describe("FemtoSocketHandler: delivery", () => {
  test.each(["msgpack", "cbor", "json"] as const)(
    "%s: a record comes out as it was logged",
    async (format) => {
      const { receiver, handler } = await receive({ format });
      const logger = createLogging({
        handlers: [handler],
        resource: { attributes: { "service.name": "shop" } },
      }).getLogger("shop.pay");
      const cause = new TypeError("no card");
      logger.error(
        "Payment of {orderId} failed",
        { orderId: 7, amount: 12.5 },
        new Error("declined", { cause }),
      );
      logger.event("order.paid", {
        orderId: 12_345_678_901_234_567n,
        tags: ["a", null],
        nested: { ok: true },
      });
      await handler.forceFlush();
      await receiver.waitFor(2);
      expect(receiver.records).toMatchObject([
        {
          severityText: "ERROR",
          severityNumber: 17,
          body: "Payment of 7 failed",
          template: "Payment of {orderId} failed",
          loggerName: "shop.pay",
          threadId: 0,
          resource: { attributes: { "service.name": "shop" } },
          attributes: {
            orderId: 7,
            amount: 12.5,
            "exception.type": "Error",
            "exception.message": "declined",
            "exception.causes": [{ type: "TypeError", message: "no card" }],
          },
        },
        {
          eventName: "order.paid",
          attributes: { orderId: 12_345_678_901_234_567n, tags: ["a", null], nested: { ok: true } },
        },
      ]);
      expect(receiver.records[0]?.attributes["exception.stacktrace"]).toContain(
        "[cause]: TypeError: no card",
      );
    },
  );

  test("a handler in the application's own thread delivers too", async () => {
    const { receiver, handler } = await receive({ thread: "inline" });
    logNumbers(loggerOf(handler), { to: 1000 });
    await handler.forceFlush();
    await receiver.waitFor(1000);
    expect(numbersAt(receiver)).toEqual(numbers({ to: 1000 }));
  });

  test("TLS with a certificate of our own authority", async () => {
    const certificate = makeCertificate("localhost");
    const { receiver, handler } = await receive({ tls: { ca: certificate.cert } }, { tls: certificate });
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.shutdown();
    await receiver.waitFor(100);
    expect(handler.peer).toBe(receiver.address);
    expect(receiver.counts).toMatchObject({ connections: 1, brokenConnections: 0, truncated: 0 });
  });
});

describe("FemtoSocketHandler: faults", () => {
  test("a receiver that goes away and comes back: everything arrives, and the counters are right", async () => {
    troublesOfTest();
    const socketPath = join(makeFolder(), "s");
    const first = await FemtoSocketReceiver.start({ socketPath });
    const handler = endWithTest(new FemtoSocketHandler({ ...SHORT_PAUSES, socketPath }));
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 500 });
    await handler.forceFlush();
    await first.waitFor(500);
    await first.stop();
    logNumbers(logger, { from: 500, to: 1000 });
    await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow("500 records");
    const second = await FemtoSocketReceiver.start({ socketPath });
    onTestFinished(() => second.stop());
    await handler.forceFlush();
    await second.waitFor(500);
    expect([...numbersAt(first), ...numbersAt(second)]).toEqual(numbers({ to: 1000 }));
    expect(handler.stats()).toMatchObject({ emitted: 1000, delivered: 1000, droppedTotal: 0, queued: 0 });
  });

  test("while a peer reads nothing, records wait, the overflow policy decides, and the caller is not held up", async () => {
    const troubles = troublesOfTest();
    const peer = await startPeer({ reads: false });
    const handler = endWithTest(
      new FemtoSocketHandler({
        ...SHORT_PAUSES,
        host: "127.0.0.1",
        port: peer.port,
        writeTimeoutMillis: 200,
      }),
    );
    const logger = loggerOf(handler);
    const text = "x".repeat(10_000);
    // More than the queue and the buffers of a connection hold.
    for (let i = 0; handler.stats().dropped.queue_full === 0; i++) {
      logger.info(text, { i });
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("took no bytes for 200 ms"), LONG);
    await vi.waitFor(() => expect(peer.received.length).toBeGreaterThan(1), LONG);
    const { emitted, delivered, queued, droppedTotal } = handler.stats();
    expect(queued).toBeGreaterThan(0);
    expect(delivered + queued + droppedTotal).toBe(emitted);
  });

  test("a record whose frame is too large is counted and said; the others arrive", async () => {
    const troubles = troublesOfTest();
    const { receiver, handler } = await receive({ frameBytesMax: 2048 });
    const logger = loggerOf(handler);
    logger.info("small", { i: 0 });
    logger.info("large", { i: 1, text: "x".repeat(3000) });
    logger.info("small", { i: 2 });
    await handler.forceFlush();
    await receiver.waitFor(2);
    expect(numbersAt(receiver)).toEqual([0, 2]);
    expect(handler.stats()).toMatchObject({
      emitted: 3,
      delivered: 2,
      dropped: { export_failed: 1 },
      queued: 0,
    });
    await vi.waitFor(() => expect(troubles.join("\n")).toContain('may have 2048 ("frameBytesMax")'), LONG);
  });

  test("a receiver that takes shorter frames ends the connection; what follows is sent again, and arrives", async () => {
    troublesOfTest();
    const { receiver, handler } = await receive({}, { frameBytesMax: 2048 });
    const logger = loggerOf(handler);
    logger.info("large", { i: 0, text: "x".repeat(3000) });
    await handler.forceFlush();
    await vi.waitFor(() => expect(receiver.counts).toMatchObject({ oversized: 1, openConnections: 0 }), LONG);
    // The news takes its time to the handler's thread: the first batch after it may be lost with the connection.
    for (let i = 1; receiver.counts.records === 0; i++) {
      logger.info("small", { i });
      await handler.forceFlush();
    }
    expect(receiver.counts.connections).toBeGreaterThan(1);
  });

  test("a certificate that is not trusted gets nothing: records wait", async () => {
    const troubles = troublesOfTest();
    const ca = makeCertificate("other").cert;
    const { receiver, handler } = await receive({ tls: { ca } }, { tls: makeCertificate("localhost") });
    logNumbers(loggerOf(handler), { to: 10 });
    await expect(handler.forceFlush({ timeoutMillis: 1500 })).rejects.toThrow("10 records");
    await vi.waitFor(() => expect(troubles.join("\n")).toMatch(/self-signed certificate/), LONG);
    expect(receiver.counts.records).toBe(0);
    expect(handler.stats()).toMatchObject({ delivered: 0, queued: 10 });
  });

  test("a name that cannot be looked up: after retryTimeoutMillis records are counted as export_failed", async () => {
    const troubles = troublesOfTest();
    const host = "no-such-host.invalid";
    const handler = endWithTest(new FemtoSocketHandler({ ...SHORT_PAUSES, host, retryTimeoutMillis: 100 }));
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 0, queued: 0, dropped: { export_failed: 10 } });
    await vi.waitFor(() => expect(troubles.join("\n")).toContain("no-such-host.invalid"), LONG);
  });

  test("shutdown() ends the connection in good order: the receiver has everything, and no frame is cut", async () => {
    const { receiver, handler } = await receive();
    logNumbers(loggerOf(handler), { to: 20_000 });
    await handler.shutdown();
    await receiver.waitFor(20_000);
    await vi.waitFor(() => expect(receiver.counts.openConnections).toBe(0), LONG);
    expect(receiver.counts).toMatchObject({
      connections: 1,
      truncated: 0,
      brokenConnections: 0,
      malformed: 0,
    });
  });
});

describe("FemtoSocketHandler: options", () => {
  test("peer says where records go", () => {
    const peers = [{}, { host: "::1", port: 1 }, { host: "a", tls: true }, { socketPath: "/tmp/s" }].map(
      (options) => endWithTest(new FemtoSocketHandler(options)).peer,
    );
    expect(peers).toEqual(["tcp://localhost:9020", "tcp://[::1]:1", "tls://a:9020", "unix:/tmp/s"]);
  });

  test("the builder takes each option, and tells all faults at once", () => {
    const handler = FemtoSocketHandler.builder()
      .host("a")
      .port(7)
      .format("json")
      .tls({ rejectUnauthorized: false })
      .build();
    expect(endWithTest(handler).peer).toBe("tls://a:7");
    const result = FemtoSocketHandler.builder()
      .port(0)
      .format("xml" as "json")
      .tryBuild();
    expect(result).toMatchObject({ ok: false, errors: [{ path: "port" }, { path: "format" }] });
  });

  test.each([
    [{ socketPath: "/tmp/s", host: "a" }, '"socketPath"'],
    [{ socketPath: `/tmp/${"x".repeat(120)}` }, "must be at most 103 bytes long, has 125"],
    [{ tls: { ca: "no certificate", serverName: "a" } }, 'did you mean "servername"'],
    [
      { tls: { cert: "no certificate", key: "no key" } },
      '"tls.cert" is "no certificate", must be text of PEM or a file',
    ],
    [{ backoffMillis: 20, backoffMaxMillis: 10 }, '"backoffMillis"'],
  ] as const)("%o is a ConfigError", (options, text) => {
    expect(configErrorOf(() => new FemtoSocketHandler(options as SocketHandlerOptions))).toContain(text);
  });

  test("a key that belongs to another certificate is an error at once, and does not appear in it", () => {
    const [one, other] = [makeCertificate("one"), makeCertificate("other")];
    const tls = { cert: one.cert, key: other.key };
    const message = configErrorOf(() => new FemtoSocketHandler({ tls }));
    expect(message).toContain("KEY_VALUES_MISMATCH");
    expect(message).not.toContain("PRIVATE KEY");
  });

  test("a handler that never logs opens no connection", async () => {
    const { receiver, handler } = await receive();
    await handler.forceFlush();
    await handler.shutdown();
    expect(receiver.counts.connections).toBe(0);
  });
});
