import type { BatchOptions, BatchSender, SendOutcome } from "../sender.ts";
import { ConnectionPool } from "../http-client/connection-pool.ts";
import { Delivery, type DeliveryContext } from "../http-client/delivery.ts";
import { requestTarget } from "./request-target.ts";
import { retryAfterMillisMax } from "../http-client/retry.ts";
import type { OtlpHttpSenderOptions } from "./sender-options.ts";
import { ThrottleGate } from "../http-client/throttle-gate.ts";

/**
 * Makes a sender of OTLP requests over HTTP/1.1. Nothing is connected before the first batch, and an idle connection does not
 * keep the process alive (a request or a wait for a retry does). Any thread; the sender belongs to the thread that made it.
 *
 * - A batch is one POST. It is sent again after 429, 502, 503, 504 and after a failure without a response, with
 *   exponential backoff or when `Retry-After` says, within `retryTimeoutMillis`; after anything else it is given up.
 * - A peer that answers `Retry-After` is left alone by all batches of this sender until then, at most for
 *   `retryTimeoutMillis` (an hour without a limit).
 * - An answer that broke off is no answer: the batch is sent again, so the peer may see it twice.
 * - Redirects are not followed. Proxies are not used.
 *
 * @throws {TypeError} `url` is not a URL.
 * @see OTLP Specification v1.11.0, OTLP/HTTP; OpenTelemetry Protocol Exporter
 */
export function createOtlpHttpSender(options: OtlpHttpSenderOptions): BatchSender {
  return new OtlpHttpSender(options);
}

class OtlpHttpSender implements BatchSender {
  readonly #context: DeliveryContext;
  /** Batches on their way. */
  readonly #deliveries = new Map<Delivery, Promise<SendOutcome>>();
  #isClosed = false;

  constructor(options: OtlpHttpSenderOptions) {
    const target = requestTarget(options);
    const connections = new ConnectionPool(target.origin, options.maxConcurrentRequests);
    const gate = new ThrottleGate(options.retryTimeoutMillis || retryAfterMillisMax);
    this.#context = { options, target, connections, gate };
  }

  async send(body: Uint8Array, { recordCount, signal }: BatchOptions): Promise<SendOutcome> {
    const delivery = new Delivery(this.#context, recordCount);
    const stop = (): void => delivery.stop();
    if (signal.aborted || this.#isClosed) stop();
    signal.addEventListener("abort", stop, { once: true });
    const outcome = delivery.run(body);
    this.#deliveries.set(delivery, outcome);
    try {
      return await outcome;
    } finally {
      this.#deliveries.delete(delivery);
      signal.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const delivery of this.#deliveries.keys()) delivery.stop();
    await Promise.all(this.#deliveries.values());
    await this.#context.connections.close();
  }
}
