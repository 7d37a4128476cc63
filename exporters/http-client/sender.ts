import type { BatchOptions, BatchSender, SendOutcome } from "../sender.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Delivery, type DeliveryContext } from "./delivery.ts";
import { retryAfterMillisMax } from "./retry.ts";
import { ThrottleGate } from "./throttle-gate.ts";

/** Sends batches to one URL. The thread that made it. */
export class HttpSender implements BatchSender {
  readonly #context: DeliveryContext;
  /** Batches on their way. */
  readonly #deliveries = new Map<Delivery, Promise<SendOutcome>>();
  #isClosed = false;

  constructor(parts: Pick<DeliveryContext, "options" | "target" | "protocol">) {
    const { options, target } = parts;
    const connections = new ConnectionPool(target.origin, options.maxConcurrentRequests, options.tls);
    const gate = new ThrottleGate(options.retryTimeoutMillis || retryAfterMillisMax);
    this.#context = { ...parts, connections, gate };
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
