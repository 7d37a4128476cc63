import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";

import { reportTrouble } from "../../src/diagnostics.ts";
import { ExportError } from "../../src/errors.ts";
import {
  countOf,
  failedWith,
  plainMessage,
  SUCCEEDED,
  type ExportResult,
  type ResultCallback,
} from "./export-result.ts";
import type { BatchDelivery, StockOutlet } from "./outlet.ts";
import { RecordBatches, type RecordBatch } from "./record-batches.ts";

/** Records of exports that have no answer yet. What comes beyond fails at once: memory has an end. */
const PENDING_RECORDS_MAX = 16_384;
/** How long a shutdown waits for exports that have no answer yet. */
const SHUTDOWN_MILLIS = 5_000;

/** What an exporter is made of. */
export interface StockExporterParts {
  /** What it is, in words: `file exporter`. */
  readonly subject: string;
  /** Where it exports to, in words. */
  readonly target: string;
  readonly outlet: StockOutlet | Promise<StockOutlet>;
  /** Exports under way at a time; 1 keeps their order. */
  readonly concurrentExportsMax: number;
}

interface Job {
  readonly logs: readonly ReadableLogRecord[];
  readonly callback: ResultCallback;
  readonly onAnswered: () => void;
}

/** What our exporters for the processors of the OpenTelemetry SDK have in common. They work on the thread that calls them. */
export abstract class StockExporter implements LogRecordExporter {
  readonly #parts: StockExporterParts;
  #outlet: StockOutlet | Promise<StockOutlet>;
  #batches: RecordBatches | undefined;
  readonly #over = new AbortController();
  readonly #waiting: Job[] = [];
  readonly #unanswered = new Set<Promise<void>>();
  #busyCount = 0;
  #pendingCount = 0;
  #closing: Promise<void> | undefined;

  protected constructor(parts: StockExporterParts) {
    this.#parts = parts;
    this.#outlet = parts.outlet;
    // Each export says why it could not be opened.
    if (parts.outlet instanceof Promise) parts.outlet.catch(() => {});
  }

