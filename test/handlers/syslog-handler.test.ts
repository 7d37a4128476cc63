import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createLogging, FemtoSysLogHandler, type SysLogHandlerOptions } from "../../src/index.ts";
import { unixSocketKind } from "../../src/handlers/unix-socket-kind.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { parseMessage } from "../support/syslog-messages.ts";
import { DatagramServer, StreamServer, type StreamServerOptions } from "../support/syslog-server.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

const LONG = { timeout: 15_000 };
const host = "127.0.0.1";

async function listen(options: StreamServerOptions = {}): Promise<StreamServer> {
  const server = await StreamServer.start(options);
  onTestFinished(() => server.stop());
  return server;
}

async function listenForDatagrams(): Promise<DatagramServer> {
  const server = await DatagramServer.start();
  onTestFinished(() => server.stop());
  return server;
}

function handlerOf(options: SysLogHandlerOptions): FemtoSysLogHandler {
  return endWithTest(new FemtoSysLogHandler(options));
}

describe("FemtoSysLogHandler: transports", () => {
  test.each(["own", "inline"] as const)("UDP, RFC 5424, thread %s", async (thread) => {
    const server = await listenForDatagrams();
    const handler = handlerOf({ thread, host, port: server.port, facility: "local3", appName: "shop" });
    loggerOf(handler).warn("Order {id}", { id: 7 });
    await handler.forceFlush();
    const [message = ""] = await server.received(1);
    expect(parseMessage(message)).toMatchObject({
      facility: 19,
      severity: 4,
      host: hostname().replaceAll(/[^!-~]/g, "_"),
      app: "shop",
      procid: String(process.pid),
      msgid: "-",
      data: {
        "femtologging@32473": [
          ["logger", "contract"],
          ["id", "7"],
        ],
      },
      msg: "Order 7",
    });
    expect(handler.stats()).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test("TCP, RFC 3164, framed by line feeds", async () => {
    const server = await listen({ framing: "newline" });
    const handler = handlerOf({
      transport: "tcp",
      host,
      port: server.port,
      format: "rfc3164",
      framing: "newline",
      hostname: "web-1",
    });
    loggerOf(handler).error("Two\nlines", { id: 7 });
    await handler.forceFlush();
    const [message] = await server.received(1);
    expect(message).toMatch(
      /^<11>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d web-1 node\[\d+\]: Two\\nlines logger=contract id=7$/,
    );
  });

  test("TLS, to a trusted peer", async () => {
    const certificate = makeCertificate("localhost");
    const server = await listen({ tls: certificate });
    const handler = handlerOf({ host, port: server.port, tls: { ca: certificate.cert } });
    logNumbers(loggerOf(handler), { to: 100 });
    await handler.forceFlush();
    expect((await server.received(100)).map((text) => parseMessage(text).msg)).toEqual(
      numbers({ to: 100 }).map((i) => `record ${i}`),
    );
  });

  test.each([
    ["newline", undefined],
    ["nul", "nul"],
  ] as const)("a Unix socket, framed by %s", async (expected, framing) => {
    const path = join(makeFolder(), "log");
    const server = await listen({ path, framing: expected });
    const handler = handlerOf({ socketPath: path, format: "rfc3164", framing });
    logNumbers(loggerOf(handler), { to: 2 });
    await handler.forceFlush();
    // The daemon knows its host: none is named.
    expect((await server.received(2))[1]).toMatch(
      /^<14>... .. ..:..:.. node\[\d+\]: record 1 logger=contract$/,
    );
  });

  test("the name of the service, and the name of the event", async () => {
    const server = await listenForDatagrams();
    const handler = handlerOf({ host, port: server.port });
    const resource = { attributes: { "service.name": "shop" }, asyncAttributesPending: false };
    createLogging({ handlers: [handler], resource })
      .getLogger("x")
      .event("order.paid", { id: 7 });
    await handler.forceFlush();
    expect(parseMessage((await server.received(1))[0] ?? "")).toMatchObject({
      app: "shop",
      msgid: "order.paid",
    });
  });
});

describe("FemtoSysLogHandler: limits and faults", () => {
  test("a message that is too long is cut, arrives, and is told", async () => {
    const troubles = troublesOfTest();
    const server = await listen();
    const handler = handlerOf({ transport: "tcp", host, port: server.port, maxMessageBytes: 480 });
    loggerOf(handler).info(`é${"é".repeat(1000)}`);
    await handler.forceFlush();
    const [message = ""] = await server.received(1);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(480);
    expect(parseMessage(message).msg).toMatch(/^é+…$/);
    expect(handler.stats()).toMatchObject({ delivered: 1 });
    await vi.waitFor(
      () =>
        expect(troubles.join()).toContain('Cut 1 of 1 message of syslog to 480 bytes ("maxMessageBytes")'),
      LONG,
    );
  });

  test("a server that goes away and comes back: everything logged meanwhile arrives", async () => {
    troublesOfTest();
    const first = await listen();
    const { port } = first;
    const handler = handlerOf({ transport: "tcp", host, port });
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 1 });
    await handler.forceFlush();
    await first.received(1);
    await first.stop();
    logNumbers(logger, { from: 1, to: 100 });
    await handler.forceFlush({ timeoutMillis: 300 }).catch(() => {});
    const second = await listen({ port });
    await handler.forceFlush();
    expect((await second.received(99)).map((text) => parseMessage(text).msg)).toEqual(
      numbers({ from: 1, to: 100 }).map((i) => `record ${i}`),
    );
    expect(handler.stats()).toMatchObject({ delivered: 100, queued: 0, droppedTotal: 0 });
  });

  test("a server that stays away: its records are counted and told, the application goes on", async () => {
    const troubles = troublesOfTest();
    const server = await StreamServer.start();
    const { port } = server;
    await server.stop();
    const handler = handlerOf({ transport: "tcp", host, port, retryTimeoutMillis: 300 });
    logNumbers(loggerOf(handler), { to: 10 });
    await vi.waitFor(() => expect(handler.stats().dropped.export_failed).toBe(10), LONG);
    await vi.waitFor(
      () => expect(troubles.join()).toContain(`to tcp://127.0.0.1:${port}: connect ECONNREFUSED`),
      LONG,
    );
  });

  test("a name that nobody knows is told, and its records are counted", async () => {
    const troubles = troublesOfTest();
    const handler = handlerOf({ host: "nobody.invalid", retryTimeoutMillis: 300 });
    logNumbers(loggerOf(handler), { to: 10 });
    await vi.waitFor(() => expect(handler.stats().dropped.export_failed).toBe(10), LONG);
    await vi.waitFor(() => expect(troubles.join()).toContain("udp://nobody.invalid:514"), LONG);
  });
});

