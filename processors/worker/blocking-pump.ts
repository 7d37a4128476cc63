import type { ByteSink, Rotation, SinkState } from "../../exporters/byte-sink.ts";
import type { Arena } from "../queue/arena.ts";
import {
  END_NOW,
  INTENT_RUNS_WORD,
  OUTCOME_FAILED,
  OUTCOME_WRITTEN,
  REOPEN_REQUESTED_WORD,
  REOPEN_SERVED_WORD,
  STOP_WORD,
  type QueueGeometry,
} from "../queue/queue-layout.ts";
import type { Consumer } from "./consumer.ts";
import { errorTypeOf } from "./error-type.ts";
import type { BatchOutcome, RenderedBatch } from "./rendered-batch.ts";
import type { Ownership } from "./ownership.ts";
import { RESOURCE_LOOK_MILLIS, ResourceWait } from "./resource-wait.ts";

/** A batch should not take longer to write than this; where it does, the next ones are smaller. */
const SLOW_WRITE_MILLIS = 40;
const BATCH_BYTES_MIN = 16_384;
/** A full pipe: whoever reads it is awake and makes room in microseconds. One that takes nothing is tried ever less often. */
const PAUSE_MILLIS_MIN = 0.05;
const PAUSE_MILLIS_MAX = 20;
/** A destination that takes batches is not left after the first of them. */
const FLOW_MILLIS = 10;
const RETRY_MILLIS_MIN = 50;
const RETRY_MILLIS_MAX = 1000;
const ERROR_SEVERITY = 17;
/** The intent of a batch without bytes: nothing that a successor could look at. */
const NO_DESTINATION: SinkState = { fileBytes: -1, inode: -1 };

/** Errors that pass: the records are kept and the write is tried again until it works or the process ends. */
const PASSING = new Set([
  "ENOSPC",
  "EDQUOT",
  "EIO",
  "EBUSY",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "ENXIO",
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOENT",
  "ENOTDIR",
  "ESTALE",
]);
/** Errors of a descriptor that is no longer good: opening the destination again may help. */
const REOPENING = new Set(["EBADF", "ESTALE", "ENXIO", "EIO"]);

function isPassing({ code = "" }: NodeJS.ErrnoException): boolean {
  return PASSING.has(code) || REOPENING.has(code);
}

const NO_RUNS = { runs: [] };
const NO_WRITE = { fileBytes: -1, inode: -1, byteCount: 0 };

/** When the operating system is asked to bring the bytes to the disk. */
export type Fsync = "never" | "batch" | "error";

/** What a pump is made of. */
export interface PumpParts {
  readonly arena: Arena;
  readonly consumer: Consumer;
  readonly ownership: Ownership;
  readonly sink: ByteSink;
  readonly fsync: Fsync;
  /** Says what goes wrong, in words; the listener limits the rate. */
  readonly report: (trouble: string) => void;
  /** Whether the first batch waits for attributes of the resource that are found out asynchronously. */
  readonly awaitsResource?: boolean;
}

/**
 * Brings batches from a handler's queue to a sink that is written synchronously. Runs in the handler's worker, or on
 * the application's thread where there is no worker (any more). Waits for the destination only in steps that see the
 * stop word.
 */
export class BlockingPump {
  readonly #parts: PumpParts;
  readonly #geometry: QueueGeometry;
  readonly #words: Int32Array;
  readonly #control: number;
  #deadline = Number.POSITIVE_INFINITY;
  /** A batch that has been taken but not, or not wholly, written: goes first. */
  #unfinished: RenderedBatch | undefined;
  #writtenBytes = 0;
  /** Why the last batch that was given up was: `error.type`. */
  #failure = "";
  readonly #resourceWait: ResourceWait | undefined;

  constructor(parts: PumpParts) {
    this.#parts = parts;
    this.#resourceWait = parts.awaitsResource === true ? new ResourceWait(parts.consumer) : undefined;
    this.#words = parts.arena.words;
    this.#geometry = parts.consumer.geometry;
    this.#control = this.#geometry.at / 4;
  }

  /** Exports one batch. False when there was nothing to export, or no leave to. A pump that was replaced takes nothing. */
  step(): boolean {
    const { consumer, sink } = this.#parts;
    if (!this.isOwner) return false;
    this.#reopenIfAsked();
    if (sink.rotation !== undefined && sink.rotation.dueInMillis() === 0) this.#attend(sink.rotation);
    const rendered = this.#unfinished ?? (this.#mustWait ? undefined : this.#collect(sink.rotation));
    if (rendered === undefined) {
      consumer.serveFlushes();
      return false;
    }
    return this.#export(rendered);
  }

  /** In how many ms `step` has something to do though nothing is logged; Infinity for never. */
  dueInMillis(): number {
    const rotationMillis = this.#parts.sink.rotation?.dueInMillis() ?? Number.POSITIVE_INFINITY;
    return this.#mustWait ? Math.min(rotationMillis, RESOURCE_LOOK_MILLIS) : rotationMillis;
  }

