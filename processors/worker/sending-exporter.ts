import type { BatchSender } from "../../exporters/sender.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import type { BatchOutcome, RenderedBatch } from "./rendered-batch.ts";

/** Sends each batch as one request body. */
export class SendingExporter implements BatchExporter {
  readonly #sender: BatchSender;
  readonly #report: (trouble: string) => void;

  constructor(sender: BatchSender, report: (trouble: string) => void) {
    this.#sender = sender;
    this.#report = report;
  }

  async export(rendered: RenderedBatch, signal: AbortSignal): Promise<BatchOutcome> {
    if (rendered.recordCount === 0) return { delivered: 0, rejected: 0, failed: 0 };
    const outcome = await this.#sender.send(rendered.bytes, { recordCount: rendered.recordCount, signal });
    if (outcome.error !== undefined && !signal.aborted) this.#report(outcome.error.message);
    return outcome;
  }

  async forceFlush(): Promise<void> {
    // Nothing is kept here: a batch is done when its request is.
  }

  close(): Promise<void> {
    return this.#sender.close();
  }
}
