import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { batch, body, closed, senderTo, startServer, statuses } from "./otlp-server.ts";

test("send() posts the body to the path of the url with content type and length", async () => {
  const server = await startServer(statuses(200));
  await senderTo(server).send(body, batch());
  const { method, path, headers, body: received } = server.requests[0]!;
  expect([method, path]).toEqual(["POST", "/v1/logs"]);
  expect(received.toString()).toBe("five records");
  expect(headers["content-type"]).toBe("application/x-protobuf");
  expect(headers["content-length"]).toBe("12");
  expect(headers["content-encoding"]).toBeUndefined();
});

test("send() says application/json when the protocol is http/json", async () => {
  const server = await startServer(statuses(200));
  await senderTo(server, { protocol: "http/json" }).send(body, batch());
  expect(server.requests[0]!.headers["content-type"]).toBe("application/json");
});

test("send() adds the given headers and an agent that names us", async () => {
  const server = await startServer(statuses(200));
  await senderTo(server, { headers: { "Api-Key": "k1" }, userAgent: "shop/2" }).send(body, batch());
  const { headers } = server.requests[0]!;
  expect(headers["api-key"]).toBe("k1");
  expect(headers["user-agent"]).toMatch(/^shop\/2 femtologging\/\S+ OTel-OTLP-Exporter-JavaScript\/\S+$/);
});

test("send() reports all records delivered after 200 with an empty body", async () => {
  const server = await startServer(statuses(200));
  const outcome = await senderTo(server).send(body, batch());
  expect(outcome).toEqual({ delivered: 5, rejected: 0, failed: 0, reason: undefined, error: undefined });
});

test("send() takes 202 and 204 for success", async () => {
  const server = await startServer(statuses(202, 204));
  const sender = senderTo(server);
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect((await sender.send(body, batch())).delivered).toBe(5);
});

test("send() packs the body with its length known when compression is gzip", async () => {
  const server = await startServer(statuses(200));
  const large = Buffer.alloc(100_000, "record ");
  await senderTo(server, { compression: "gzip" }).send(large, batch());
  const { headers, body: received } = server.requests[0]!;
  expect(headers["content-encoding"]).toBe("gzip");
  expect(headers["transfer-encoding"]).toBeUndefined();
  expect(headers["content-length"]).toBe(String(received.length));
  expect(received.length).toBeLessThan(5_000);
  expect(gunzipSync(received).equals(large)).toBe(true);
});

test("send() packs also a small body when compression is gzip", async () => {
  const server = await startServer(statuses(200));
  await senderTo(server, { compression: "gzip" }).send(body, batch());
  expect(gunzipSync(server.requests[0]!.body).toString()).toBe("five records");
});

test("send() sends the same bytes again when a gzip request is retried", async () => {
  const server = await startServer(statuses(503, 200));
  await senderTo(server, { compression: "gzip" }).send(body, batch());
  expect(server.requests[1]!.body.equals(server.requests[0]!.body)).toBe(true);
});

test("send() sends a view of a larger buffer and nothing around it", async () => {
  const server = await startServer(statuses(200));
  const output = Buffer.from("before|records|after");
  await senderTo(server).send(output.subarray(7, 14), batch());
  expect(server.requests[0]!.body.toString()).toBe("records");
});

test("send() sends bytes of shared memory, packed or not", async () => {
  const server = await startServer(statuses(200));
  const shared = new Uint8Array(new SharedArrayBuffer(12));
  shared.set(body);
  await senderTo(server).send(shared, batch());
  await senderTo(server, { compression: "gzip" }).send(shared, batch());
  expect(server.requests[0]!.body.toString()).toBe("five records");
  expect(gunzipSync(server.requests[1]!.body).toString()).toBe("five records");
});

test("send() keeps its connection for the next batch", async () => {
  const server = await startServer(statuses(200));
  const sender = senderTo(server);
  for (let count = 0; count < 3; count += 1) await sender.send(body, batch());
  expect(server.requests).toHaveLength(3);
  expect(server.connectionCount).toBe(1);
});

test("send() opens a new connection after the peer closed the old one", async () => {
  const server = await startServer(statuses(200));
  const sender = senderTo(server);
  await sender.send(body, batch());
  const { socket } = server.requests[0]!;
  socket.destroy();
  await closed(socket);
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect(server.connectionCount).toBe(2);
});

test("send() has at most maxConcurrentRequests requests under way", async () => {
  const held: ServerResponse[] = [];
  const server = await startServer((response) => held.push(response));
  const sender = senderTo(server, { maxConcurrentRequests: 2 });
  const sends = [1, 2, 3].map(() => sender.send(body, batch()));
  await server.requestCount(2);
  // Had the third been sent, it would have come before this one of a stranger.
  const stranger = senderTo(server).send(Buffer.from("stranger"), batch());
  expect((await server.requestCount(3)).body.toString()).toBe("stranger");
  expect(server.connectionCount).toBe(3);
  held[0]!.end();
  expect((await server.requestCount(4)).body.toString()).toBe("five records");
  expect(server.connectionCount).toBe(3);
  for (const response of held) response.end();
  const outcomes = await Promise.all([...sends, stranger]);
  expect(outcomes.map((outcome) => outcome.delivered)).toEqual([5, 5, 5, 5]);
});

test("send() leaves no listener on the signal", async () => {
  const server = await startServer(statuses(503, 200));
  const { signal } = new AbortController();
  await senderTo(server, { compression: "gzip" }).send(body, batch(signal));
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("close() closes idle connections", async () => {
  const server = await startServer(statuses(200));
  (server.server as Server).keepAliveTimeout = 600_000;
  const sender = senderTo(server);
  await sender.send(body, batch());
  await sender.close();
  await closed(server.requests[0]!.socket);
  await sender.close();
});

test("close() ends a request under way with reason shutdown", async () => {
  const server = await startServer(() => {});
  const sender = senderTo(server);
  const sending = sender.send(body, batch());
  await server.requestCount(1);
  await sender.close();
  expect(await sending).toMatchObject({ delivered: 0, failed: 5, reason: "shutdown" });
  await closed(server.requests[0]!.socket);
});

test("send() fails with reason shutdown after close()", async () => {
  const server = await startServer(statuses(200));
  const sender = senderTo(server);
  await sender.close();
  const outcome = await sender.send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "shutdown", error: { retryable: true } });
  expect(server.connectionCount).toBe(0);
});

test("send() over a connection that stays idle lets the process end", async () => {
  const server = await startServer(statuses(200));
  (server.server as Server).keepAliveTimeout = 600_000;
  const module = new URL("../../../exporters/otlp-http/sender.ts", import.meta.url).href;
  const program = `
    import { createOtlpHttpSender } from ${JSON.stringify(module)};
    const sender = createOtlpHttpSender({
      url: "http://127.0.0.1:${server.port}/v1/logs", headers: {}, protocol: "http/protobuf", compression: "none",
      timeoutMillis: 600_000, retryTimeoutMillis: 600_000, maxConcurrentRequests: 1,
    });
    const outcome = await sender.send(new Uint8Array(8), { recordCount: 1, signal: new AbortController().signal });
    process.stdout.write(String(outcome.delivered));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  await once(child, "close");
  expect(output).toBe("1");
  // Well before the sender would have closed the idle connection.
  expect(performance.now() - server.requests[0]!.receivedAtMillis).toBeLessThan(15_000);
});
