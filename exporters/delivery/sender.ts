import type { BatchOptions, BatchSender } from "../sender.ts";
import { Budget } from "./budget.ts";
import { Delivery, type DeliveryContext, type DeliveryOutcome } from "./delivery.ts";
import { retryAfterMillisMax } from "./retry.ts";
import { ThrottleGate } from "./throttle-gate.ts";

/** A request: a batch, or a part of one. */
export interface RequestOptions extends BatchOptions {
  /** The time of the batch; of its own when left out. */
  readonly budget?: Budget;
}

/** Sends requests to one peer, each as often as that makes sense. The thread that made it. */
export class DeliverySender<Channel> implements BatchSender {
  readonly #context: DeliveryContext<Channel>;
  /** Requests on their way. */
  readonly #deliveries = new Map<Delivery<Channel>, Promise<DeliveryOutcome>>();
  #isClosed = false;

  constructor(parts: Pick<DeliveryContext<Channel>, "options" | "transport" | "shownUrl">) {
    const { millis } = new Budget(parts.options);
    this.#context = { ...parts, gate: new ThrottleGate(Math.min(millis, retryAfterMillisMax)) };
  }

  /** Time for one batch, not started. */
  makeBudget(): Budget {
    return new Budget(this.#context.options);
  }

  async send(body: Uint8Array, request: RequestOptions): Promise<DeliveryOutcome> {
    const { recordCount, signal, budget = this.makeBudget() } = request;
    const delivery = new Delivery(this.#context, { recordCount, budget });
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
    await this.#context.transport.close();
  }
}
