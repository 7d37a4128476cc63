import { once } from "node:events";
import tls from "node:tls";

import { expect, onTestFinished, test } from "vitest";

import { localhostCertificate } from "./localhost-certificate.ts";
import { batch, body, closed, senderTo, startRawServer, startServer, statuses } from "./otlp-server.ts";

test("send() tries again when nobody listens, and says so when it gives up", async () => {
  const { server, port } = await startRawServer(() => {});
  server.close();
  await once(server, "close");
  const outcome = await senderTo({ port }, { retryTimeoutMillis: 1000 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "ECONNREFUSED", error: { retryable: true } });
  expect(outcome.error?.cause).toMatchObject({ code: "ECONNREFUSED" });
  expect(outcome.error?.message).toMatch(
    /: connect ECONNREFUSED 127\.0\.0\.1:\d+ for \d+ m?s \("retryTimeoutMillis"\), \d+ attempts; 5 records counted as export_failed$/,
  );
});

test("send() delivers once somebody listens", async () => {
  const { server, port } = await startRawServer(() => {});
  server.close();
  await once(server, "close");
  const sending = senderTo({ port }).send(body, batch());
  const late = await startServer(statuses(200));
  late.server.close();
  await once(late.server, "close");
  late.server.listen(port, "127.0.0.1");
  expect((await sending).delivered).toBe(5);
});

test("send() tries again when the connection breaks before the response", async () => {
  const server = await startServer((response, index, { socket }) => {
    if (index === 0) socket.destroy();
    else response.end();
  });
  expect((await senderTo(server).send(body, batch())).delivered).toBe(5);
  expect(server.requests).toHaveLength(2);
});

test("send() says ECONNRESET, and that the records may have arrived, when connections break for good", async () => {
  const server = await startServer((_response, _index, { socket }) => socket.destroy());
  const outcome = await senderTo(server, { retryTimeoutMillis: 1000 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "ECONNRESET" });
  expect(outcome.error?.message).toMatch(
    /\(ECONNRESET\) for .*; a request went unanswered, so the peer may have them/,
  );
});

test("send() tries again when the response breaks off", async () => {
  const server = await startServer((response, index, { socket }) => {
    if (index > 0) return response.end();
    response.writeHead(200, { "content-length": 10 });
    return response.write("half", () => socket.destroy());
  });
  expect((await senderTo(server).send(body, batch())).delivered).toBe(5);
  expect(server.requests).toHaveLength(2);
});

test("send() tries again when a chunked response to a closing connection breaks off", async () => {
  const { port, sockets } = await startRawServer((socket, index) => {
    const head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    const rest = index === 0 ? "Transfer-Encoding: chunked\r\n\r\n5\r\nhal" : "Content-Length: 0\r\n\r\n";
    socket.once("data", () => socket.end(head + rest));
  });
  expect((await senderTo({ port }).send(body, batch())).delivered).toBe(5);
  expect(sockets).toHaveLength(2);
});

test("send() tries again when an attempt takes longer than timeoutMillis", async () => {
  const server = await startServer((response, index) => {
    if (index > 0) response.end();
  });
  const sender = senderTo(server, { timeoutMillis: 100, maxConcurrentRequests: 1 });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  await closed(server.requests[0]!.socket);
  expect(server.connectionCount).toBe(2);
});

test("send() ends an attempt whose response never ends", async () => {
  const server = await startServer((response, index) => {
    if (index === 0) response.writeHead(200).write("no end");
    else response.end();
  });
  expect((await senderTo(server, { timeoutMillis: 100 }).send(body, batch())).delivered).toBe(5);
});

test("send() says timeout when each attempt takes too long", async () => {
  const server = await startServer(() => {});
  const options = { timeoutMillis: 50, retryTimeoutMillis: 1500, maxConcurrentRequests: 1 };
  const outcome = await senderTo(server, options).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "timeout", error: { retryable: true } });
  expect(server.requests.length).toBeGreaterThan(1);
});

