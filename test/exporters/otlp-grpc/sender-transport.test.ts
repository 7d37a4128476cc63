import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Stream } from "node:http2";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

import { status } from "@grpc/grpc-js";
import { expect, onTestFinished, test } from "vitest";

import { batch, codes, fiveRecords, GrpcPeer, send, senderTo, startPeer, taken } from "./grpc-peer.ts";

async function listen(server: Server): Promise<{ readonly port: number }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port };
}

/** A server of HTTP/2 that does with each stream what the test says. @param index Of the stream: 0 for the first. */
function http2Peer(
  act: (stream: ServerHttp2Stream, index: number) => void,
): Promise<{ readonly port: number }> {
  let count = 0;
  const server = createHttp2Server();
  server.on("session", (session) => session.on("error", () => {}));
  server.on("stream", (stream) => {
    stream.on("error", () => {}).resume();
    act(stream, count++);
  });
  return listen(server);
}

/** An answer that is all right. */
function take(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(Buffer.alloc(5));
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("send() tries again when nobody listens, and says so when it gives up", async () => {
  const port = await freePort();
  const outcome = await send(senderTo({ port }, { retryTimeoutMillis: 1000 }));
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAVAILABLE", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(
    /: connect ECONNREFUSED 127\.0\.0\.1:\d+ \(UNAVAILABLE\) for \d+ m?s \("retryTimeoutMillis"\), \d+ attempts; 5 records counted as export_failed$/,
  );
});

test("send() delivers with its next attempt once somebody listens, however long nobody did", async () => {
  const port = await freePort();
  const failed = Promise.withResolvers<void>();
  let failedCount = 0;
  const report = (): void => {
    failedCount += 1;
    if (failedCount === 6) failed.resolve();
  };
  const sender = senderTo({ port }, { backoffMillis: 100, report });
  const sending = send(sender);
  // By now grpc-js, left to itself, would wait longer than a second before it connects again.
  await failed.promise;
  const peer = new GrpcPeer(() => taken);
  await peer.listen({ port });
  onTestFinished(() => peer.stop());
  const failedBefore = failedCount;
  expect((await sending).delivered).toBe(5);
  expect(failedCount - failedBefore).toBeLessThanOrEqual(1);
});

test("send() tries again when the name cannot be resolved", async () => {
  const options = { url: "http://no-such-host.invalid:4317", retryTimeoutMillis: 500 };
  const outcome = await send(senderTo({ port: 0 }, options));
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAVAILABLE", error: { retryable: true } });
  expect(outcome.error?.message).toContain("Name resolution failed");
  expect(outcome.error?.message).not.toContain("unanswered");
});

test("send() goes on with a peer that was stopped and started again on its port", async () => {
  const peer = await startPeer(() => taken);
  const sender = senderTo(peer);
  expect((await send(sender)).delivered).toBe(5);
  peer.stop();
  const sending = send(sender);
  const next = new GrpcPeer(() => taken);
  await next.listen({ port: peer.port });
  onTestFinished(() => next.stop());
  expect((await sending).delivered).toBe(5);
  expect(next.calls).toHaveLength(1);
});

test("send() tries again when the connection breaks in the middle of a call", async () => {
  const peer = await http2Peer((stream, index) => {
    if (index === 0) stream.session?.destroy();
    else take(stream);
  });
  expect((await send(senderTo(peer))).delivered).toBe(5);
});

test("send() says that the records may have arrived when connections break for good", async () => {
  const peer = await http2Peer((stream) => stream.session?.destroy());
  const outcome = await send(senderTo(peer, { retryTimeoutMillis: 1000 }));
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAVAILABLE" });
  expect(outcome.error?.message).toMatch(
    /status UNAVAILABLE \("Connection dropped"\) for .*; a request went unanswered, so the peer may have them/,
  );
});

test("send() tries again when the answer breaks off", async () => {
  const peer = await http2Peer((stream, index) => {
    if (index > 0) return take(stream);
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    stream.write(Buffer.of(0, 0, 0), () => stream.session?.destroy());
  });
  expect((await send(senderTo(peer))).delivered).toBe(5);
});

test("send() opens a new connection after GOAWAY, and loses nothing", async () => {
  const sessions = new Set<unknown>();
  const peer = await http2Peer((stream) => {
    sessions.add(stream.session);
    // Takes this call, and no other on this connection.
    stream.session?.goaway(0, stream.id);
    take(stream);
  });
  const sender = senderTo(peer, { maxConcurrentRequests: 1 });
  for (let round = 0; round < 3; round++) expect((await send(sender)).delivered).toBe(5);
  expect(sessions.size).toBe(3);
});

test("send() goes on with the successor of a peer that has said goodbye", async () => {
  const peer = await startPeer(codes(status.UNAVAILABLE, status.OK));
  const sender = senderTo(peer);
  expect((await send(sender)).delivered).toBe(5);
  await peer.drain();
  const next = new GrpcPeer(() => taken);
  await next.listen({ port: peer.port });
  onTestFinished(() => next.stop());
  expect((await send(sender)).delivered).toBe(5);
});

