import { createHttpClientSender } from "../http-client/sender.ts";
import { jsonRequests } from "../otlp/json-requests.ts";
import { protobufRequests } from "../otlp/protobuf-requests.ts";
import { SplittingSender } from "../otlp/splitting-sender.ts";
import type { BatchSender } from "../sender.ts";
import { requestTarget } from "./request-target.ts";
import type { OtlpHttpSenderOptions } from "./sender-options.ts";
import { judgeResponse } from "./verdict.ts";

/**
 * Makes a sender of OTLP requests over HTTP/1.1. Nothing is connected before the first batch, and an idle connection does not
 * keep the process alive (a request or a wait for a retry does). Any thread; the sender belongs to the thread that made it.
 *
 * - A batch is one POST. It is sent again after 429, 502, 503, 504 and after a failure without a response, with
 *   exponential backoff or when `Retry-After` says, within `retryTimeoutMillis`; after anything else it is given up.
 * - A peer that answers `Retry-After` is left alone by all batches of this sender until then, at most for
 *   `retryTimeoutMillis` (an hour without a limit).
 * - A batch that is longer than `maxRequestBytes`, or that the peer refuses for its size (413), goes in several requests.
 * - An answer that broke off is no answer: the batch is sent again, so the peer may see it twice.
 * - Redirects are not followed.
 *
 * @throws {TypeError} `url` is not a URL.
 * @see OTLP Specification v1.11.0, OTLP/HTTP; OpenTelemetry Protocol Exporter
 */
export function createOtlpHttpSender(options: OtlpHttpSenderOptions): BatchSender {
  const target = requestTarget(options);
  const sender = createHttpClientSender({
    options,
    target,
    protocol: {
      judge: (response) => judgeResponse(response, options.protocol),
      notHttpHint: '"url" must be of OTLP over HTTP, usually port 4318',
    },
  });
  return new SplittingSender({
    sender,
    codec: options.protocol === "http/json" ? jsonRequests : protobufRequests,
    maxRequestBytes: options.maxRequestBytes,
    shownUrl: target.shownUrl,
    ...(options.report === undefined ? {} : { report: options.report }),
  });
}
