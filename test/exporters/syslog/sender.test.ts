import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { BatchSender } from "../../../exporters/sender.ts";
import type { SyslogAddress, SyslogSenderOptions } from "../../../exporters/syslog/sender-options.ts";
import { createSyslogSender } from "../../../exporters/syslog/sender.ts";
import { makeCertificate } from "../../receiver/certificate.ts";
import { DatagramServer, StreamServer, type StreamServerOptions } from "../../support/syslog-server.ts";

const LONG = { timeout: 15_000 };
const host = "127.0.0.1";

function framed(...messages: readonly string[]): Buffer {
  return Buffer.from(messages.map((message) => `${Buffer.byteLength(message)} ${message}`).join(""));
}

function batch(recordCount: number, signal = new AbortController().signal) {
  return { recordCount, signal };
}

function senderTo(address: SyslogAddress, options: Partial<SyslogSenderOptions> = {}): BatchSender {
  const sender = createSyslogSender({
    address,
    timeoutMillis: 10_000,
    retryTimeoutMillis: 15_000,
    backoffMillis: 1,
    ...options,
  });
  onTestFinished(() => sender.close());
  return sender;
}

async function listen(options: StreamServerOptions = {}): Promise<StreamServer> {
  const server = await StreamServer.start(options);
  onTestFinished(() => server.stop());
  return server;
}

async function listenForDatagrams(port = 0): Promise<DatagramServer> {
  const server = await DatagramServer.start(port);
  onTestFinished(() => server.stop().catch(() => {}));
  return server;
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-syslog-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = await StreamServer.start();
  const { port } = server;
  await server.stop();
  return port;
}

