import type { Attributes, Histogram } from "@opentelemetry/api";
import { isFailureName } from "../../exporters/otlp-grpc/status.ts";
import type { HandlerFlow, MeteredHandler } from "./metered.ts";

interface Recorded {
  operations: number;
  seconds: number;
}

const HTTP_STATUS = /^[1-5]\d\d$/;

/**
 * Records how long the operations of a handler's exporter took. The thread that exports keeps the latest ones, and sums of all: what
 * came too fast to be kept is recorded with its mean, so that count and sum are exact.
 */
export class OperationDurations {
  readonly #handler: MeteredHandler;
  readonly #attributes: Attributes;
  readonly #recorded = new Map<string | undefined, Recorded>();
  #sequence = 0;

  constructor(handler: MeteredHandler, attributes: Attributes) {
    this.#handler = handler;
    this.#attributes = attributes;
  }

  /** Records what has ended since the last time. @param flow Read before: what it counts is recorded for certain. */
  recordInto(histogram: Histogram, flow: HandlerFlow): void {
    const { sequence, operations } = this.#handler.latestOperations(this.#sequence);
    this.#sequence = sequence;
    for (const { reason, seconds } of operations) this.#record(histogram, reason, seconds);
    for (const total of flow.operations) {
      const recorded = this.#recordedOf(total.reason);
      const missing = total.operations - recorded.operations;
      const seconds = Math.max(0, total.seconds - recorded.seconds) / missing;
      for (let count = 0; count < missing; count++) this.#record(histogram, total.reason, seconds);
    }
  }

  #record(histogram: Histogram, reason: string | undefined, seconds: number): void {
    const recorded = this.#recordedOf(reason);
    recorded.operations++;
    recorded.seconds += seconds;
    histogram.record(seconds, { ...this.#attributes, ...failureOf(reason) });
  }

  #recordedOf(reason: string | undefined): Recorded {
    const known = this.#recorded.get(reason);
    if (known !== undefined) return known;
    const recorded = { operations: 0, seconds: 0 };
    this.#recorded.set(reason, recorded);
    return recorded;
  }
}

function failureOf(reason: string | undefined): Attributes {
  if (reason === undefined) return {};
  return { "error.type": reason, ...statusOf(reason) };
}

function statusOf(reason: string): Attributes {
  if (HTTP_STATUS.test(reason)) return { "http.response.status_code": Number(reason) };
  return isFailureName(reason) ? { "rpc.response.status_code": reason } : {};
}
