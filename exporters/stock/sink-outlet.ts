import { setTimeout as wait } from "node:timers/promises";

import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import { ExportError } from "../../src/errors.ts";
import type { ByteSink } from "../byte-sink.ts";
import { countOf } from "./export-result.ts";
import type { BatchDelivery, StockOutlet } from "./outlet.ts";
import type { RecordBatch } from "./record-batches.ts";
import { type CutRecord, SinkWrite } from "./sink-write.ts";

/** A full pipe is tried again after the first pause, then after twice as long, up to the second. */
const PAUSE_MILLIS_MIN = 1;
const PAUSE_MILLIS_MAX = 20;
/** A destination that takes nothing for so long has failed. */
const STUCK_MILLIS = 10_000;
/** A file that is deleted again and again while it is written is not begun anew for ever. */
const LOST_MAX = 3;
const ERROR_SEVERITY = 17;
/** Longest delay of a timer, and shortest: what is due and cannot be done must not keep the thread busy. */
const TIMER_MILLIS_MAX = 2_147_483_647;
const TIMER_MILLIS_MIN = 100;
/** Errors of a destination that stays as it is: it is not opened anew, since its last record may be half written. */
const STAYING: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** When the operating system is asked to bring the bytes to the disk. */
export type Fsync = "never" | "batch" | "error";

/** What a sink works with. */
export interface SinkParts {
  readonly sink: ByteSink;
  readonly renderer: BatchRenderer;
  readonly fsync: Fsync;
}

/**
 * Writes batches to a sink on the calling thread: at once, or where the destination is full as soon as it takes more. Files are
 * put away between two records. A record that a failed export has begun is finished before anything else is written.
 */
