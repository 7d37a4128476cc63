import { once } from "node:events";
import { Agent } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";

import { decodeExportResponse, decodeStatus } from "../../proto/export-response.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import type { OtlpReceiverOptions } from "../../src/receiver/index.ts";
import { field } from "../proto/hand-made.ts";
import { emptyRecords, events, jsonType, protobufType, send } from "./client.ts";

async function startReceiver(options?: OtlpReceiverOptions): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start(options);
  onTestFinished(async () => await receiver.stop());
  return receiver;
}

/** An agent with one connection, so that each request shows what became of that connection. */
function oneConnection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

test("url names loopback, the port that was free, and the path of the specification", async () => {
  const receiver = await startReceiver();
  expect(receiver.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/v1\/logs$/);
});

test("url puts an IPv6 address into brackets", async () => {
  const receiver = await startReceiver({ host: "::1" });
  expect(receiver.url).toMatch(/^http:\/\/\[::1\]:\d+\/v1\/logs$/);
});

test("protobuf is decoded, kept, and answered with an empty message of the same type", async () => {
  const receiver = await startReceiver();
  const { status, headers, body } = await send(receiver.url, { body: events("a", "b") });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/x-protobuf");
  expect(body).toHaveLength(0);
  expect(receiver.records.map(({ eventName }) => eventName)).toStrictEqual(["a", "b"]);
});

test("JSON is decoded, kept, and answered with an empty object of the same type", async () => {
  const receiver = await startReceiver();
  const document = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: "a" }] }] }] };
  const { status, headers, body } = await send(receiver.url, {
    body: JSON.stringify(document),
    headers: { "content-type": "Application/JSON; charset=utf-8" },
  });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json");
  expect(body.toString()).toBe("{}");
  expect(receiver.records.map(({ eventName }) => eventName)).toStrictEqual(["a"]);
});

test("counts and requests tell what came in", async () => {
  const receiver = await startReceiver();
  const body = events("a", "b");
  await send(`${receiver.url}?tenant=1`, { body, headers: { ...protobufType, "x-key": "1" } });
  await send(receiver.url, { body: "{", headers: jsonType });
  expect(receiver.counts).toStrictEqual({
    requests: 2,
    records: 2,
    bytes: body.length + 1,
    rejected: 0,
    errors: 1,
  });
  expect(receiver.requests).toMatchObject([
    {
      method: "POST",
      path: "/v1/logs?tenant=1",
      headers: { "x-key": "1" },
      encoding: "protobuf",
      compression: "identity",
      bytes: body.length,
      records: 2,
      status: 200,
    },
    { path: "/v1/logs", encoding: "json", bytes: 1, records: 0, status: 400 },
  ]);
});

test('keep "count" counts records in both encodings and keeps none', async () => {
  const receiver = await startReceiver({ keep: "count" });
  await send(receiver.url, { body: emptyRecords(3) });
  const document = { resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}] }] }] };
  await send(receiver.url, { body: JSON.stringify(document), headers: jsonType });
  expect(receiver.counts.records).toBe(5);
  expect(receiver.records).toStrictEqual([]);
});

test("keepCountMax bounds what is kept, not what is counted", async () => {
  const receiver = await startReceiver({ keepCountMax: 3 });
  await send(receiver.url, { body: events("a", "b") });
  await send(receiver.url, { body: events("c", "d") });
  expect(receiver.records.map(({ eventName }) => eventName)).toStrictEqual(["a", "b", "c"]);
  expect(receiver.counts.records).toBe(4);
});

test('duplicateKeys "error" refuses a request with a key that comes twice', async () => {
  const receiver = await startReceiver({ duplicateKeys: "error" });
  const attribute = field(6, field(1, "k"));
  const { status } = await send(receiver.url, { body: field(1, field(2, field(2, attribute, attribute))) });
  expect(status).toBe(400);
});

test("onRecords is told of the records of each request", async () => {
  const batches: string[][] = [];
  const receiver = await startReceiver({
    onRecords: (records) => void batches.push(records.map(({ eventName }) => eventName)),
  });
  await send(receiver.url, { body: events("a", "b") });
  await send(receiver.url, { body: emptyRecords(0) });
  await send(receiver.url, { body: events("c") });
  expect(batches).toStrictEqual([["a", "b"], ["c"]]);
});

