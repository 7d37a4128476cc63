import { getEventListeners } from "node:events";
import { gunzipSync, gzipSync, zstdDecompressSync } from "node:zlib";

import { expect, test } from "vitest";

import { compressBody, unpackResponse } from "../../../exporters/http-client/compression.ts";

function response(body: Buffer, encoding?: string) {
  return { statusCode: 200, headers: { "content-encoding": encoding }, body };
}

test.each([
  ["gzip", gunzipSync],
  ["zstd", zstdDecompressSync],
] as const)("compressBody() makes %s", async (compression, decompress) => {
  const { signal } = new AbortController();
  const body = Buffer.from("five records, five records, five records");
  const compressed = await compressBody(body, { compression, signal });
  expect(decompress(compressed!)).toEqual(body);
});

test("compressBody() leaves the body as it is with none", async () => {
  const { signal } = new AbortController();
  const body = Buffer.from("plain");
  expect(await compressBody(body, { compression: "none", signal })).toBe(body);
});

test.each(["gzip", "zstd"] as const)(
  "compressBody() leaves no listener on the signal: %s",
  async (compression) => {
    const { signal } = new AbortController();
    await compressBody(Buffer.alloc(100), { compression, signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  },
);

test.each(["gzip", "zstd"] as const)(
  "compressBody() returns undefined when the signal comes: %s",
  async (compression) => {
    const stop = new AbortController();
    const packing = compressBody(Buffer.alloc(1_000_000), { compression, signal: stop.signal });
    stop.abort();
    expect(await packing).toBeUndefined();
  },
);

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
