import type { ServerResponse } from "node:http";

import { expect, test } from "vitest";

import { answerAndAwaitClose, batch, body, closed, senderTo, startServer, statuses } from "./otlp-server.ts";

/** Answers 503 once, with this header, then 200. */
function throttledOnce(retryAfter: (response: ServerResponse) => string) {
  return (response: ServerResponse, index: number): void => {
    if (index === 0) response.writeHead(503, { "retry-after": retryAfter(response) });
    response.end();
  };
}

test.each([429, 502, 503, 504])("send() sends again after %i", async (status) => {
  const server = await startServer(statuses(status, status, 200));
  expect((await senderTo(server).send(body, batch())).delivered).toBe(5);
  expect(server.requests.map((request) => request.body.toString())).toEqual(
    Array.from({ length: 3 }, () => "five records"),
  );
});

test.each([400, 401, 403, 404, 408, 413, 500, 501, 505])("send() gives up after %i", async (status) => {
  const server = await startServer(statuses(status, 200));
  const outcome = await senderTo(server).send(body, batch());
  expect(outcome).toMatchObject({ delivered: 0, rejected: 0, failed: 5, reason: String(status) });
  expect(outcome.error).toMatchObject({ name: "ExportError", retryable: false });
  expect(outcome.error?.message).toBe(
    `Cannot send 5 records to http://127.0.0.1:${server.port}/v1/logs: status ${status}; 5 records counted as export_failed`,
  );
  expect(server.requests).toHaveLength(1);
});

