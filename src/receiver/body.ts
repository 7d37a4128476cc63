import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, gunzip, inflate, zstdDecompress } from "node:zlib";

import { RequestFault } from "./request-fault.ts";
import { zstdContentBytes } from "./zstd-frame.ts";

/** What came of reading a body from the connection. */
export interface BodyReading {
  /** The whole body as sent; undefined when it is longer than was asked for. */
  readonly bytes: Buffer | undefined;
  /** How much of it was read, in bytes. */
  readonly byteCount: number;
  /** Whether it was read to its end, so that the connection can carry the next request. */
  readonly isDrained: boolean;
}

/** Up to here a body that is too long is read and thrown away, so that the client gets to read the answer. */
const drainBytesMax = 268_435_456;

/** Bytes a decompressor puts out at once. */
const chunkBytes = 65_536;

/** Windows up to 8 MiB, which is what HTTP allows (RFC 9659): a frame may not demand more memory than that. */
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 };

interface InflateOptions {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}

type Inflater = (bytes: Buffer, options: InflateOptions) => Promise<Buffer>;

const inflateGzip = promisify(gunzip);
const inflateZlib = promisify(inflate);
const inflateZstd = promisify(zstdDecompress);

const inflaters: ReadonlyMap<string, Inflater> = new Map<string, Inflater>([
  ["identity", async (bytes) => bytes],
  ["gzip", async (bytes, options) => await inflateGzip(bytes, options)],
  ["deflate", async (bytes, options) => await inflateZlib(bytes, options)],
  ["zstd", inflateWholeZstd],
]);

async function inflateWholeZstd(bytes: Buffer, options: InflateOptions): Promise<Buffer> {
  const inflated = await inflateZstd(bytes, { ...options, params: zstdParams });
  const contentBytes = zstdContentBytes(bytes);
  if (contentBytes !== undefined && inflated.length < contentBytes) throw new Error("unexpected end of data");
  return inflated;
}

/**
 * Reads the body of a request. What exceeds `bytesMax` is thrown away as it comes, up to 256 MiB.
 *
 * @throws {Error} The client went away before the end.
 */
export async function readBody(request: Readable, bytesMax: number): Promise<BodyReading> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  // Leaving the loop must not destroy the connection: the answer is still to be written.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
    if (byteCount > drainBytesMax && byteCount > bytesMax) {
      return { bytes: undefined, byteCount, isDrained: false };
    }
  }
  const bytes = byteCount > bytesMax ? undefined : joined(chunks, byteCount);
  return { bytes, byteCount, isDrained: true };
}

function joined(chunks: readonly Buffer[], byteCount: number): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, byteCount);
}

/**
 * Undoes the compression of a body, and stops as soon as there is more of it than allowed.
 *
 * @param options.compression Value of `content-encoding`: `identity`, `gzip`, `deflate` or `zstd`.
 * @param options.bytesMax Longest result, in bytes.
 * @throws {RequestFault} 413: the result is longer; 415: another compression; 400: the bytes are broken.
 */
export async function decompress(
  bytes: Buffer,
  options: { readonly compression: string; readonly bytesMax: number },
): Promise<Buffer> {
  const { compression, bytesMax } = options;
  const inflater = inflaters.get(compression);
  if (inflater === undefined) {
    throw new RequestFault(
      `Cannot read the body: "content-encoding" is "${compression}", must be one of ${[...inflaters.keys()].join(", ")}`,
      { status: 415, headers: { "accept-encoding": "gzip, deflate, zstd" } },
    );
  }
  try {
    return await inflater(bytes, { maxOutputLength: bytesMax, chunkSize: chunkBytes });
  } catch (cause) {
    throw isTooLong(cause) ? tooLong(bytesMax) : broken(compression, cause);
  }
}

/** The refusal of a body that is longer than `bytesMax`. */
export function tooLong(bytesMax: number): RequestFault {
  return new RequestFault(
    `Cannot take the body: it has more than ${bytesMax} bytes ("bodyBytesMax"); send smaller batches`,
    { status: 413 },
  );
}

function isTooLong(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function broken(compression: string, cause: unknown): RequestFault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RequestFault(`Cannot read the body as ${compression}: ${reason}`, { status: 400, cause });
}