  /**
   * Exports the records, and answers once: with SUCCESS when all of them were delivered, else with FAILED and an error that says
   * how many were not, and why. Never throws.
   *
   * At most 16,384 records wait for an answer; an export that would pass that fails at once.
   */
  export(logs: ReadableLogRecord[], resultCallback: ResultCallback): void {
    const refusal = this.#refusalOf(logs.length);
    if (refusal !== undefined) {
      this.#answer(resultCallback, failedWith(refusal));
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unanswered.add(promise);
    this.#pendingCount += logs.length;
    const onAnswered = (): void => {
      this.#pendingCount -= logs.length;
      this.#unanswered.delete(promise);
      resolve();
    };
    this.#waiting.push({ logs, callback: resultCallback, onAnswered });
    this.#startWaiting();
  }

  /** Resolves when all exports so far have been answered. */
  async forceFlush(): Promise<void> {
    await Promise.all(this.#unanswered);
  }

  /**
   * Waits for the exports so far, at most 5 s, then gives up what is left and closes what is open. Later exports fail. May be
   * called again.
   */
  shutdown(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const timer = setTimeout(() => this.#over.abort(), SHUTDOWN_MILLIS);
    await this.forceFlush();
    try {
      const outlet = this.#outlet instanceof Promise ? await this.#opened(this.#outlet) : this.#outlet;
      await outlet.close();
    } catch {
      // It was never opened: each export has said so.
    } finally {
      clearTimeout(timer);
    }
  }

  #refusalOf(recordCount: number): ExportError | undefined {
    const refuse = (why: string, retryable: boolean): ExportError =>
      new ExportError(`Cannot export ${countOf(recordCount)} to ${this.#parts.target}: ${why}`, {
        retryable,
      });
    if (this.#closing !== undefined) return refuse("the exporter has been shut down", false);
    const count = this.#pendingCount;
    // An export of more than that alone is not refused: nobody could make it smaller.
    if (count === 0 || count + recordCount <= PENDING_RECORDS_MAX) return undefined;
    return refuse(`${count} records wait already, ${PENDING_RECORDS_MAX} may`, true);
  }

  #startWaiting(): void {
    while (this.#busyCount < this.#parts.concurrentExportsMax) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#busyCount++;
      const result = this.#perform(job.logs);
      if (result instanceof Promise) {
        void result.then((answer) => {
          this.#finish(job, answer);
          this.#startWaiting();
        });
      } else {
        this.#finish(job, result);
      }
    }
  }

  #finish(job: Job, result: ExportResult): void {
    this.#busyCount--;
    this.#answer(job.callback, result);
    job.onAnswered();
  }

  /** A caller whose callback throws must not end the exports of all others. */
  #answer(callback: ResultCallback, result: ExportResult): void {
    try {
      callback(result);
    } catch (error) {
      reportTrouble(this.#parts.subject, `Cannot answer an export: ${String(error)}`);
    }
  }

  /** Never throws, never rejects. Without a promise where nothing is to be waited for: a file is written when `export` returns. */
  #perform(logs: readonly ReadableLogRecord[]): ExportResult | Promise<ExportResult> {
    const outlet = this.#outlet;
    if (!(outlet instanceof Promise)) return this.#exportTo(outlet, logs);
    return this.#opened(outlet).then((opened) => {
      this.#outlet = opened;
      return this.#exportTo(opened, logs);
    }, failedWith);
  }

  /** A module of the application that never comes up holds up no shutdown. */
  #opened(outlet: Promise<StockOutlet>): Promise<StockOutlet> {
    const { signal } = this.#over;
    return new Promise((resolve, reject) => {
      const onAbort = (): void =>
        reject(new Error(`Cannot export to ${this.#parts.target}: shut down before it was opened`));
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      outlet.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    });
  }

  #exportTo(outlet: StockOutlet, logs: readonly ReadableLogRecord[]): ExportResult | Promise<ExportResult> {
    this.#batches ??= new RecordBatches(outlet.renderer, outlet.batchRecordsMax);
    const { batches, refusals } = this.#batches.render(logs);
    const judge = (deliveries: readonly BatchDelivery[]): ExportResult =>
      this.#judge(logs.length, { deliveries, refusals });
    const [only] = batches;
    if (only === undefined) return judge([]);
    if (batches.length > 1) return this.#deliverAll(outlet, batches).then(judge, failedWith);
    const delivery = outlet.deliver(only, this.#over.signal);
    if (!(delivery instanceof Promise)) return judge([delivery]);
    return delivery.then((settled) => judge([settled]), failedWith);
  }

  /** Each lane takes the next batch when it is done with the one before. */
  async #deliverAll(outlet: StockOutlet, batches: readonly RecordBatch[]): Promise<BatchDelivery[]> {
    const deliveries: BatchDelivery[] = [];
    const queue = batches.values();
    const run = async (): Promise<void> => {
      for (const batch of queue) deliveries.push(await outlet.deliver(batch, this.#over.signal));
    };
    const laneCount = Math.min(outlet.concurrentBatchesMax, batches.length);
    await Promise.all(Array.from({ length: laneCount }, run));
    return deliveries;
  }

  #judge(
    recordCount: number,
    outcome: { readonly deliveries: readonly BatchDelivery[]; readonly refusals: readonly Error[] },
  ): ExportResult {
    const { deliveries, refusals } = outcome;
    const errors = deliveries.flatMap(({ error }) => error ?? []);
    const [cause] = [...errors, ...refusals];
    if (cause === undefined) return SUCCEEDED;
    // It says itself how many of how many.
    if (deliveries.length === 1 && refusals.length === 0) return failedWith(cause);
    const delivered = deliveries.reduce((sum, { deliveredCount }) => sum + deliveredCount, 0);
    const failed = countOf(recordCount - delivered, recordCount);
    const message = `Cannot export ${failed} to ${this.#parts.target}: ${plainMessage(cause)}`;
    return failedWith(new ExportError(message, { retryable: false, cause }));
  }
}