test("onRecords that throws makes the answer 500, and the records are not kept", async () => {
  const receiver = await startReceiver({
    onRecords: () => {
      throw new Error("no room");
    },
  });
  const { status, body } = await send(receiver.url, { body: events("a") });
  expect(status).toBe(500);
  expect(decodeStatus(body, "protobuf").message).toBe('Cannot take the records: "onRecords" threw no room');
  expect(receiver.records).toStrictEqual([]);
  expect(receiver.counts).toMatchObject({ records: 0, errors: 1 });
  expect(receiver.requests).toMatchObject([{ status: 500 }]);
});

interface Refusal {
  readonly name: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly message: string;
}

test.each<Refusal>([
  {
    name: "broken protobuf",
    body: events("a").subarray(0, -1),
    headers: protobufType,
    status: 400,
    message: "a field of 7 bytes begins 6 bytes before the end",
  },
  {
    name: "a broken record",
    body: field(1, field(2, field(2, Buffer.of(0x0f)))),
    headers: protobufType,
    status: 400,
    message: "wire type 7",
  },
  {
    name: "broken JSON",
    body: Buffer.from("{"),
    headers: jsonType,
    status: 400,
    message: "it must be JSON in UTF-8",
  },
  {
    name: "JSON that is no request",
    body: Buffer.from('{"resourceLogs":1}'),
    headers: jsonType,
    status: 400,
    message: "resourceLogs is 1, must be an array",
  },
  {
    name: "a body without a type",
    body: events("a"),
    headers: {},
    status: 415,
    message: '"content-type" is missing, must be application/x-protobuf or application/json',
  },
  {
    name: "text",
    body: Buffer.from("hello"),
    headers: { "content-type": "text/plain" },
    status: 415,
    message: '"content-type" is "text/plain"',
  },
])(
  "$name is refused with a status in the type of the request",
  async ({ body, headers, status, message }) => {
    const receiver = await startReceiver();
    const answer = await send(receiver.url, { body, headers });
    const isProtobuf = headers === protobufType;
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe(isProtobuf ? "application/x-protobuf" : "application/json");
    const rpcStatus = decodeStatus(answer.body, isProtobuf ? "protobuf" : "json");
    expect(rpcStatus.code).toBe(3);
    expect(rpcStatus.message).toContain(message);
    expect(receiver.counts).toMatchObject({ requests: 1, records: 0, errors: 1 });
  },
);

test("a method other than POST is refused with 405 and the one that is allowed", async () => {
  const receiver = await startReceiver();
  const { status, headers, body } = await send(receiver.url, { method: "GET", headers: {} });
  expect(status).toBe(405);
  expect(headers.allow).toBe("POST");
  expect(decodeStatus(body, "json").message).toBe(
    "Cannot serve the request: the method is GET, must be POST",
  );
});

test("another path is refused with 404 and the one that is served", async () => {
  const receiver = await startReceiver({ path: "/otlp" });
  const { status, body } = await send(receiver.url.replace("/otlp", "/v1/logs"), { body: events("a") });
  expect(status).toBe(404);
  expect(decodeStatus(body, "json").message).toBe("Cannot serve POST /v1/logs: the path must be /otlp");
  expect(receiver.counts).toMatchObject({ requests: 0, errors: 1 });
});

test("a connection outlives every kind of refusal", async () => {
  const receiver = await startReceiver({ bodyBytesMax: 1000 });
  const agent = oneConnection();
  const refused = [
    { body: Buffer.alloc(300_000) },
    { body: Buffer.of(0x0f) },
    { body: Buffer.from("no gzip"), headers: { ...protobufType, "content-encoding": "gzip" } },
    { body: Buffer.alloc(900), headers: { "content-type": "text/plain" } },
    { body: Buffer.alloc(900), headers: { ...protobufType, "content-encoding": "br" } },
    { body: Buffer.alloc(900), method: "PUT" },
  ];
  const statuses: number[] = [];
  for (const sent of refused) statuses.push((await send(receiver.url, { ...sent, agent })).status);
  statuses.push((await send(`${receiver.url}x`, { body: Buffer.alloc(300_000), agent })).status);
  expect(statuses).toStrictEqual([413, 400, 400, 415, 415, 405, 404]);
  const last = await send(receiver.url, { body: events("a"), agent });
  expect(last).toMatchObject({ status: 200, isReused: true });
  expect(receiver.counts.records).toBe(1);
});