test("send() replaces the connection when an attempt takes longer than timeoutMillis", async () => {
  const peer = await startPeer((index) => (index === 0 ? "hang" : taken));
  const sender = senderTo(peer, { timeoutMillis: 200, maxConcurrentRequests: 1 });
  expect((await send(sender)).delivered).toBe(5);
  const [first, second] = peer.calls;
  expect(first!.peer).not.toBe(second!.peer);
});

test("send() replaces a connection on which nothing arrives any more", async () => {
  const peer = await startPeer(() => taken);
  const live = new Set<Socket>();
  // Hands everything on, until it is told to swallow what comes over the connections that there are.
  const relay = await listen(
    createServer((near) => {
      const far = connect(peer.port, "127.0.0.1").on("error", () => {});
      live.add(near);
      near.on("data", (bytes) => live.has(near) && far.write(bytes)).on("close", () => far.destroy());
      far.on("data", (bytes) => live.has(near) && near.write(bytes));
    }),
  );
  const sender = senderTo(relay, { timeoutMillis: 300, maxConcurrentRequests: 1 });
  expect((await send(sender)).delivered).toBe(5);
  live.clear();
  expect((await send(sender)).delivered).toBe(5);
  expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(2);
});

test("send() says DEADLINE_EXCEEDED when each attempt takes too long", async () => {
  const peer = await startPeer(() => "hang");
  const options = { timeoutMillis: 100, retryTimeoutMillis: 1500, maxConcurrentRequests: 1 };
  const outcome = await send(senderTo(peer, options));
  expect(outcome).toMatchObject({ failed: 5, reason: "DEADLINE_EXCEEDED", error: { retryable: true } });
  expect(outcome.error?.message).toContain('no response within 100 ms ("timeoutMillis") for');
  expect(outcome.error?.message).toContain("a request went unanswered");
  expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(peer.calls.length);
});

test("send() takes the DEADLINE_EXCEEDED of a peer for an answer, and keeps the connection", async () => {
  const peer = await startPeer(codes(status.DEADLINE_EXCEEDED, status.OK));
  expect((await send(senderTo(peer, { maxConcurrentRequests: 1 }))).delivered).toBe(5);
  expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(1);
});

test("send() ends an attempt that does not get as far as a connection, and tries again", async () => {
  let connectionCount = 0;
  // Takes the connection, and never says a word.
  const peer = await listen(createServer(() => (connectionCount += 1)));
  const outcome = await send(senderTo(peer, { timeoutMillis: 100, retryTimeoutMillis: 500 }));
  expect(outcome).toMatchObject({ failed: 5, reason: "DEADLINE_EXCEEDED" });
  // Not even the first frame came, so there is no doubt about the records.
  expect(outcome.error?.message).not.toContain("unanswered");
  expect(connectionCount).toBeGreaterThan(1);
});

test("send() cuts the attempt that is under way when retryTimeoutMillis is over", async () => {
  const peer = await startPeer(() => "hang");
  const outcome = await send(senderTo(peer, { retryTimeoutMillis: 1000 }));
  expect(outcome).toMatchObject({ failed: 5, reason: "timeout", error: { retryable: true } });
  expect(outcome.error?.message).toContain("a request went unanswered");
});

test("send() ends an attempt to connect when the signal comes", async () => {
  const connected = Promise.withResolvers<void>();
  const peer = await listen(createServer(() => connected.resolve()));
  const stop = new AbortController();
  const sending = senderTo(peer).send(fiveRecords, batch(stop.signal));
  await connected.promise;
  stop.abort();
  const outcome = await sending;
  expect(outcome).toMatchObject({ failed: 5, reason: "shutdown" });
  expect(outcome.error?.message).toMatch(/: shut down before the response$/);
});

test("send() gives up at a peer that speaks HTTP/1.1, and says what to look at", async () => {
  const peer = await listen(createHttpServer((_request, response) => response.end()));
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ failed: 5, reason: "UNAVAILABLE", error: { retryable: false } });
  expect(outcome.error?.message).toContain(
    'Protocol error (UNAVAILABLE); "url" must be of OTLP over gRPC, usually port 4317; 5 records counted',
  );
});

test.each([
  [404, "UNIMPLEMENTED"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
])("send() gives up when something before the peer answers with status %i of HTTP", async (code, reason) => {
  const peer = await http2Peer((stream) => {
    stream.respond({ ":status": code, "content-type": "text/html" });
    stream.end("<h1>No</h1>");
  });
  const outcome = await send(senderTo(peer));
  expect(outcome).toMatchObject({ failed: 5, reason, error: { retryable: false } });
  expect(outcome.error?.message).toContain(
    `status ${reason} ("Received HTTP status code ${code}"); "url" must be of OTLP over gRPC`,
  );
});

test.each([429, 502, 503, 504])(
  "send() sends again when something before the peer answers %i",
  async (code) => {
    const peer = await http2Peer((stream, index) => {
      if (index > 0) return take(stream);
      stream.respond({ ":status": code }, { endStream: true });
    });
    expect((await send(senderTo(peer))).delivered).toBe(5);
  },
);