test("send() ends an attempt that does not get as far as a connection, and tries again", async () => {
  // Takes the connection and never answers the TLS handshake.
  const { port, sockets } = await startRawServer(() => {});
  const options = { url: `https://127.0.0.1:${port}`, timeoutMillis: 100, retryTimeoutMillis: 500 };
  const outcome = await senderTo({ port }, options).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "timeout" });
  // Not even the handshake was done, so there is no doubt about the records.
  expect(outcome.error?.message).not.toContain("unanswered");
  expect(sockets.length).toBeGreaterThan(1);
  await closed(sockets[0]!);
});

test("send() ends a request under way when the signal comes, and says what is not known", async () => {
  const server = await startServer(() => {});
  const stop = new AbortController();
  const sending = senderTo(server).send(body, batch(stop.signal));
  const { socket } = await server.requestCount(1);
  stop.abort();
  const outcome = await sending;
  expect(outcome).toMatchObject({ delivered: 0, failed: 5, reason: "shutdown", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(
    /: shut down before the response; a request went unanswered, so the peer may have them all the same$/,
  );
  await closed(socket);
});

test("send() ends the wait for a connection when the signal comes", async () => {
  const server = await startServer(() => {});
  const sender = senderTo(server, { maxConcurrentRequests: 1 });
  void sender.send(body, batch());
  await server.requestCount(1);
  const stop = new AbortController();
  const waiting = sender.send(body, batch(stop.signal));
  stop.abort();
  expect(await waiting).toMatchObject({ failed: 5, reason: "shutdown" });
});

test("send() ends an attempt to connect when the signal comes", async () => {
  const { port, sockets, connected } = await startRawServer(() => {});
  const stop = new AbortController();
  const sender = senderTo({ port }, { url: `https://127.0.0.1:${port}` });
  const sending = sender.send(body, batch(stop.signal));
  await connected(1);
  stop.abort();
  const outcome = await sending;
  expect(outcome).toMatchObject({ failed: 5, reason: "shutdown" });
  expect(outcome.error?.message).not.toContain("unanswered");
  await closed(sockets[0]!);
});

test("send() does not connect when the signal has come before", async () => {
  const server = await startServer(statuses(200));
  const outcome = await senderTo(server).send(body, batch(AbortSignal.abort()));
  expect(outcome).toMatchObject({ failed: 5, reason: "shutdown" });
  expect(server.connectionCount).toBe(0);
});

test("send() gives up when the peer's certificate is not trusted", async () => {
  const server = await startServer(statuses(200), { tls: true });
  const url = `https://127.0.0.1:${server.port}/v1/logs`;
  const outcome = await senderTo(server, { url }).send(body, batch());
  expect(outcome).toMatchObject({
    failed: 5,
    reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
    error: { retryable: false },
  });
  expect(server.connectionCount).toBe(1);
  expect(server.requests).toHaveLength(0);
});

test("send() gives up when the peer does not speak TLS", async () => {
  const server = await startServer(statuses(200));
  const url = `https://127.0.0.1:${server.port}/v1/logs`;
  const outcome = await senderTo(server, { url }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "ERR_SSL_WRONG_VERSION_NUMBER" });
  expect(server.connectionCount).toBe(1);
});

test("send() delivers over TLS to a peer whose certificate is trusted", async () => {
  const trusted = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...trusted, localhostCertificate]);
  onTestFinished(() => tls.setDefaultCACertificates(trusted));
  const server = await startServer(statuses(200), { tls: true });
  const sender = senderTo(server, { url: `https://localhost:${server.port}/v1/logs` });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect(server.connectionCount).toBe(1);
});

test("send() gives up when the peer does not speak HTTP/1.1", async () => {
  // The first bytes of a gRPC server: an HTTP/2 SETTINGS frame.
  const { port, sockets } = await startRawServer((socket) => {
    socket.once("data", () => socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])));
  });
  const outcome = await senderTo({ port }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "not_http", error: { retryable: false } });
  expect(outcome.error?.message).toContain("usually port 4318");
  expect(sockets).toHaveLength(1);
});

test("send() gives up when a header cannot be sent", async () => {
  const server = await startServer(statuses(200));
  const outcome = await senderTo(server, { headers: { "x-key": "a\nb" } }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "UND_ERR_INVALID_ARG", error: { retryable: false } });
  expect(server.connectionCount).toBe(0);
});