export class SinkOutlet implements StockOutlet {
  readonly renderer: BatchRenderer;
  readonly batchRecordsMax: number = Number.POSITIVE_INFINITY;
  readonly concurrentBatchesMax = 1;
  readonly #sink: ByteSink;
  readonly #fsync: Fsync;
  #cut: CutRecord | undefined;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ sink, renderer, fsync }: SinkParts) {
    this.#sink = sink;
    this.renderer = renderer;
    this.#fsync = fsync;
    this.#awaitDue();
  }

  deliver(batch: RecordBatch, signal: AbortSignal): BatchDelivery | Promise<BatchDelivery> {
    this.#isWriting = true;
    const write = this.#begin(batch);
    const delivery = write instanceof SinkWrite ? this.#advance(write) : write;
    if (delivery !== undefined) return this.#end(delivery);
    return this.#persist(write as SinkWrite, signal).then((settled) => this.#end(settled));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isWriting = true;
    // The last chance of a record that was cut off.
    if (this.#cut !== undefined) await this.deliver(NOTHING, AbortSignal.abort());
    clearTimeout(this.#timer);
    this.#sink.close();
    this.#sink.rotation?.end();
  }

  #end(delivery: BatchDelivery): BatchDelivery {
    this.#isWriting = false;
    this.#awaitDue();
    return delivery;
  }

  /** Opens the destination. */
  #begin(batch: RecordBatch): SinkWrite | BatchDelivery {
    const sink = this.#sink;
    const cut = this.#cut;
    this.#cut = undefined;
    try {
      if (cut === undefined) this.#attend();
      sink.open(cut !== undefined);
      return new SinkWrite(batch, cut?.continuesIn(sink.state()) === true ? cut : undefined);
    } catch (error) {
      this.#cut = cut;
      return this.#failed(new SinkWrite(batch, undefined), error as NodeJS.ErrnoException);
    }
  }

  /** Writes all that the destination takes now. Undefined when it is full. */
  #advance(write: SinkWrite): BatchDelivery | undefined {
    try {
      while (!write.isDone) {
        if (write.isBetweenChunks) this.#openChunk(write);
        const taken = this.#sink.write(write.chunk, write.at);
        if (taken === 0) return undefined;
        write.advance(taken);
        if (!write.isBetweenChunks || this.#sink.isLost?.() !== true) continue;
        if (write.restart() > LOST_MAX) throw new Error("it is deleted while it is written");
      }
      return this.#written(write);
    } catch (error) {
      return this.#failed(write, error as NodeJS.ErrnoException);
    }
  }

  /** Opens the file that the next records go to, and says how many of them. */
  #openChunk(write: SinkWrite): void {
    const sink = this.#sink;
    const { rotation } = sink;
    if (!write.isFirstChunk) sink.open();
    if (rotation === undefined) {
      write.beginChunk(Number.POSITIVE_INFINITY);
      return;
    }
    // What was begun in a file is finished there.
    if (!write.isFinishing && rotation.isDue(write.nextBytes)) {
      rotation.rotate();
      sink.open();
    }
    write.beginChunk(rotation.roomBytes);
  }

  /** Waits for a destination that is full. */
  async #persist(write: SinkWrite, signal: AbortSignal): Promise<BatchDelivery> {
    let pause = PAUSE_MILLIS_MIN;
    let { at } = write;
    let movedAt = performance.now();
    for (;;) {
      await wait(pause);
      const delivery = this.#advance(write);
      if (delivery !== undefined) return delivery;
      if (write.at > at) {
        pause = PAUSE_MILLIS_MIN;
        movedAt = performance.now();
        at = write.at;
      }
      if (signal.aborted) return this.#failed(write, new Error("shut down before everything was taken"));
      if (performance.now() - movedAt > STUCK_MILLIS)
        return this.#failed(write, new Error(`it took nothing for ${STUCK_MILLIS} ms`));
      pause = Math.min(pause * 2, PAUSE_MILLIS_MAX);
    }
  }

  #written({ batch }: SinkWrite): BatchDelivery {
    const deliveredCount = batch.recordCount;
    try {
      const isUrgent = batch.severityMax >= ERROR_SEVERITY;
      if (this.#fsync === "batch" || (this.#fsync === "error" && isUrgent)) this.#sink.sync();
      return { deliveredCount, error: undefined };
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const text = `Cannot sync ${this.#sink.target}: ${code ?? message}; ${countOf(deliveredCount)} written, but not safe from a power cut`;
      return { deliveredCount, error: new ExportError(text, { retryable: false, cause }) };
    }
  }

  #failed(write: SinkWrite, cause: NodeJS.ErrnoException): BatchDelivery {
    const sink = this.#sink;
    const { code } = cause;
    const { deliveredCount, batch } = write;
    this.#cut ??= write.cutRecord();
    if (code !== undefined && !STAYING.has(code)) {
      this.#cut = this.#cut?.closedIn(sink.state().inode);
      sink.close();
    }
    const failed = countOf(batch.recordCount - deliveredCount, batch.recordCount);
    const rest =
      this.#cut === undefined ? "" : "; one of them is half written, and is finished before the next";
    const message = `Cannot write ${failed} to ${sink.target}: ${code ?? cause.message}${rest}`;
    return { deliveredCount, error: new ExportError(message, { retryable: deliveredCount === 0, cause }) };
  }

  /** What a file needs by the clock, also when nothing is exported. */
  #awaitDue(): void {
    const { rotation } = this.#sink;
    clearTimeout(this.#timer);
    if (rotation === undefined) return;
    const due = rotation.dueInMillis();
    if (due === Number.POSITIVE_INFINITY) return;
    const attend = (): void => {
      if (!this.#isWriting) this.#attend();
      this.#awaitDue();
    };
    const millis = Math.min(Math.max(due, TIMER_MILLIS_MIN), TIMER_MILLIS_MAX);
    this.#timer = setTimeout(attend, millis).unref();
  }

  /** Not while a record is half written: it is finished in the file where it was begun. */
  #attend(): void {
    const { rotation } = this.#sink;
    if (this.#cut === undefined && rotation?.dueInMillis() === 0) rotation.attend();
  }
}

const NOTHING: RecordBatch = { bytes: new Uint8Array(0), recordCount: 0, ends: [], severityMax: 0 };