describe("FemtoSysLogHandler: wrong options", () => {
  test.each([
    [{ transport: "http" }, '"transport" is "http", must be one of'],
    [{ facility: "local8" }, '"facility" is "local8", must be a number from 0 to 23'],
    [{ facility: 24 }, '"facility" is 24, must be'],
    [{ port: 0 }, '"port" is 0, must be at least 1'],
    [{ address: "localhost" }, 'did you mean "host"?'],
    [{ ident: "shop" }, 'did you mean "appName"?'],
    [{ structuredDataId: "a b" }, '"structuredDataId" is "a b", must be false, or'],
    [{ transport: "unix" }, '"socketPath" is missing, must be given with "transport" "unix"'],
    [
      { transport: "tcp", socketPath: "/x" },
      '"socketPath" is "/x", must not be given with "transport" "tcp"',
    ],
    [{ socketPath: "/x", host: "y" }, '"socketPath" is "/x", must not be given together with "host"'],
    [{ transport: "tcp", tls: true }, '"tls" is true, must be false with "transport" "tcp"'],
    [{ framing: "nul" }, '"framing" is "nul", must not be given with "transport" "udp"'],
    [{ maxMessageBytes: 70_000 }, '"maxMessageBytes" is 70000, must be at most 65507 with "transport" "udp"'],
    [{ maxMessageBytes: 100 }, '"maxMessageBytes" is 100, must be at least 480'],
    [{ tls: { key: "x" } }, '"tls.key" is "[hidden string]", must be text of PEM'],
  ])("%o", (options, expected) => {
    const text = configErrorOf(() => new FemtoSysLogHandler(options as SysLogHandlerOptions));
    expect(text).toContain('Cannot start handler "syslog"');
    expect(text).toContain(expected);
  });

  test("a socket of datagrams is an error at once, one of a stream is none", async () => {
    const folder = makeFolder();
    const path = join(folder, "stream");
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await vi.waitFor(() => expect(unixSocketKind(path)).toBe("stream"), LONG);
    expect(unixSocketKind(join(folder, "nobody"))).toBeUndefined();
    handlerOf({ socketPath: path });
  });

  test("builder() has a method for each option", () => {
    const result = FemtoSysLogHandler.builder()
      .transport("tcp")
      .facility("local0")
      .framing("nul")
      .port(0)
      .tryBuild();
    expect(result.ok ? [] : result.errors.map(({ path }) => path)).toEqual(["port"]);
  });
});