  /**
   * Exports all there is, until `deadline` (`performance.now()` milliseconds); for a moment beyond it while the destination takes
   * one batch after the other, however small they are. False when something is left.
   */
  drain(deadline: number): boolean {
    this.#deadline = deadline;
    const end = Math.max(deadline, performance.now() + FLOW_MILLIS);
    try {
      while (this.step()) if (performance.now() >= end) break;
      return !this.hasWork();
    } finally {
      this.#deadline = Number.POSITIVE_INFINITY;
    }
  }

  /** True when there is a record to export, and nothing that it waits for. */
  hasWork(): boolean {
    return this.#unfinished !== undefined || (this.#parts.consumer.hasWork && !this.#mustWait);
  }

  get #mustWait(): boolean {
    return this.#resourceWait?.isPending === true;
  }

  /** Epoch milliseconds at which a summary of a filter is due; infinity while there is none. */
  get summaryDueAt(): number {
    return this.#parts.consumer.summaryDueAt;
  }

  /** False when another consumer has taken over: this pump writes no more. */
  get isOwner(): boolean {
    return this.#parts.ownership.isOwner;
  }

  /** The epoch of its ownership. */
  get epoch(): number {
    return this.#parts.ownership.epoch;
  }

  close(): void {
    this.#parts.sink.close();
    this.#parts.sink.rotation?.end();
  }

  /** The next batch: no more than the file has room for, after it was put away where that was due. */
  #collect(rotation: Rotation | undefined): RenderedBatch | undefined {
    const { consumer } = this.#parts;
    if (rotation === undefined || !this.hasWork()) return consumer.collect();
    // Where it was left by the last write is known; it is looked at again before the next one.
    if (this.#parts.sink.state().inode < 0 && this.#openSink() === undefined) return undefined;
    const renew = (byteCount: number): number => {
      this.#openFor(byteCount);
      return rotation.roomBytes;
    };
    return consumer.collect(undefined, { bytes: rotation.roomBytes, renew });
  }

  /** Opens the file that the next write goes to: another one, if the last has no room for it, or its time is over. */
  #openFor(byteCount: number): SinkState | undefined {
    const { rotation } = this.#parts.sink;
    const state = this.#openSink();
    // What is half written is finished where it was begun.
    if (state === undefined || this.#writtenBytes > 0 || rotation?.isDue(byteCount) !== true) return state;
    return this.#guarded(() => rotation.rotate()) ? this.#openSink() : undefined;
  }

  #attend(rotation: Rotation): void {
    if (this.#writtenBytes === 0) this.#guarded(() => rotation.attend());
  }

  /** Does something that no other consumer may do at the same time. False when another one has taken over. */
  #guarded(action: () => void): boolean {
    const { ownership } = this.#parts;
    if (!ownership.begin(NO_RUNS, NO_WRITE)) return false;
    action();
    ownership.end();
    return true;
  }

  #export(rendered: RenderedBatch): boolean {
    const { consumer, ownership } = this.#parts;
    const { bytes, recordCount } = rendered;
    this.#unfinished = rendered;
    // Where nothing is to be written, the destination is left alone.
    const state = bytes.length === 0 ? NO_DESTINATION : this.#openFor(bytes.length - this.#writtenBytes);
    if (state === undefined) return false;
    const byteCount = bytes.length - this.#writtenBytes;
    const written: BatchOutcome = { delivered: recordCount, rejected: 0, failed: 0 };
    const failed = { delivered: 0, rejected: 0, failed: recordCount };
    const counters = {
      ifWritten: consumer.countersAfter(rendered, written),
      ifFailed: consumer.countersAfter(rendered, failed),
    };
    const intent = { ...state, byteCount, counters };
    if (!ownership.begin(rendered.batch, intent)) return false;
    consumer.exports.begin(rendered.batch.serial, recordCount);
    const begin = performance.now();
    const isWritten = this.#writeAll(bytes);
    this.#adapt(bytes.length, performance.now() - begin);
    if (isWritten === true && bytes.length > 0 && this.#isLost()) {
      // Deleted between the look at the path and the write: the batch goes once more, into the file that is there now.
      this.#writtenBytes = 0;
      ownership.end();
      return true;
    }
    if (isWritten === undefined) {
      // Told to stop in mid-write. This pump may go on later; whoever takes over instead begins with the whole batch.
      this.#words[this.#control + INTENT_RUNS_WORD] = 0;
      ownership.end();
      return false;
    }
    ownership.noteOutcome(isWritten ? OUTCOME_WRITTEN : OUTCOME_FAILED);
    this.#unfinished = undefined;
    this.#writtenBytes = 0;
    if (isWritten && bytes.length > 0) this.#sync(rendered);
    consumer.markDone(rendered, isWritten ? written : { ...failed, reason: this.#failure });
    ownership.end();
    consumer.release(rendered);
    return true;
  }

  /**
   * Memory comes back batch by batch: where a write takes long, the next batches are smaller, so that callers who wait for room wait
   * often and not long. They grow again when the destination is fast.
   */
  #adapt(byteCount: number, millis: number): void {
    const { consumer } = this.#parts;
    if (millis > SLOW_WRITE_MILLIS)
      consumer.bytesAim = Math.max(BATCH_BYTES_MIN, Math.min(consumer.bytesAim, byteCount) / 2);
    else if (millis < SLOW_WRITE_MILLIS / 8) consumer.bytesAim *= 2;
  }

  #isLost(): boolean {
    try {
      return this.#parts.sink.isLost?.() ?? false;
    } catch {
      return false;
    }
  }

  /** True when all bytes are written, false when the destination has failed for good, undefined when told to stop. */
  #writeAll(bytes: Uint8Array): boolean | undefined {
    let at = this.#writtenBytes;
    let pause = PAUSE_MILLIS_MIN;
    while (at < bytes.length) {
      if (this.#mustStop()) return undefined;
      let taken: number;
      try {
        taken = this.#parts.sink.write(bytes, at);
      } catch (error) {
        if (!isPassing(error as NodeJS.ErrnoException))
          return this.#giveUp(error as NodeJS.ErrnoException, bytes.length - at);
        if (!this.#recover(error as NodeJS.ErrnoException, bytes.length - at)) return undefined;
        continue;
      }
      at += taken;
      this.#writtenBytes = at;
      if (at === bytes.length) break;
      if (this.#isLate()) return undefined;
      if (taken > 0) {
        pause = PAUSE_MILLIS_MIN;
      } else {
        this.#pause(pause);
        pause = Math.min(pause * 2, PAUSE_MILLIS_MAX);
      }
    }
    return true;
  }

  /** Opens the destination, trying again until that works. Undefined when told to stop. */
  #openSink(): SinkState | undefined {
    const { sink } = this.#parts;
    for (;;) {
      if (this.#mustStop()) return undefined;
      try {
        sink.open(this.#writtenBytes > 0);
        return sink.state();
      } catch (error) {
        this.#report(error as NodeJS.ErrnoException, "Cannot open");
        sink.close();
        if (this.#isLate()) return undefined;
        this.#pause(this.#nextRetry());
      }
    }
  }

  /** The destination will never take it: the batch is counted as failed. */
  #giveUp(error: NodeJS.ErrnoException, bytesLeft: number): false {
    this.#failure = errorTypeOf(error);
    this.#parts.report(
      `Cannot write ${bytesLeft} bytes to ${this.#parts.sink.target}: ${error.code ?? error.message}; the records of the batch are counted as export_failed`,
    );
    return false;
  }

  /** Waits before a write is tried again, and opens the destination again where that may help. False when told to stop. */
  #recover(error: NodeJS.ErrnoException, bytesLeft: number): boolean {
    this.#report(error, `Cannot write ${bytesLeft} bytes to`);
    if (this.#isLate()) return false;
    this.#pause(this.#nextRetry());
    if (!REOPENING.has(error.code ?? "")) return true;
    this.#parts.sink.close();
    return this.#openSink() !== undefined;
  }

  #retryMillis = RETRY_MILLIS_MIN;

  #nextRetry(): number {
    const now = this.#retryMillis;
    this.#retryMillis = Math.min(now * 2, RETRY_MILLIS_MAX);
    return now;
  }

  #report(error: NodeJS.ErrnoException, what: string): void {
    this.#parts.report(
      `${what} ${this.#parts.sink.target}: ${error.code ?? error.message}; the records wait in the queue`,
    );
  }

  #sync(rendered: RenderedBatch): void {
    this.#retryMillis = RETRY_MILLIS_MIN;
    const { fsync, sink } = this.#parts;
    if (fsync === "never" || (fsync === "error" && rendered.severityMax < ERROR_SEVERITY)) return;
    try {
      sink.sync();
    } catch (error) {
      this.#parts.report(`Cannot sync ${sink.target}: ${(error as Error).message}`);
    }
  }

  #reopenIfAsked(): void {
    const requested = Atomics.load(this.#words, this.#control + REOPEN_REQUESTED_WORD);
    if (requested === this.#words[this.#control + REOPEN_SERVED_WORD]) return;
    // A batch that is half written is finished where it was begun.
    if (this.#writtenBytes > 0) return;
    this.#parts.sink.close();
    if (this.#openSink() === undefined) return;
    Atomics.store(this.#words, this.#control + REOPEN_SERVED_WORD, requested);
    Atomics.notify(this.#words, this.#control + REOPEN_SERVED_WORD);
  }

  #mustStop(): boolean {
    if (Atomics.load(this.#words, this.#control + STOP_WORD) === END_NOW) return true;
    return !this.#parts.ownership.isOwner;
  }

  /** True when the time is over: a destination that takes something is tried all the same, one that does not is left. */
  #isLate(): boolean {
    return performance.now() >= this.#deadline;
  }

  #pause(millis: number): void {
    const word = this.#control + STOP_WORD;
    const left = Math.max(0, this.#deadline - performance.now());
    Atomics.wait(this.#words, word, Atomics.load(this.#words, word), Math.min(millis, left));
  }
}