test("send() gives up when retryTimeoutMillis is over", async () => {
  const server = await startServer(statuses(503));
  const outcome = await senderTo(server, { retryTimeoutMillis: 1000 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "503", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(
    /: status 503 for \d+ m?s \("retryTimeoutMillis"\), \d+ attempts; 5 records counted as export_failed/,
  );
  expect(server.requests.length).toBeGreaterThan(1);
});

test("send() cuts the attempt that is under way when retryTimeoutMillis is over", async () => {
  const server = await startServer(() => {});
  const outcome = await senderTo(server, { retryTimeoutMillis: 1000 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "timeout", error: { retryable: true } });
  expect(outcome.error?.message).toContain(
    "a request went unanswered, so the peer may have them all the same",
  );
  await closed(server.requests[0]!.socket);
});

test("send() says what the peer answered last, not that the attempt after it was cut", async () => {
  const server = await startServer((response, index) => {
    if (index === 0) response.writeHead(503).end();
  });
  const outcome = await senderTo(server, { retryTimeoutMillis: 1000 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "503", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(
    /: status 503 for \d+ m?s .*, 2 attempts; .*a request went unanswered, so the peer may have them all the same/,
  );
});

test("send() gives a batch as long as timeoutMillis with all its attempts, where that holds for the batch", async () => {
  const server = await startServer(statuses(503));
  const sender = senderTo(server, { timeoutMillis: 500, isTimeoutForBatch: true });
  const outcome = await sender.send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "503", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(/: status 503 for \d+ ms \("timeoutMillis"\), \d+ attempts;/);
  expect(server.requests.length).toBeGreaterThan(1);
});

test("send() cuts the only attempt where timeoutMillis holds for the batch", async () => {
  const server = await startServer(() => {});
  const sender = senderTo(server, { timeoutMillis: 300, isTimeoutForBatch: true, retryTimeoutMillis: 0 });
  const outcome = await sender.send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "timeout", error: { retryable: true } });
  expect(outcome.error?.message).toContain('"timeoutMillis"');
  expect(server.requests).toHaveLength(1);
});

test("send() goes on without end when retryTimeoutMillis is 0", async () => {
  const server = await startServer(statuses(...Array.from({ length: 12 }, () => 503), 200));
  const sender = senderTo(server, { retryTimeoutMillis: 0, timeoutMillis: 0 });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect(server.requests).toHaveLength(13);
});

test("send() waits as many seconds as Retry-After says", async () => {
  const server = await startServer(throttledOnce(() => "1"));
  // Its own backoff would be 5 s or more.
  const sender = senderTo(server, { backoffMillis: 10_000 });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  const [first, second] = server.requests;
  expect(second!.receivedAtMillis - first!.receivedAtMillis).toBeGreaterThanOrEqual(990);
  expect(second!.receivedAtMillis - first!.receivedAtMillis).toBeLessThan(5_000);
});

test("send() waits until the date that Retry-After says, on the clock of the peer", async () => {
  const peerMillis = Date.UTC(2001, 0, 1);
  const server = await startServer(
    throttledOnce((response) => {
      response.setHeader("date", new Date(peerMillis).toUTCString());
      return new Date(peerMillis + 1_000).toUTCString();
    }),
  );
  expect((await senderTo(server).send(body, batch())).delivered).toBe(5);
  const [first, second] = server.requests;
  expect(second!.receivedAtMillis - first!.receivedAtMillis).toBeGreaterThanOrEqual(990);
});

test("send() waits as for any failure when Retry-After is 0, over or neither a number nor a date", async () => {
  for (const retryAfter of ["0", new Date(0).toUTCString(), "soon"]) {
    const server = await startServer(throttledOnce(() => retryAfter));
    expect((await senderTo(server).send(body, batch())).delivered).toBe(5);
  }
});

test("send() gives up at once when Retry-After is longer than what is left", async () => {
  const server = await startServer(throttledOnce(() => "3600"));
  const outcome = await senderTo(server, { retryTimeoutMillis: 300_000 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "503", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(
    /status 503, and the peer asks to wait 60 minutes \("Retry-After"\), longer than the 5 minutes left of "retryTimeoutMillis";/,
  );
  expect(server.requests).toHaveLength(1);
});

test("send() holds back other batches until the Retry-After of one is over", async () => {
  const server = await startServer((response, index) => {
    if (index > 0) response.end();
  });
  const sender = senderTo(server);
  const throttled = sender.send(body, batch());
  const first = await server.requestCount(1);
  await answerAndAwaitClose(first, "503 Busy\r\nRetry-After: 1");
  const answeredAtMillis = performance.now();
  const other = sender.send(Buffer.from("other"), batch());
  expect((await throttled).delivered).toBe(5);
  expect((await other).delivered).toBe(5);
  for (const request of server.requests.slice(1)) {
    expect(request.receivedAtMillis - answeredAtMillis).toBeGreaterThanOrEqual(950);
  }
});

test("send() holds back a batch that was already waiting for a connection", async () => {
  const server = await startServer((response, index) => {
    if (index > 0) response.end();
  });
  const sender = senderTo(server, { maxConcurrentRequests: 1 });
  const throttled = sender.send(body, batch());
  const first = await server.requestCount(1);
  const waiting = sender.send(body, batch());
  await answerAndAwaitClose(first, "503 Busy\r\nRetry-After: 1");
  const answeredAtMillis = performance.now();
  await Promise.all([throttled, waiting]);
  for (const request of server.requests.slice(1)) {
    expect(request.receivedAtMillis - answeredAtMillis).toBeGreaterThanOrEqual(950);
  }
});

test("send() gives no batch up untried because of the Retry-After of another", async () => {
  const server = await startServer(throttledOnce(() => "3600"));
  const sender = senderTo(server, { retryTimeoutMillis: 1000 });
  expect((await sender.send(body, batch())).reason).toBe("503");
  expect((await sender.send(body, batch())).delivered).toBe(5);
});

test("send() ends its wait for a retry when the signal comes", async () => {
  const server = await startServer(() => {});
  const stop = new AbortController();
  const sending = senderTo(server, { backoffMillis: 1_000_000 }).send(body, batch(stop.signal));
  await answerAndAwaitClose(await server.requestCount(1), "503 Busy");
  stop.abort();
  const outcome = await sending;
  expect(outcome).toMatchObject({ failed: 5, reason: "shutdown", error: { retryable: true } });
  expect(outcome.error?.message).toMatch(/: shut down before the next attempt; the last one: status 503$/);
  expect(server.requests).toHaveLength(1);
});

test("send() ends a wait caused by another batch's Retry-After when the signal comes", async () => {
  const server = await startServer(() => {});
  const sender = senderTo(server);
  void sender.send(body, batch());
  await answerAndAwaitClose(await server.requestCount(1), "503 Busy\r\nRetry-After: 15");
  const stop = new AbortController();
  const held = sender.send(body, batch(stop.signal));
  // Whatever may be sent is sent before this arrives.
  await senderTo(server).send(body, batch(AbortSignal.timeout(100)));
  stop.abort();
  const outcome = await held;
  expect(outcome).toMatchObject({ failed: 5, reason: "shutdown" });
  expect(outcome.error?.message).toMatch(/: shut down before the first attempt$/);
  expect(server.requests).toHaveLength(2);
});
