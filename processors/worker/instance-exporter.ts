import { context } from "@opentelemetry/api";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { suppressTracing } from "./suppress-tracing.ts";
import { errorTypeOf } from "./error-type.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import type { BatchOutcome, RenderedBatch } from "./rendered-batch.ts";
import type { RecordCollector } from "./record-collector.ts";

type ExportResult = Parameters<Parameters<LogRecordExporter["export"]>[1]>[0];

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
    const failure = await this.#withTimeout(answer, { recordCount, signal });
    return failure === undefined
      ? { delivered: recordCount, rejected: 0, failed: 0 }
      : { delivered: 0, rejected: 0, failed: recordCount, reason: failure };
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

  /** Resolves with the exporter's first answer, a call of the callback or an error thrown: why it failed, if it did. */
  #call(records: ReadableLogRecord[]): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    let isAnswered = false;
    const answer = (isDelivered: boolean, error?: unknown): void => {
      if (isAnswered) return;
      isAnswered = true;
      if (!isDelivered) this.#report(records.length, textOf(error));
      resolve(isDelivered ? undefined : errorTypeOf(error));
    };
    const onResult = (result: Partial<ExportResult> | undefined): void => {
      if ((result?.code as number | undefined) === SUCCESS) answer(true);
      else answer(false, result?.error ?? "the exporter says so");
    };
    try {
      const started: unknown = context.with(suppressTracing(context.active()), () =>
        this.#parts.exporter.export(records, onResult),
      );
      // Some exporters are async functions: what they throw must not end the process.
      if (started instanceof Promise) started.catch((error: unknown) => answer(false, error));
    } catch (error) {
      answer(false, error);
    }
    return promise;
  }

  #withTimeout(
    answer: Promise<string | undefined>,
    wait: { readonly recordCount: number; readonly signal: AbortSignal },
  ): Promise<string | undefined> {
    const { exportTimeoutMillis } = this.#parts;
    const { recordCount, signal } = wait;
    return new Promise((resolve) => {
      const onAbort = (): void => finish("shutdown");
      const onTimeout = (): void => {
        this.#report(recordCount, `no answer within ${exportTimeoutMillis} ms ("exportTimeoutMillis")`);
        finish("timeout");
      };
      // An exporter that never answers is no reason for the process to live on.
      const timer = exportTimeoutMillis > 0 ? setTimeout(onTimeout, exportTimeoutMillis).unref() : undefined;
      const finish = (failure: string | undefined): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        resolve(failure);
      };
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      void answer.then(finish);
    });
  }

  #report(recordCount: number, why: string): void {
    const records = recordCount === 1 ? "record" : "records";
    this.#parts.report(`Cannot export ${recordCount} ${records}: ${why}; counted as export_failed`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
