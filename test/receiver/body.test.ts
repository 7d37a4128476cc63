import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";

import { decodeStatus } from "../../proto/export-response.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { field } from "../proto/hand-made.ts";
import { events, protobufType, send } from "./client.ts";
import type { Received } from "./client.ts";

const mebibyte = 1_048_576;

async function startReceiver(bodyBytesMax?: number): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start(bodyBytesMax === undefined ? {} : { bodyBytesMax });
  onTestFinished(async () => await receiver.stop());
  return receiver;
}

async function sendCompressed(
  receiver: OtlpReceiver,
  compression: string,
  body: Uint8Array,
): Promise<Received> {
  return await send(receiver.url, { body, headers: { ...protobufType, "content-encoding": compression } });
}

/** A request of exactly so many bytes, which is mostly one text. Works from 200 to 16,000 bytes. */
function requestOfLength(byteCount: number): Buffer {
  const overhead = events("x".repeat(byteCount)).length - byteCount;
  const request = events("x".repeat(byteCount - overhead));
  expect(request).toHaveLength(byteCount);
  return request;
}

test.each([
  ["gzip", gzipSync],
  ["GZIP", gzipSync],
  ["deflate", deflateSync],
  ["zstd", zstdCompressSync],
  ["identity", (bytes: Buffer) => bytes],
])("a body compressed with %s is read", async (compression, compress) => {
  const receiver = await startReceiver();
  const compressed = compress(events("a".repeat(1000)));
  expect((await sendCompressed(receiver, compression, compressed)).status).toBe(200);
  expect(receiver.records[0]?.eventName).toBe("a".repeat(1000));
  expect(receiver.requests[0]).toMatchObject({
    compression: compression.toLowerCase(),
    bytes: compressed.length,
  });
});

test.each([
  ["gzip", gzipSync(events("a".repeat(1000))).subarray(0, -5)],
  ["gzip", Buffer.from("this is no gzip")],
  ["gzip", Buffer.alloc(0)],
  ["deflate", deflateRawSync(events("a"))],
  ["zstd", zstdCompressSync(events("a".repeat(1000))).subarray(0, -5)],
  ["zstd", Buffer.from("this is no zstd")],
])("a broken body in %s is refused with 400", async (compression, body) => {
  const receiver = await startReceiver();
  const answer = await sendCompressed(receiver, compression, body);
  expect(answer.status).toBe(400);
  expect(decodeStatus(answer.body, "protobuf").message).toMatch(`Cannot read the body as ${compression}: `);
});

test("a compression that we do not know is refused with 415 and those that we do", async () => {
  const receiver = await startReceiver();
  const { status, headers, body } = await sendCompressed(receiver, "br", events("a"));
  expect(status).toBe(415);
  expect(headers["accept-encoding"]).toBe("gzip, deflate, zstd");
  expect(decodeStatus(body, "protobuf").message).toBe(
    'Cannot read the body: "content-encoding" is "br", must be one of identity, gzip, deflate, zstd',
  );
});

test.each([
  ["identity", (bytes: Buffer) => bytes],
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
])("bodyBytesMax bounds a body in %s to the byte", async (compression, compress) => {
  const receiver = await startReceiver(10_000);
  const fitting = await sendCompressed(receiver, compression, compress(requestOfLength(10_000)));
  const tooLong = await sendCompressed(receiver, compression, compress(requestOfLength(10_001)));
  expect(fitting.status).toBe(200);
  expect(tooLong.status).toBe(413);
  expect(decodeStatus(tooLong.body, "protobuf")).toStrictEqual({
    code: 8,
    message: 'Cannot take the body: it has more than 10000 bytes ("bodyBytesMax"); send smaller batches',
  });
});

test("a body of 100 MB is refused with 413, and the receiver goes on", async () => {
  const receiver = await startReceiver();
  const answer = await send(receiver.url, { body: Buffer.alloc(100_000_000) });
  expect(answer.status).toBe(413);
  expect(receiver.requests[0]?.bytes).toBe(100_000_000);
  expect((await send(receiver.url, { body: events("a") })).status).toBe(200);
});

test("a body of more elements than there is memory for is refused with 413", async () => {
  const receiver = await startReceiver();
  const records = Buffer.alloc(60 * mebibyte);
  for (let index = 0; index < records.length; index += 2) records[index] = 0x12;
  const bomb = gzipSync(field(1, field(2, records)), { level: 1 });
  const answer = await sendCompressed(receiver, "gzip", bomb);
  expect(answer.status).toBe(413);
  expect(decodeStatus(answer.body, "protobuf").message).toContain("messages in one request");
});

test("a body that does not end is given up, and its connection closed", async () => {
  const receiver = await startReceiver(1000);
  const chunk = new Uint8Array(8 * mebibyte);
  let sentCount = 0;
  const body = new ReadableStream({
    pull(controller) {
      sentCount += 1;
      controller.enqueue(chunk);
    },
  });
  // The client may see the answer, or the end of the connection while it is still sending.
  const outcome = await fetch(receiver.url, {
    method: "POST",
    body,
    headers: protobufType,
    duplex: "half",
  }).then(
    ({ status }) => status,
    () => "closed",
  );
  expect([413, "closed"]).toContain(outcome);
  expect(receiver.requests).toMatchObject([{ records: 0, status: 413 }]);
  expect(sentCount).toBeLessThan(64);
});
