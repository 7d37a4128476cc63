import { getEventListeners } from "node:events";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { gzipBody, unpackResponse } from "../../../exporters/http-client/compression.ts";

function response(body: Buffer, encoding?: string) {
  return { statusCode: 200, headers: { "content-encoding": encoding }, body };
}

test("gzipBody() leaves no listener on the signal", async () => {
  const { signal } = new AbortController();
  await gzipBody(Buffer.alloc(100), signal);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("gzipBody() returns undefined when the signal comes", async () => {
  const stop = new AbortController();
  const packing = gzipBody(Buffer.alloc(1_000_000), stop.signal);
  stop.abort();
  expect(await packing).toBeUndefined();
});

test("unpackResponse() returns a response as it came when it is not compressed", async () => {
  const plain = response(Buffer.from("plain"));
  expect(await unpackResponse(plain, 100)).toEqual({ response: plain });
});

test("unpackResponse() returns a response as it came when it is not what its header says", async () => {
  const wrong = response(Buffer.from("no gzip"), "gzip");
  expect(await unpackResponse(wrong, 100)).toEqual({ response: wrong });
});

test("unpackResponse() unpacks as many bytes as it may, and not one more", async () => {
  const packed = response(gzipSync(Buffer.alloc(100)), "GZIP");
  expect((await unpackResponse(packed, 100)).response?.body).toEqual(Buffer.alloc(100));
  expect((await unpackResponse(packed, 99)).fault?.code).toBe("response_too_large");
});
