import { expect, onTestFinished, test } from "vitest";

import { decodeExportResponse, decodeStatus } from "../../proto/export-response.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { emptyRecords, events, jsonType, send } from "./client.ts";

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(async () => await receiver.stop());
  return receiver;
}

test("respond() gives the next request an error with a status, and keeps none of its records", async () => {
  const receiver = await startReceiver();
  receiver.respond({ status: 503, retryAfter: 7 });
  const refused = await send(receiver.url, { body: events("a") });
  expect(refused.status).toBe(503);
  expect(refused.headers["retry-after"]).toBe("7");
  expect(decodeStatus(refused.body, "protobuf")).toStrictEqual({
    code: 14,
    message: "Answered with 503 on demand",
  });
  expect(receiver.counts).toMatchObject({ requests: 1, records: 0, errors: 1 });
  expect(receiver.requests).toMatchObject([{ records: 1, status: 503 }]);
  const accepted = await send(receiver.url, { body: events("a") });
  expect(accepted.status).toBe(200);
  expect(receiver.records).toHaveLength(1);
});

test("respond() queues answers, each for its number of requests", async () => {
  const receiver = await startReceiver();
  receiver.respond({ status: 429, times: 2 });
  receiver.respond({ status: 502 });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await send(receiver.url)).status);
  expect(statuses).toStrictEqual([429, 429, 502, 200]);
});

test("respond() with Infinity holds until resetAnswers()", async () => {
  const receiver = await startReceiver();
  receiver.respond({ status: 500, times: Number.POSITIVE_INFINITY });
  expect((await send(receiver.url)).status).toBe(500);
  expect((await send(receiver.url)).status).toBe(500);
  receiver.resetAnswers();
  expect((await send(receiver.url)).status).toBe(200);
});

test("respond() is not used up by a request with another method", async () => {
  const receiver = await startReceiver();
  receiver.respond({ status: 503 });
  await send(receiver.url, { method: "GET" });
  expect((await send(receiver.url)).status).toBe(503);
});

test("respond() counts more than what is wrong with a request", async () => {
  const receiver = await startReceiver();
  receiver.respond({ status: 503 });
  expect((await send(receiver.url, { body: Buffer.of(0x0f) })).status).toBe(503);
});

test("respond() with partial success keeps all records but the last ones", async () => {
  const receiver = await startReceiver();
  receiver.respond({ partialSuccess: { rejected: 2, message: "quota" } });
  const { status, body } = await send(receiver.url, { body: events("a", "b", "c") });
  expect(status).toBe(200);
  expect(decodeExportResponse(body, "protobuf")).toStrictEqual({
    rejectedLogRecords: 2n,
    errorMessage: "quota",
  });
  expect(receiver.records.map(({ eventName }) => eventName)).toStrictEqual(["a"]);
  expect(receiver.counts).toMatchObject({ records: 1, rejected: 2, errors: 0 });
});

test("respond() with partial success of 0 is a warning, and all records are kept", async () => {
  const receiver = await startReceiver();
  receiver.respond({ partialSuccess: { rejected: 0, message: "slow down" } });
  const document = { resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }] };
  const { body } = await send(receiver.url, { body: JSON.stringify(document), headers: jsonType });
  expect(decodeExportResponse(body, "json")).toStrictEqual({
    rejectedLogRecords: 0n,
    errorMessage: "slow down",
  });
  expect(receiver.counts).toMatchObject({ records: 1, rejected: 0 });
});

test("respond() with destroy closes the connection, and the records are not kept", async () => {
  const receiver = await startReceiver();
  receiver.respond({ destroy: true });
  await expect(send(receiver.url, { body: events("a") })).rejects.toThrow("socket hang up");
  expect(receiver.counts).toMatchObject({ requests: 1, records: 0, errors: 1 });
});

test("respond() with destroy and keep loses only the answer", async () => {
  const receiver = await startReceiver();
  receiver.respond({ destroy: true, keep: true });
  await expect(send(receiver.url, { body: events("a") })).rejects.toThrow("socket hang up");
  expect(receiver.counts).toMatchObject({ records: 1, errors: 1 });
});

test("respond() with hang leaves the request open until the client gives up", async () => {
  const receiver = await startReceiver();
  receiver.respond({ hang: true });
  const giveUp = new AbortController();
  const sending = send(receiver.url, { body: events("a"), signal: giveUp.signal });
  await receiver.waitForRequests(1);
  giveUp.abort();
  await expect(sending).rejects.toThrow("aborted");
  expect(receiver.counts).toMatchObject({ records: 0, errors: 1 });
  expect(receiver.requests).toMatchObject([{ records: 1, status: undefined }]);
});

test("stop() ends requests that hang", async () => {
  const receiver = await startReceiver();
  receiver.respond({ hang: true });
  const sending = expect(send(receiver.url, { body: events("a") })).rejects.toThrow("socket hang up");
  await receiver.waitForRequests(1);
  await receiver.stop();
  await sending;
});

test("respond() with delayMillis keeps the records when it answers, not before", async () => {
  const receiver = await startReceiver();
  receiver.respond({ delayMillis: 30 });
  const begin = performance.now();
  const sending = send(receiver.url, { body: events("a") });
  await receiver.waitForRequests(1);
  expect(receiver.counts.records).toBe(0);
  expect((await sending).status).toBe(200);
  // Timers may be a millisecond early.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(29);
  expect(receiver.counts.records).toBe(1);
});

test("respond() with delayMillis keeps nothing of a client that did not wait", async () => {
  const receiver = await startReceiver();
  receiver.respond({ delayMillis: 600_000 });
  const giveUp = new AbortController();
  const sending = send(receiver.url, { body: events("a"), signal: giveUp.signal });
  await receiver.waitForRequests(1);
  giveUp.abort();
  await expect(sending).rejects.toThrow("aborted");
  await expect.poll(() => receiver.counts.errors).toBe(1);
  expect(receiver.counts.records).toBe(0);
});

test("respond() sends body and headers as given", async () => {
  const receiver = await startReceiver();
  receiver.respond({
    status: 502,
    body: "<html>Bad Gateway</html>",
    headers: { "content-type": "text/html", server: "proxy" },
  });
  const { status, headers, body } = await send(receiver.url, { body: emptyRecords(1) });
  expect(status).toBe(502);
  expect(headers).toMatchObject({ "content-type": "text/html", server: "proxy" });
  expect(body.toString()).toBe("<html>Bad Gateway</html>");
});

test("respond() sends an answer of many bytes whole", async () => {
  const receiver = await startReceiver();
  receiver.respond({ body: Buffer.alloc(5_000_000, 1) });
  expect((await send(receiver.url)).body).toHaveLength(5_000_000);
});

test.each([
  [{ status: 99 }, '"status" is 99, must be an integer from 200 to 599'],
  [{ times: 0 }, '"times" is 0, must be an integer of at least 1, or Infinity'],
  [{ delayMillis: -1 }, '"delayMillis" is -1, must be at least 0 and less than 2^31 ms'],
  [
    { partialSuccess: { rejected: 0.5, message: "" } },
    '"partialSuccess.rejected" is 0.5, must be an integer of at least 0',
  ],
])("respond() refuses %j", async (answer, message) => {
  const receiver = await startReceiver();
  expect(() => receiver.respond(answer)).toThrow(new RangeError(`Cannot answer so: ${message}`));
});