describe("createSyslogSender(): streams", () => {
  test("TCP: batches over one connection", async () => {
    const server = await listen();
    const sender = senderTo({ transport: "tcp", host, port: server.port });
    const delivered = { delivered: 2, rejected: 0, failed: 0, reason: undefined, error: undefined };
    expect(await sender.send(framed("one", "zwö"), batch(2))).toEqual(delivered);
    expect(await sender.send(framed("three", "four"), batch(2))).toEqual(delivered);
    expect(await server.received(4)).toEqual(["one", "zwö", "three", "four"]);
    expect(server.sockets).toHaveLength(1);
  });

  test("a Unix socket", async () => {
    const path = join(makeFolder(), "log");
    const server = await listen({ path, framing: "newline" });
    const sender = senderTo({ transport: "unix", socketPath: path });
    expect((await sender.send(Buffer.from("one\ntwo\n"), batch(2))).delivered).toBe(2);
    expect(await server.received(2)).toEqual(["one", "two"]);
  });

  test("TLS: a peer whose certificate is trusted, ours for a peer that asks", async () => {
    const [theirs, ours] = [makeCertificate("server"), makeCertificate("client")];
    const tls = { ...theirs, ca: ours.cert, requestCert: true };
    const server = await listen({ tls });
    const address = { transport: "tls", host, port: server.port } as const;
    const known = senderTo({ ...address, tls: { ca: theirs.cert, ...ours } });
    expect((await known.send(framed("one"), batch(1))).delivered).toBe(1);
    expect(await server.received(1)).toEqual(["one"]);
    const distrusting = senderTo({ ...address, tls: {} });
    const outcome = await distrusting.send(framed("two"), batch(1));
    expect(outcome).toMatchObject({
      failed: 1,
      reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
      error: { retryable: false },
    });
    expect(outcome.error?.message).toContain(`Cannot send 1 record to tls://127.0.0.1:${server.port}: `);
  });

  test("nobody listens: tried again, and delivered once somebody does", async () => {
    const port = await freePort();
    const reports: string[] = [];
    const report = (trouble: string): unknown => reports.push(trouble);
    const sending = senderTo({ transport: "tcp", host, port }, { report }).send(framed("one"), batch(1));
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), LONG);
    expect(reports[0]).toMatch(
      /^Cannot send 1 record to tcp:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED .*; tried again in \d+ ms$/,
    );
    const server = await listen({ port });
    expect((await sending).delivered).toBe(1);
    expect(await server.received(1)).toEqual(["one"]);
  });

  test("nobody listens for good: given up after retryTimeoutMillis, and said", async () => {
    const address = { transport: "tcp", host, port: await freePort() } as const;
    const outcome = await senderTo(address, { retryTimeoutMillis: 300 }).send(framed("a", "b"), batch(2));
    expect(outcome).toMatchObject({
      delivered: 0,
      failed: 2,
      reason: "ECONNREFUSED",
      error: { retryable: true },
    });
    expect(outcome.error?.message).toMatch(
      /ECONNREFUSED 127\.0\.0\.1:\d+ for \d+ ms \("retryTimeoutMillis"\), \d+ attempts; 2 records counted as export_failed$/,
    );
  });

  test("a peer that resets in the middle of a batch gets it again, over a new connection", async () => {
    const server = await listen({
      greet: (socket, index) => {
        if (index > 0) return false;
        socket.once("data", () => socket.resetAndDestroy());
        return true;
      },
    });
    // More than the buffers of the system hold: the reset comes before it is all taken.
    const messages = Array.from({ length: 4000 }, (_, i) => `${i} ${"x".repeat(4000)}`);
    const sender = senderTo({ transport: "tcp", host, port: server.port });
    expect((await sender.send(framed(...messages), batch(4000))).delivered).toBe(4000);
    expect(await server.received(4000)).toEqual(messages);
  });

  test("a peer that has closed the connection between two batches gets the next over a new one", async () => {
    const server = await listen();
    const sender = senderTo({ transport: "tcp", host, port: server.port });
    await sender.send(framed("one"), batch(1));
    await server.received(1);
    const [socket] = server.sockets;
    socket?.end();
    await once(socket!, "close");
    expect((await sender.send(framed("two"), batch(1))).delivered).toBe(1);
    expect(await server.received(2)).toEqual(["one", "two"]);
  });

  test("a peer that accepts and never reads: time out, and delivered once it reads", async () => {
    const server = await listen({ greet: (_socket, index) => index === 0 });
    const messages = Array.from({ length: 4000 }, () => "x".repeat(4000));
    const options = { timeoutMillis: 3000 };
    const sender = senderTo({ transport: "tcp", host, port: server.port }, options);
    expect((await sender.send(framed(...messages), batch(4000))).delivered).toBe(4000);
    expect(server.sockets.length).toBeGreaterThan(1);
    expect((await server.received(4000)).length).toBeGreaterThanOrEqual(4000);
  });

  test("a peer that reads slowly, a little at a time, gets everything over one connection", async () => {
    const server = await listen({
      greet: (socket) => {
        const timer = setInterval(() => {
          socket.resume();
          setImmediate(() => socket.pause());
        }, 1);
        socket.once("close", () => clearInterval(timer));
        return false;
      },
    });
    const messages = Array.from({ length: 500 }, (_, i) => `${i} ${"x".repeat(4000)}`);
    const sender = senderTo({ transport: "tcp", host, port: server.port });
    expect((await sender.send(framed(...messages), batch(500))).delivered).toBe(500);
    expect(await server.received(500)).toEqual(messages);
    expect(server.sockets).toHaveLength(1);
  });

  test("a peer that never answers the handshake of TLS: time out", async () => {
    const server = await listen({ greet: () => true });
    const address = { transport: "tls", host, port: server.port, tls: {} } as const;
    const options = { timeoutMillis: 100, retryTimeoutMillis: 400 };
    const outcome = await senderTo(address, options).send(framed("a"), batch(1));
    expect(outcome).toMatchObject({ failed: 1, reason: "timeout" });
    expect(outcome.error?.message).toMatch(
      /: not taken (?:in time|within 100 ms \("timeoutMillis"\)) for \d+ ms/,
    );
  });

  test.each(["tcp", "udp"] as const)("a name that nobody knows, by %s", async (transport) => {
    const address = { transport, host: "nobody.invalid", port: 514 };
    const outcome = await senderTo(address, { retryTimeoutMillis: 300 }).send(framed("a"), batch(1));
    expect(outcome).toMatchObject({ delivered: 0, failed: 1, error: { retryable: true } });
    expect(outcome.reason).toMatch(/^(?:ENOTFOUND|EAI_AGAIN|timeout)$/);
  });

  test("the signal ends an attempt and a wait; close() ends both and what comes later", async () => {
    const server = await listen({ greet: () => true });
    const stop = new AbortController();
    const address = { transport: "tcp", host, port: server.port } as const;
    const stuck = senderTo(address).send(Buffer.alloc(20_000_000, "x"), batch(1, stop.signal));
    await server.connected(1);
    stop.abort();
    expect(await stuck).toMatchObject({
      delivered: 0,
      failed: 1,
      reason: "shutdown",
      error: { retryable: true },
    });
    const away = senderTo({ ...address, port: await freePort() }, { backoffMillis: 10_000 });
    const waiting = away.send(framed("a"), batch(1));
    await away.close();
    expect(await waiting).toMatchObject({ failed: 1, reason: "shutdown" });
    expect(await away.send(framed("a"), batch(1))).toMatchObject({ failed: 1, reason: "shutdown" });
  });
});

