/** A plain HTTP client for tests of the receiver, with nothing of OTLP in it but two content types. */
import { request as httpRequest } from "node:http";
import type { Agent, IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { RequestOptions } from "node:https";
import { buffer } from "node:stream/consumers";

import { field } from "../proto/hand-made.ts";

export interface Sent extends Pick<RequestOptions, "ca" | "cert" | "key"> {
  readonly body?: Uint8Array | string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the connection had carried a request before. */
  readonly isReused: boolean;
}

export const protobufType = { "content-type": "application/x-protobuf" };
export const jsonType = { "content-type": "application/json" };

/** Sends one request and reads the whole answer. Rejects when the connection ends without one. */
export async function send(url: string, sent: Sent = {}): Promise<Received> {
  const { body, method = "POST", headers = protobufType, ...options } = sent;
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const makeRequest = url.startsWith("https:") ? httpsRequest : httpRequest;
  const request = makeRequest(url, { ...options, method, headers }, (response) => {
    const { statusCode: status = 0 } = response;
    buffer(response).then(
      (content) =>
        resolve({ status, headers: response.headers, body: content, isReused: request.reusedSocket }),
      reject,
    );
  });
  request.on("error", reject);
  request.end(body);
  return await promise;
}

/** The bytes of a request with so many empty records. */
export function emptyRecords(count: number): Buffer {
  return field(1, field(2, ...Array.from({ length: count }, () => field(2))));
}

/** The bytes of a request with one record an event name. */
export function events(...names: readonly string[]): Buffer {
  return field(1, field(2, ...names.map((name) => field(2, field(12, name)))));
}
