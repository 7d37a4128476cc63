import { createReadStream, type ReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";

const GZIP_MAGIC = Buffer.from("1f8b", "hex");
const ZSTD_MAGIC = Buffer.from("28b52ffd", "hex");
const MAGIC_BYTES = 4;

type Compression = "none" | "gzip" | "zstd";

/**
 * The bytes of a file, unpacked where it is gzip or zstd by its first bytes, in pieces: memory does not grow with the file.
 *
 * @param offset Bytes of the unpacked file to leave out.
 * @throws {RangeError} The file ends before the offset. @throws {Error} It cannot be read, or is cut off or damaged.
 */
export async function* inputBytes(path: string, offset: number): AsyncGenerator<Buffer> {
  const compression = await compressionOf(path);
  const chunks = compression === "none" ? plainBytes(path, offset) : unpackedBytes(path, compression);
  let left = compression === "none" ? 0 : offset;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
  if (left > 0) throw beyondEnd(path, { offset, byteCount: offset - left });
}

async function compressionOf(path: string): Promise<Compression> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return "gzip";
    return head.equals(ZSTD_MAGIC) ? "zstd" : "none";
  } finally {
    await file.close();
  }
}

async function* plainBytes(path: string, offset: number): AsyncGenerator<Buffer> {
  const byteCount = await sizeOf(path);
  if (byteCount < offset) throw beyondEnd(path, { offset, byteCount });
  for await (const chunk of readFrom(path, offset)) yield chunk as Buffer;
}

/** A file may be several packed ones, one behind the other; Node's zstd stops behind the first. */
async function* unpackedBytes(path: string, compression: "gzip" | "zstd"): AsyncGenerator<Buffer> {
  let readAt = 0;
  for (;;) {
    const unpacker = compression === "gzip" ? createGunzip() : createZstdDecompress();
    const source = readFrom(path, readAt);
    // What goes wrong is thrown by the loop below.
    const piped = pipeline(source, unpacker).catch(() => {});
    try {
      for await (const chunk of unpacker) yield chunk as Buffer;
    } finally {
      source.destroy();
      unpacker.destroy();
      await piped;
    }
    if (unpacker.bytesWritten === 0) throw new Error(`Cannot unpack "${path}" from byte ${readAt} on`);
    readAt += unpacker.bytesWritten;
    if (compression === "gzip" || readAt >= (await sizeOf(path))) return;
  }
}

function readFrom(path: string, start: number): ReadStream {
  return createReadStream(path, { start });
}

async function sizeOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function beyondEnd(
  path: string,
  { offset, byteCount }: { readonly offset: number; readonly byteCount: number },
): RangeError {
  return new RangeError(
    `Cannot replay "${path}" from byte ${offset} on ("offset"): it has ${byteCount} bytes; is it the file that was begun?`,
  );
}
