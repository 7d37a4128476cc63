import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, type Server as TlsServer } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";

import { makeCertificate } from "../../receiver/certificate.ts";
import { batch, senderTo, startPeer, textOf } from "./raw-peer.ts";

const LONG = { timeout: 20_000, interval: 5 };
/** Nobody listens there. */
const NOWHERE = join(tmpdir(), "femto-no-such-folder", "socket");
const DELIVERED = { delivered: 3, rejected: 0, failed: 0, reason: undefined };
/** More than the buffers of both ends of a connection hold. */
const HUGE = Buffer.alloc(32 * 1_048_576, "x");

test("send() delivers batches in order over one connection", async () => {
  const peer = await startPeer();
  const { sender, troubles } = senderTo(peer);
  const outcomes = await Promise.all(
    ["one ", "two ", "three"].map((text) => sender.send(Buffer.from(text), batch())),
  );
  for (const outcome of outcomes) expect(outcome).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(textOf(peer.received[0])).toBe("one two three"), LONG);
  expect(peer.received).toHaveLength(1);
  expect(troubles).toEqual([]);
});

test("close() says that nothing more comes, and waits until the peer has read everything", async () => {
  const peer = await startPeer({ reads: false });
  const { sender } = senderTo(peer);
  const body = Buffer.alloc(100_000, "x");
  await sender.send(body, batch());
  const closing = sender.close();
  // What the peer has said meanwhile must not turn our end into a reset.
  peer.sockets[0]?.write("unasked for");
  let byteCount = 0;
  peer.sockets[0]?.on("data", (chunk) => {
    byteCount += chunk.length;
  });
  peer.sockets[0]?.resume();
  await closing;
  expect(byteCount).toBe(body.length);
  expect(peer.sockets[0]?.errored).toBeNull();
});

test("close() does not wait for ever for a peer that never closes", async () => {
  const peer = await startPeer({ reads: false });
  const { sender } = senderTo(peer);
  await sender.send(Buffer.from("x"), batch());
  await sender.close();
  expect(peer.received).toHaveLength(1);
});

test("a peer that resets in the middle of a batch gets all of it again, from its beginning", async () => {
  const peer = await startPeer({
    onConnection: (socket, index) => {
      if (index > 0) return;
      let byteCount = 0;
      socket.on("data", (chunk) => {
        byteCount += chunk.length;
        if (byteCount > 1_000_000) socket.resetAndDestroy();
      });
    },
  });
  const { sender, troubles } = senderTo(peer);
  expect(await sender.send(HUGE, batch())).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(Buffer.concat(peer.received[1] ?? []).equals(HUGE)).toBe(true), LONG);
  expect(peer.received).toHaveLength(2);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toMatch(
    /^Cannot send to tcp:\/\/127\.0\.0\.1:\d+: .*(?:ECONNRESET|EPIPE).*; records wait, and it is tried again$/,
  );
});

test("a connection that the peer has closed between batches is made again, without a word", async () => {
  const peer = await startPeer();
  const { sender, troubles } = senderTo(peer);
  await sender.send(Buffer.from("first"), batch());
  await vi.waitFor(() => expect(textOf(peer.received[0])).toBe("first"), LONG);
  const [socket] = peer.sockets;
  if (socket === undefined) throw new Error("There is no connection");
  socket.end();
  await once(socket, "close");
  expect(await sender.send(Buffer.from("second"), batch())).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(textOf(peer.received[1])).toBe("second"), LONG);
  expect(troubles).toEqual([]);
});

test("a peer that accepts and never reads is left after the write timeout, and gets the batch when it reads again", async () => {
  const peer = await startPeer({
    onConnection: (socket, index) => {
      if (index < 2)
        socket.on("newListener", (event) => event === "data" && queueMicrotask(() => socket.pause()));
    },
  });
  const { sender, troubles } = senderTo({ port: peer.port, writeTimeoutMillis: 300 });
  expect(await sender.send(HUGE, batch())).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(Buffer.concat(peer.received[2] ?? []).equals(HUGE)).toBe(true), LONG);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain('the peer took no bytes for 300 ms ("writeTimeoutMillis")');
});