test("a client that leaves in the middle of a body is counted, and the next one is served", async () => {
  const receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  const socket = connect({ port: Number(port), host: "127.0.0.1" });
  await once(socket, "connect");
  socket.write(
    "POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 100\r\n\r\nhalf",
  );
  socket.end();
  await receiver.waitForRequests(1);
  expect(receiver.counts).toMatchObject({ requests: 1, records: 0, errors: 1 });
  expect(receiver.requests).toMatchObject([{ records: 0, status: undefined }]);
  expect(await send(receiver.url, { body: events("a") })).toMatchObject({ status: 200 });
});

test("bytes that are not HTTP end their connection only", async () => {
  const receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  const socket = connect({ port: Number(port), host: "127.0.0.1" });
  socket.write("\u0000\u0001 no HTTP\r\n\r\n");
  socket.resume();
  await once(socket, "close");
  expect(await send(receiver.url, { body: events("a") })).toMatchObject({ status: 200 });
});

test("requests at the same time are all counted", async () => {
  const receiver = await startReceiver();
  await Promise.all(
    Array.from({ length: 50 }, async () => await send(receiver.url, { body: emptyRecords(7) })),
  );
  expect(receiver.counts).toMatchObject({ requests: 50, records: 350, errors: 0 });
});

test("waitFor() resolves at once when the records are there, and later when they come", async () => {
  const receiver = await startReceiver();
  await receiver.waitFor(0);
  const waiting = receiver.waitFor(3);
  await send(receiver.url, { body: emptyRecords(2) });
  await send(receiver.url, { body: emptyRecords(2) });
  await waiting;
  expect(receiver.counts.records).toBe(4);
  await receiver.waitFor(4);
});

test("waitFor() names both counts when the time is up", async () => {
  const receiver = await startReceiver();
  await send(receiver.url, { body: emptyRecords(2) });
  await expect(receiver.waitFor(5, { timeoutMillis: 1 })).rejects.toThrow(
    `Waited for 5 records at ${receiver.url}, got 2: 1 ms have passed`,
  );
});

test("waitForRequests() counts requests that were not answered", async () => {
  const receiver = await startReceiver();
  receiver.respond({ destroy: true });
  const sending = send(receiver.url, { body: events("a") });
  await receiver.waitForRequests(1);
  await expect(sending).rejects.toThrow("socket hang up");
  await expect(receiver.waitForRequests(2, { timeoutMillis: 1 })).rejects.toThrow("Waited for 2 requests");
});

test("stop() closes idle connections, rejects who waits, and can be called twice", async () => {
  const receiver = await OtlpReceiver.start();
  const agent = oneConnection();
  await send(receiver.url, { body: events("a"), agent });
  const waiting = receiver.waitFor(2);
  const outcome = expect(waiting).rejects.toThrow("got 1: the receiver was stopped");
  await Promise.all([receiver.stop(), receiver.stop()]);
  await outcome;
  await expect(receiver.waitFor(2)).rejects.toThrow("the receiver was stopped");
  await expect(send(receiver.url, { body: events("b") })).rejects.toThrow("ECONNREFUSED");
});

test("await using stops the receiver at the end of its block", async () => {
  let url: string;
  {
    await using receiver = await OtlpReceiver.start();
    ({ url } = receiver);
  }
  await expect(send(url)).rejects.toThrow("ECONNREFUSED");
});

test("start() names every option that is not what it must be", async () => {
  const options = {
    port: 70_000,
    bodyBytesMax: 0,
    path: "logs",
    keep: "all",
  } as unknown as OtlpReceiverOptions;
  await expect(OtlpReceiver.start(options)).rejects.toMatchObject({
    code: "ERR_FEMTO_CONFIG",
    message: [
      "Cannot start OTLP receiver: 4 faults",
      '  - "port" is 70000, must be an integer from 0 to 65535',
      '  - "bodyBytesMax" is 0, must be an integer from 1 to 1073741824',
      '  - "keep" is "all", must be "records" or "count"',
      '  - "path" is "logs", must begin with "/", be without "?", and differ from the other paths',
    ].join("\n"),
  });
});

test("start() says which port is taken", async () => {
  const receiver = await startReceiver();
  const port = Number(new URL(receiver.url).port);
  await expect(OtlpReceiver.start({ port })).rejects.toThrow(
    `Cannot start OTLP receiver on 127.0.0.1, port ${port}: listen EADDRINUSE`,
  );
});

test("the answer to a full success decodes as such", async () => {
  const receiver = await startReceiver();
  const { body } = await send(receiver.url, { body: events("a") });
  expect(decodeExportResponse(body, "protobuf")).toStrictEqual({ rejectedLogRecords: 0n, errorMessage: "" });
});
