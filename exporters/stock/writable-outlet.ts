import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import { ExportError } from "../../src/errors.ts";
import { countOf } from "./export-result.ts";
import type { BatchDelivery, StockOutlet } from "./outlet.ts";
import type { RecordBatch } from "./record-batches.ts";
import { writeStream } from "../stream/write-stream.ts";

const SHUT_DOWN = "shut down before it had called back";

/** Writes batches to a stream of the application: delivered is what it has called back for. It stays open: it is not ours. */
export class WritableOutlet implements StockOutlet {
  readonly renderer: BatchRenderer;
  readonly batchRecordsMax: number = Number.POSITIVE_INFINITY;
  readonly concurrentBatchesMax = 1;
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream, renderer: BatchRenderer) {
    this.#stream = stream;
    this.renderer = renderer;
  }

  async deliver(batch: RecordBatch, signal: AbortSignal): Promise<BatchDelivery> {
    const { recordCount } = batch;
    const cause = signal.aborted ? new Error(SHUT_DOWN) : await this.#write(batch, signal);
    if (cause === undefined) return { deliveredCount: recordCount, error: undefined };
    const message = `Cannot write ${countOf(recordCount)} to a stream: ${cause.message}`;
    return { deliveredCount: 0, error: new ExportError(message, { retryable: false, cause }) };
  }

  async #write({ bytes }: RecordBatch, signal: AbortSignal): Promise<Error | undefined> {
    const { promise: aborted, resolve } = Promise.withResolvers<Error>();
    const onAbort = (): void => resolve(new Error(SHUT_DOWN));
    signal.addEventListener("abort", onAbort);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const cause = await Promise.race([writeStream(this.#stream, chunk), aborted]);
    signal.removeEventListener("abort", onAbort);
    return cause;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
