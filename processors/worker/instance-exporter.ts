import { context } from "@opentelemetry/api";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { suppressTracing } from "./suppress-tracing.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import type { BatchOutcome, RenderedBatch } from "./consumer.ts";
import type { RecordCollector } from "./record-collector.ts";

const SUCCESS = 0;

/** What an instance exporter is made of. */
export interface InstanceExporterParts {
  readonly exporter: LogRecordExporter;
  readonly collector: RecordCollector;
  /** How long one export may take, in ms; 0 for no limit. */
  readonly exportTimeoutMillis: number;
  readonly report: (trouble: string) => void;
}

/**
 * Runs an exporter of the OpenTelemetry SDK. One export at a time, also after one has timed out: the next begins when
 * the exporter has answered, as the specification demands.
 */
export class InstanceExporter implements BatchExporter {
  readonly #parts: InstanceExporterParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: InstanceExporterParts) {
    this.#parts = parts;
  }

  async export(rendered: RenderedBatch, signal: AbortSignal): Promise<BatchOutcome> {
    // Taken now: the collector's next batch may be made before this one is exported.
    const records = this.#parts.collector.take() as unknown as ReadableLogRecord[];
    const { recordCount } = rendered;
    if (recordCount === 0) return { delivered: 0, rejected: 0, failed: 0 };
    await this.#last;
    const answer = this.#call(records);
    this.#last = answer;
    const isDelivered = await this.#withTimeout(answer, signal);
    return isDelivered
      ? { delivered: recordCount, rejected: 0, failed: 0 }
      : { delivered: 0, rejected: 0, failed: recordCount };
  }

  async forceFlush(): Promise<void> {
    await this.#last;
    await this.#parts.exporter.forceFlush();
  }

  async close(): Promise<void> {
    try {
      await this.#parts.exporter.shutdown();
    } catch (error) {
      this.#parts.report(`Cannot shut an exporter down: ${textOf(error)}`);
    }
  }

  #call(records: ReadableLogRecord[]): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        context.with(suppressTracing(context.active()), () =>
          this.#parts.exporter.export(records, (result) => {
            if (result.code !== SUCCESS) this.#report(records.length, result.error);
            resolve(result.code === SUCCESS);
          }),
        );
      } catch (error) {
        this.#report(records.length, error);
        resolve(false);
      }
    });
  }

  #withTimeout(answer: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
    const { exportTimeoutMillis } = this.#parts;
    return new Promise((resolve) => {
      const onAbort = (): void => finish(false);
      const timer = exportTimeoutMillis > 0 ? setTimeout(() => finish(false), exportTimeoutMillis) : undefined;
      const finish = (isDelivered: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        resolve(isDelivered);
      };
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      void answer.then(finish);
    });
  }

  #report(recordCount: number, error: unknown): void {
    this.#parts.report(`Cannot export ${recordCount} records: ${textOf(error)}; counted as export_failed`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