test("a slow peer is not given up: the write timeout is for 64 KiB, not for the batch", async () => {
  const peer = await startPeer({
    onConnection: (socket) => {
      socket.on("data", () => {
        socket.pause();
        setTimeout(() => socket.resume(), 8);
      });
    },
  });
  const { sender, troubles } = senderTo({ port: peer.port, writeTimeoutMillis: 1500 });
  const startMillis = performance.now();
  expect(await sender.send(HUGE, batch())).toMatchObject(DELIVERED);
  expect(performance.now() - startMillis).toBeGreaterThan(1500);
  expect(peer.received).toHaveLength(1);
  expect(troubles).toEqual([]);
});

test("a peer that is away gets the batch when it comes back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "femto-socket-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, "s");
  const { sender, troubles } = senderTo({ socketPath });
  const sending = sender.send(Buffer.from("late"), batch());
  await vi.waitFor(() => expect(troubles).toHaveLength(1), LONG);
  expect(troubles[0]).toMatch(/^Cannot send to unix:.*\/s: connect ENOENT /);
  const chunks: Buffer[] = [];
  const server = createServer((socket) => socket.on("data", (chunk) => chunks.push(chunk)));
  onTestFinished(() => void server.close());
  server.listen(socketPath);
  expect(await sending).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(textOf(chunks)).toBe("late"), LONG);
});

test("a name that cannot be looked up is asked for again, until the time for the batch is over", async () => {
  const { sender, troubles } = senderTo({ host: "no-such-host.invalid", retryTimeoutMillis: 200 });
  const outcome = await sender.send(Buffer.from("x"), batch());
  expect(outcome).toMatchObject({ delivered: 0, failed: 3, error: { retryable: true } });
  expect(outcome.reason).toMatch(/^(?:ENOTFOUND|EAI_AGAIN)$/);
  expect(outcome.error?.message).toMatch(
    /^Cannot send 3 records to tcp:\/\/no-such-host\.invalid:9020: .*; counted as export_failed$/,
  );
  expect(troubles.length).toBeGreaterThan(0);
});

test("a peer that never answers the handshake is left after the connect timeout", async () => {
  const peer = await startPeer();
  const options = { port: peer.port, tls: {}, connectTimeoutMillis: 100, retryTimeoutMillis: 500 };
  const { sender } = senderTo(options);
  const outcome = await sender.send(Buffer.from("x"), batch());
  expect(outcome).toMatchObject({ failed: 3, reason: "timeout" });
  expect(outcome.error?.message).toContain('no connection within 100 ms ("connectTimeoutMillis")');
  expect(peer.received.length).toBeGreaterThan(1);
});

test("a certificate that is not trusted gets nothing; once the peer has the right one, it gets the batch", async () => {
  const wrong = makeCertificate("wrong");
  const right = makeCertificate("right");
  const peer = await startPeer({ tls: wrong });
  const { sender, troubles } = senderTo({ port: peer.port, tls: { ca: right.cert } });
  const sending = sender.send(Buffer.from("secret"), batch());
  await vi.waitFor(() => expect(troubles).toHaveLength(1), LONG);
  expect(troubles[0]).toMatch(/^Cannot send to tls:\/\/127\.0\.0\.1:\d+: .*DEPTH_ZERO_SELF_SIGNED_CERT/);
  expect(peer.received.every((chunks) => chunks.length === 0)).toBe(true);
  (peer.server as TlsServer).setSecureContext(right);
  expect(await sending).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(textOf(peer.received.at(-1))).toBe("secret"), LONG);
});

test("a certificate for another name is refused; servername says which name it must be for", async () => {
  const certificate = makeCertificate("localhost");
  const peer = await startPeer({ tls: certificate });
  const tls = { ca: certificate.cert, servername: "collector.example" };
  const refused = senderTo({ port: peer.port, tls, retryTimeoutMillis: 1 });
  expect((await refused.sender.send(Buffer.from("x"), batch())).reason).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  const named = senderTo({ port: peer.port, tls: { ...tls, servername: "localhost" } });
  expect(await named.sender.send(Buffer.from("y"), batch())).toMatchObject(DELIVERED);
});

test("rejectUnauthorized: false takes any certificate", async () => {
  const peer = await startPeer({ tls: makeCertificate("anybody") });
  const { sender } = senderTo({
    port: peer.port,
    tls: { rejectUnauthorized: false, servername: "other.example" },
  });
  expect(await sender.send(Buffer.from("x"), batch())).toMatchObject(DELIVERED);
});

