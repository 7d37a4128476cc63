import { expect, test } from "vitest";

import {
  batch,
  body,
  senderTo,
  startServer,
  statuses,
  type OtlpServer,
  type Respond,
} from "./otlp-server.ts";

/** Tokens `1`, `2`, `3`, … */
function counting(): () => Promise<unknown> {
  let count = 0;
  return async () => ({ headers: { authorization: `Bearer ${(count += 1)}` } });
}

function tokensOf(server: OtlpServer): (string | undefined)[] {
  return server.requests.map(({ headers }) => headers.authorization);
}

/** A peer that takes one token only. */
function accepting(token: number): Respond {
  return (response, _index, { headers }) => {
    response.writeHead(headers.authorization === `Bearer ${token}` ? 200 : 401).end();
  };
}

test("send() sends the headers that were made, before those of the options, and keeps them", async () => {
  const server = await startServer(statuses(200));
  const headers = { authorization: "none", other: "1" };
  const sender = senderTo(server, { headers, provideHeaders: counting() });
  await sender.send(body, batch());
  await sender.send(body, batch());
  expect(tokensOf(server)).toEqual(["Bearer 1", "Bearer 1"]);
  expect(server.requests[0]?.headers["other"]).toBe("1");
});

test("send() lets no header that was made change what the request is", async () => {
  const server = await startServer(statuses(200));
  const made = {
    "Content-Type": "text/plain",
    "content-length": "1",
    "transfer-encoding": "chunked",
    host: "other",
  };
  const sender = senderTo(server, { provideHeaders: async () => ({ headers: made }) });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  const { headers } = server.requests[0]!;
  expect(headers).toMatchObject({
    "content-type": "application/x-protobuf",
    "content-length": `${body.length}`,
  });
  expect(headers).not.toHaveProperty("transfer-encoding");
});

test("send() asks for new headers after a 401, and sends the batch once more at once", async () => {
  const server = await startServer(accepting(2));
  const sender = senderTo(server, { provideHeaders: counting(), backoffMillis: 1_000_000 });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect(tokensOf(server)).toEqual(["Bearer 1", "Bearer 2", "Bearer 2"]);
});

test("send() gives up after the second 401 of a batch", async () => {
  const server = await startServer(statuses(401));
  const sender = senderTo(server, { provideHeaders: counting() });
  expect(await sender.send(body, batch())).toMatchObject({
    failed: 5,
    reason: "401",
    error: { retryable: false },
  });
  expect(tokensOf(server)).toEqual(["Bearer 1", "Bearer 2"]);
});

test("send() asks once for the batches that were refused at the same time", async () => {
  const server = await startServer(accepting(2));
  const sender = senderTo(server, { provideHeaders: counting(), maxConcurrentRequests: 4 });
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => sender.send(body, batch())));
  expect(outcomes.map(({ delivered }) => delivered)).toEqual([5, 5, 5, 5]);
  expect(new Set(tokensOf(server))).toEqual(new Set(["Bearer 1", "Bearer 2"]));
});

test("send() does not try again after a 401 when nobody makes headers", async () => {
  const server = await startServer(statuses(401));
  expect((await senderTo(server).send(body, batch())).reason).toBe("401");
  expect(server.requests).toHaveLength(1);
});

test("send() tries again while there are no headers, and says why", async () => {
  const server = await startServer(statuses(200));
  const troubles: string[] = [];
  let count = 0;
  const provideHeaders = async (): Promise<unknown> => {
    if ((count += 1) < 3) throw new Error("the token service is away");
    return { headers: {} };
  };
  const sender = senderTo(server, { provideHeaders, report: (trouble) => troubles.push(trouble) });
  expect((await sender.send(body, batch())).delivered).toBe(5);
  expect(server.requests).toHaveLength(1);
  expect(troubles[0]).toMatch(/: no headers from "headersModule": the token service is away; tried again in/);
});

test("send() gives up with a reason of its own when there are no headers for too long", async () => {
  const server = await startServer(statuses(200));
  const provideHeaders = async (): Promise<unknown> => Promise.reject(new Error("away"));
  const outcome = await senderTo(server, { provideHeaders, retryTimeoutMillis: 300 }).send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "headers_failed", error: { retryable: true } });
  expect(outcome.error?.message).not.toContain("unanswered");
});

test("send() waits for headers no longer than for an attempt", async () => {
  const server = await startServer(statuses(200));
  const provideHeaders = (): Promise<unknown> => new Promise(() => {});
  const sender = senderTo(server, { provideHeaders, timeoutMillis: 100, retryTimeoutMillis: 300 });
  const outcome = await sender.send(body, batch());
  expect(outcome).toMatchObject({ failed: 5, reason: "headers_failed" });
  expect(outcome.error?.message).toContain('no headers from "headersModule" within 100 ms ("timeoutMillis")');
});

test("close() ends a wait for headers", async () => {
  const server = await startServer(statuses(200));
  const asked = Promise.withResolvers<void>();
  const provideHeaders = (): Promise<unknown> => {
    asked.resolve();
    return new Promise(() => {});
  };
  const sender = senderTo(server, { provideHeaders, timeoutMillis: 0 });
  const sending = sender.send(body, batch());
  await asked.promise;
  await sender.close();
  expect(await sending).toMatchObject({ failed: 5, reason: "shutdown" });
});
