// In a file, and so in a process, of its own: what is measured is the most memory that the process ever had.
import { Readable } from "node:stream";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createDeflate, createGzip, createZstdCompress } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { protobufType, send } from "./client.ts";

const mebibyte = 1_048_576;
const bombMebibytes = 256;

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Compresses zeros without holding them. */
async function bombOf(compressor: Duplex): Promise<Buffer> {
  const zeros = Buffer.alloc(mebibyte);
  const pieces = Array.from({ length: bombMebibytes }, () => zeros);
  return await buffer(Readable.from(pieces).pipe(compressor));
}

test.each([
  ["gzip", createGzip],
  ["deflate", createDeflate],
  ["zstd", createZstdCompress],
])("a bomb in %s is refused with 413 and not blown up", async (compression, create) => {
  const bomb = await bombOf(create());
  const receiver = await OtlpReceiver.start({ bodyBytesMax: mebibyte });
  onTestFinished(async () => await receiver.stop());
  const peakBefore = peakBytes();
  const headers = { ...protobufType, "content-encoding": compression };
  const { status } = await send(receiver.url, { body: bomb, headers });
  expect(status).toBe(413);
  expect(peakBytes() - peakBefore).toBeLessThan(64 * mebibyte);
});
