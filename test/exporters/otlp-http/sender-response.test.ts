import type { OutgoingHttpHeaders } from "node:http";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { batch, body, closed, senderTo, startServer, type Respond } from "./otlp-server.ts";

const protobuf = { "content-type": "application/x-protobuf" };
const json = { "content-type": "application/json" };

/** ExportLogsServiceResponse { partial_success { rejected_log_records: 2, error_message: "bad time" } } */
const twoRejected = Buffer.from([0x0a, 0x0c, 0x08, 0x02, 0x12, 0x08, ...Buffer.from("bad time")]);

/** Answers each request so. */
function answer(status: number, headers: OutgoingHttpHeaders, content: string | Buffer): Respond {
  return (response) => response.writeHead(status, headers).end(content);
}

async function outcomeOf(respond: Respond, options: Parameters<typeof senderTo>[1] = {}) {
  const server = await startServer(respond);
  const outcome = await senderTo(server, options).send(body, batch());
  return { outcome, server, url: `http://127.0.0.1:${server.port}/v1/logs` };
}

test("send() counts the records that a protobuf response rejects, and does not send them again", async () => {
  const { outcome, server, url } = await outcomeOf(answer(200, protobuf, twoRejected));
  expect(outcome).toMatchObject({ delivered: 3, rejected: 2, failed: 0, reason: "rejected" });
  expect(outcome.error).toMatchObject({ name: "ExportError", retryable: false });
  expect(outcome.error?.message).toBe(
    `Cannot send 2 of 5 records to ${url}: the peer rejected them because "bad time"; they are not sent again`,
  );
  expect(server.requests).toHaveLength(1);
});

test.each(["2", 2])("send() counts the records that a JSON response rejects, given as %j", async (count) => {
  const partialSuccess = { rejectedLogRecords: count, errorMessage: "bad time" };
  const content = JSON.stringify({ partialSuccess });
  const { outcome } = await outcomeOf(answer(200, json, content), { protocol: "http/json" });
  expect(outcome).toMatchObject({ delivered: 3, rejected: 2, failed: 0, reason: "rejected" });
  expect(outcome.error?.message).toContain('because "bad time"');
});

test("send() counts at most the records of the batch as rejected", async () => {
  const content = JSON.stringify({ partialSuccess: { rejectedLogRecords: "9" } });
  const { outcome } = await outcomeOf(answer(200, json, content));
  expect(outcome).toMatchObject({ delivered: 0, rejected: 5, reason: "rejected" });
});

test.each([{}, { partialSuccess: {} }])("send() takes %j for full success", async (content) => {
  const { outcome } = await outcomeOf(answer(200, json, JSON.stringify(content)));
  expect(outcome).toEqual({ delivered: 5, rejected: 0, failed: 0, reason: undefined, error: undefined });
});

test("send() keeps a message without rejected records as a warning", async () => {
  const content = JSON.stringify({ partialSuccess: { errorMessage: "old version" } });
  const { outcome, url } = await outcomeOf(answer(200, json, content));
  expect(outcome).toMatchObject({ delivered: 5, rejected: 0, reason: undefined });
  expect(outcome.error?.message).toBe(
    `Sent 5 records to ${url}, which took them with a warning: "old version"`,
  );
});

test("send() warns when a success is an HTML page", async () => {
  const { outcome } = await outcomeOf(answer(200, { "content-type": "text/html" }, "<p>Log in</p>"));
  expect(outcome).toMatchObject({ delivered: 5, reason: undefined });
  expect(outcome.error?.message).toContain('a response that is not OTLP ("text/html")');
});

test("send() unpacks a compressed response", async () => {
  const headers = { ...protobuf, "content-encoding": "gzip" };
  const { outcome } = await outcomeOf(answer(200, headers, gzipSync(twoRejected)));
  expect(outcome).toMatchObject({ delivered: 3, rejected: 2 });
});

test("send() gives up when the response is longer than responseBytesMax, and cuts the connection", async () => {
  const respond: Respond = (response) => response.writeHead(200, protobuf).write(Buffer.alloc(1_001));
  const { outcome, server } = await outcomeOf(respond, { responseBytesMax: 1_000 });
  expect(outcome).toMatchObject({ failed: 5, reason: "response_too_large", error: { retryable: false } });
  expect(outcome.error?.message).toContain('the response is larger than 1000 bytes ("responseBytesMax")');
  await closed(server.requests[0]!.socket);
  expect(server.requests).toHaveLength(1);
});

test("send() reads a response of responseBytesMax bytes", async () => {
  const respond = answer(200, protobuf, twoRejected);
  const { outcome } = await outcomeOf(respond, { responseBytesMax: twoRejected.length });
  expect(outcome.rejected).toBe(2);
});

test("send() gives up when the response is longer than responseBytesMax once unpacked", async () => {
  const headers = { ...protobuf, "content-encoding": "gzip" };
  const respond = answer(200, headers, gzipSync(Buffer.alloc(1_000_000)));
  const { outcome, server } = await outcomeOf(respond, { responseBytesMax: 100_000 });
  expect(outcome).toMatchObject({ failed: 5, reason: "response_too_large", error: { retryable: false } });
  expect(server.requests).toHaveLength(1);
});

test("send() reads at most 4 MiB of a response when nothing else is said", async () => {
  const { outcome } = await outcomeOf(answer(400, protobuf, Buffer.alloc(4 * 1_024 * 1_024 + 1)));
  expect(outcome.reason).toBe("response_too_large");
});

test.each([301, 302, 307, 308])("send() does not follow %i and names its target", async (status) => {
  const { outcome, server } = await outcomeOf(answer(status, { location: "/elsewhere" }, ""));
  expect(outcome).toMatchObject({ failed: 5, reason: String(status), error: { retryable: false } });
  expect(outcome.error?.message).toContain(
    `status ${status}, a redirect to "/elsewhere", which is not followed: "url" must be the final address`,
  );
  expect(server.requests).toHaveLength(1);
});

test("send() repeats the message of a protobuf status", async () => {
  const status = Buffer.from([0x08, 0x03, 0x12, 0x05, ...Buffer.from("wrong")]);
  const { outcome } = await outcomeOf(answer(400, protobuf, status));
  expect(outcome.error?.message).toContain(': status 400 ("wrong"); 5 records');
});

test("send() repeats the message of a JSON status", async () => {
  const { outcome } = await outcomeOf(answer(400, json, '{"code":3,"message":"wrong"}'));
  expect(outcome.error?.message).toContain(': status 400 ("wrong"); 5 records');
});

test("send() repeats a plain text, escaped and cut", async () => {
  const text = `line 1\nline 2 \u001b[31m${"x".repeat(10_000)}`;
  const { outcome } = await outcomeOf(answer(401, { "content-type": "text/plain" }, text));
  expect(outcome.error?.message).toContain('status 401 ("line 1\\nline 2 \\u001b[31mxxx');
  expect(outcome.error?.message.length).toBeLessThan(450);
});

test("send() repeats the message of the last answer when it gives up trying", async () => {
  const options = { retryTimeoutMillis: 1000 };
  const { outcome } = await outcomeOf(answer(429, json, '{"message":"slow down"}'), options);
  expect(outcome.error?.message).toMatch(/: status 429 \("slow down"\) for \d+ m?s \("retryTimeoutMillis"\)/);
});
