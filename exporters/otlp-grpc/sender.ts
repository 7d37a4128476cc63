import { DeliverySender } from "../delivery/sender.ts";
import { protobufRequests } from "../otlp/protobuf-requests.ts";
import { SplittingSender } from "../otlp/splitting-sender.ts";
import type { BatchSender } from "../sender.ts";
import { GrpcTransport } from "./grpc-transport.ts";
import type { OtlpGrpcSenderOptions } from "./sender-options.ts";
import { grpcTarget } from "./target.ts";

/**
 * Makes a sender of OTLP requests over gRPC. Nothing is connected before the first batch, and an idle connection does not
 * keep the process alive (a request does). Any thread; the sender belongs to the thread that made it.
 *
 * - A batch is one unary call. It is sent again after the statuses that OTLP calls retryable and when the connection fails,
 *   with exponential backoff or when the `RetryInfo` of the status says, within `retryTimeoutMillis`; after anything else it
 *   is given up.
 * - A peer that sends `RetryInfo` is left alone by all batches of this sender until then.
 * - A batch that is longer than `maxRequestBytes`, or that the peer refuses by RESOURCE_EXHAUSTED without `RetryInfo`, goes in
 *   several requests.
 * - A connection that fails or does not answer in time is replaced by a new one with the next attempt.
 * - Only a `proxy` that is given is used: the variables that grpc-js knows are not looked at.
 *
 * @throws {TypeError} `url` is neither a URL nor `host:port`.
 * @see OTLP Specification v1.11.0, OTLP/gRPC; OpenTelemetry Protocol Exporter
 */
export function createOtlpGrpcSender(options: OtlpGrpcSenderOptions): BatchSender {
  const target = grpcTarget(options.url, options.insecure);
  const transport = new GrpcTransport(options, target);
  const { shownUrl } = target;
  return new SplittingSender({
    sender: new DeliverySender({ transport, options, shownUrl }),
    codec: protobufRequests,
    maxRequestBytes: options.maxRequestBytes,
    shownUrl,
    ...(options.report === undefined ? {} : { report: options.report }),
  });
}