describe("createSyslogSender(): datagrams", () => {
  test("a datagram for each message, in order", async () => {
    const server = await listenForDatagrams();
    const messages = Array.from({ length: 100 }, (_, i) => `message ${i} é`);
    const sender = senderTo({ transport: "udp", host, port: server.port });
    expect(await sender.send(framed(...messages), batch(100))).toMatchObject({ delivered: 100, failed: 0 });
    expect(await server.received(100)).toEqual(messages);
  });

  test("by name: where nobody listens at its first address, at the next one", async () => {
    // Of the two addresses that the name may have, only this one has a server.
    const server = await listenForDatagrams();
    const sender = senderTo({ transport: "udp", host: "localhost", port: server.port });
    expect((await sender.send(framed("one"), batch(1))).delivered).toBe(1);
    expect(await server.received(1)).toEqual(["one"]);
  });

  test("where nobody listens on the same machine: tried again, and delivered once somebody does", async () => {
    const probe = createSocket("udp4").bind(0, host);
    await once(probe, "listening");
    const { port } = probe.address();
    probe.close();
    await once(probe, "close");
    const reports: string[] = [];
    const report = (trouble: string): unknown => reports.push(trouble);
    const sending = senderTo({ transport: "udp", host, port }, { report }).send(framed("a", "b"), batch(2));
    await vi.waitFor(() => expect(reports.join()).toContain("ECONNREFUSED"), LONG);
    const server = await listenForDatagrams(port);
    expect(await sending).toMatchObject({ delivered: 2, failed: 0 });
    expect((await server.received(2)).toSorted()).toEqual(["a", "b"]);
  });

  test("a message that no datagram can hold fails alone", async () => {
    const server = await listenForDatagrams();
    const sender = senderTo({ transport: "udp", host, port: server.port });
    const outcome = await sender.send(framed("one", "x".repeat(66_000), "two"), batch(3));
    expect(outcome).toMatchObject({ delivered: 2, failed: 1, reason: "EMSGSIZE" });
    expect(outcome.error?.message).toContain("Cannot send 1 record to udp://127.0.0.1:");
    expect(await server.received(2)).toEqual(["one", "two"]);
  });

  test("the signal that has come before sends nothing", async () => {
    const server = await listenForDatagrams();
    const sender = senderTo({ transport: "udp", host, port: server.port });
    expect(await sender.send(framed("one"), batch(1, AbortSignal.abort()))).toMatchObject({
      failed: 1,
      reason: "shutdown",
    });
  });
});
