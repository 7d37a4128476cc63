import { gunzip, gzip, zstdCompress } from "node:zlib";

import type { ExchangeResult, HttpResponse } from "./connection.ts";
import { responseTooLarge } from "../delivery/failure-codes.ts";

/** What bodies are compressed with, as `Content-Encoding` has it. */
export type Compression = "none" | "gzip" | "zstd";

/**
 * Compresses a body at the default level of gzip or zstd, on libuv's thread pool.
 *
 * @returns `undefined` when the signal came first.
 * @throws {Error} It failed: no memory.
 */
export async function compressBody(
  body: Uint8Array,
  { compression, signal }: { readonly compression: Compression; readonly signal: AbortSignal },
): Promise<Uint8Array | undefined> {
  if (compression === "none") return body;
  if (signal.aborted) return undefined;
  const end = Promise.withResolvers<Uint8Array | undefined>();
  const stop = (): void => end.resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  const compress = compression === "gzip" ? gzip : zstdCompress;
  compress(body, (error, compressed) => {
    if (error === null) end.resolve(compressed);
    else end.reject(error);
  });
  try {
    return await end.promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Unpacks a response that came compressed, which we do not ask for. Never rejects.
 *
 * @param bytesMax Longest result: no more is unpacked, however much the response would make.
 * @returns The response with its plain body; as it came when it is not compressed, or not as its header says; a fault
 * when it is too large.
 */
export async function unpackResponse(response: HttpResponse, bytesMax: number): Promise<ExchangeResult> {
  const encoding = String(response.headers["content-encoding"] ?? "").toLowerCase();
  if ((encoding !== "gzip" && encoding !== "x-gzip") || response.body.length === 0) return { response };
  const end = Promise.withResolvers<ExchangeResult>();
  gunzip(response.body, { maxOutputLength: bytesMax }, (error, body) => {
    if (error === null) end.resolve({ response: { ...response, body } });
    else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") end.resolve(tooLarge(bytesMax));
    else end.resolve({ response });
  });
  return end.promise;
}

function tooLarge(bytesMax: number): ExchangeResult {
  const cause = new Error(`the response is larger than ${bytesMax} bytes ("responseBytesMax")`);
  return { fault: { code: responseTooLarge, isRequestSent: true, cause } };
}