test("a peer that asks for our certificate gets it", async () => {
  const ours = makeCertificate("sender");
  const theirs = makeCertificate("receiver");
  const peer = await startPeer({
    tls: { ...theirs, ca: ours.cert, requestCert: true, rejectUnauthorized: true },
  });
  const { sender } = senderTo({ port: peer.port, tls: { ca: theirs.cert, ...ours } });
  expect(await sender.send(Buffer.from("x"), batch())).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(textOf(peer.received[0])).toBe("x"), LONG);
  expect(() => createSecureContext(ours)).not.toThrow();
});

test("the signal ends a wait, a connection being made, and a write; the batch has failed then", async () => {
  const silent = await startPeer();
  const unread = await startPeer({ reads: false });
  const cases = [
    senderTo({ socketPath: NOWHERE, backoffMillis: 60_000, backoffMaxMillis: 60_000 }),
    senderTo({ port: silent.port, tls: {} }),
    senderTo({ port: unread.port }),
  ];
  const abort = new AbortController();
  const sends = cases.map(({ sender }) => sender.send(HUGE, batch(abort.signal)));
  await vi.waitFor(() => {
    expect(cases[0]?.troubles).toHaveLength(1);
    expect(silent.sockets).toHaveLength(1);
    expect(unread.sockets).toHaveLength(1);
  }, LONG);
  abort.abort();
  for (const outcome of await Promise.all(sends)) {
    expect(outcome).toMatchObject({ delivered: 0, failed: 3, reason: "shutdown" });
  }
});

test("send() after close() fails with reason shutdown", async () => {
  const peer = await startPeer();
  const { sender } = senderTo(peer);
  await sender.close();
  expect(await sender.send(Buffer.from("x"), batch())).toMatchObject({ failed: 3, reason: "shutdown" });
  expect(peer.received).toHaveLength(0);
});

test("close() gives up what is being sent", async () => {
  const { sender, troubles } = senderTo({ socketPath: NOWHERE });
  const sending = sender.send(Buffer.from("x"), batch());
  await vi.waitFor(() => expect(troubles).toHaveLength(1), LONG);
  await sender.close();
  expect(await sending).toMatchObject({ failed: 3, reason: "shutdown" });
});

test("an outage is reported once, and again when its reason changes", async () => {
  const peer = await startPeer({ onConnection: (socket) => socket.destroy() });
  const { sender, troubles } = senderTo({
    port: peer.port,
    tls: { rejectUnauthorized: false },
    retryTimeoutMillis: 400,
  });
  await sender.send(Buffer.from("x"), batch());
  expect(peer.received.length).toBeGreaterThan(3);
  expect(troubles.length).toBeLessThan(3);
});

test("a peer that refuses our certificate, or asks for one that we do not have, gets nothing counted as delivered", async () => {
  const ours = makeCertificate("sender");
  const theirs = makeCertificate("receiver");
  const peer = await startPeer({
    tls: { ...theirs, ca: makeCertificate("other").cert, requestCert: true, rejectUnauthorized: true },
  });
  for (const certificate of [{}, ours]) {
    const tls = { ca: theirs.cert, ...certificate };
    const { sender } = senderTo({ port: peer.port, tls, retryTimeoutMillis: 200 });
    expect(await sender.send(Buffer.from("x"), batch())).toMatchObject({ delivered: 0, failed: 3 });
  }
  expect(peer.received).toEqual([]);
});

test("a peer that speaks TLS 1.2 gets its batches too", async () => {
  const certificate = makeCertificate("receiver");
  const peer = await startPeer({ tls: { ...certificate, maxVersion: "TLSv1.2" } });
  const { sender } = senderTo({ port: peer.port, tls: { ca: certificate.cert } });
  expect(await sender.send(Buffer.from("x"), batch())).toMatchObject(DELIVERED);
  await vi.waitFor(() => expect(textOf(peer.received[0])).toBe("x"), LONG);
});

test.each([undefined, makeCertificate("receiver")])(
  "a connection whose end has come, but was not yet noticed, is not written to",
  async (certificate) => {
    const peer = await startPeer(certificate === undefined ? {} : { tls: certificate });
    const tls = certificate === undefined ? undefined : { ca: certificate.cert };
    const { sender } = senderTo({ port: peer.port, tls });
    await sender.send(Buffer.from("first"), batch());
    await vi.waitFor(() => expect(textOf(peer.received[0])).toBe("first"), LONG);
    peer.sockets[0]?.destroy();
    expect(await sender.send(Buffer.from("second"), batch())).toMatchObject(DELIVERED);
    await vi.waitFor(() => expect(textOf(peer.received[1])).toBe("second"), LONG);
  },
);
