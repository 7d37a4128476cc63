import type { BatchOutcome, RenderedBatch } from "./rendered-batch.ts";

/** Brings a rendered batch to where it goes, on an event loop. Resolves always; retries inside. */
export interface BatchExporter {
  export(rendered: RenderedBatch, signal: AbortSignal): Promise<BatchOutcome>;
  /** Asks the exporter to bring out what it keeps itself. */
  forceFlush(): Promise<void>;
  close(): Promise<void>;
}
