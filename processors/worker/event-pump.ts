import type { Arena } from "../queue/arena.ts";
import { queuedCount } from "../queue/counters.ts";
import { OTHER_NAME } from "../queue/export-layout.ts";
import {
  ASLEEP,
  AWAKE,
  CONSUMER_BEAT_WORD,
  DRAIN_AND_END,
  END_NOW,
  FLUSH_REQUESTED_WORD,
  GATHER_WORD,
  LINGERING,
  RUN,
  SLEEP_WORD,
  STOP_WORD,
  URGENT_WORD,
  WAKE_WORD,
} from "../queue/queue-layout.ts";
import { OutputBuffer } from "../shape/output.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import type { Consumer } from "./consumer.ts";
import { safeCount, type BatchOutcome, type RenderedBatch } from "./rendered-batch.ts";
import { RESOURCE_LOOK_MILLIS, RESOURCE_WAIT_MILLIS } from "./resource-wait.ts";

const SAFETY_LOOK_MILLIS = 1000;
const BEAT_MILLIS = 50;
/** Most segments that a thread fills without waking a consumer that waits for a full batch: records may get shorter on the way. */
const GATHER_SEGMENTS_MAX = 8;

/** What an event pump is made of. */
export interface EventPumpParts {
  readonly arena: Arena;
  readonly consumer: Consumer;
  readonly exporter: BatchExporter;
  readonly maxExportBatchSize: number;
  readonly maxExportBatchBytes: number;
  readonly scheduledDelayMillis: number;
  /** Batches under way at the same time. */
  readonly maxConcurrentExports: number;
  /** Whether the pump keeps its event loop alive: in a worker yes, on the application's thread no. */
  readonly keepsAlive: boolean;
  /** Whether this consumer still owns the handler. */
  readonly isOwner: () => boolean;
}

/**
 * Brings batches from a handler's queue to an exporter that waits for a network: on the event loop of the handler's
 * worker, or of the application. A batch goes out when it is full, when the delay is over, when something flushes or
 * an error comes; several may be under way.
 */
export class EventPump {
  readonly #parts: EventPumpParts;
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #abort = new AbortController();
  /** Memory for the bytes of batches, used again: as many as there were ever under way. */
  readonly #outputs: OutputBuffer[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #wakeUp: (() => void) | undefined;
  #waiting: Promise<unknown> | undefined;
  #waitingSince: number | undefined;
  #underWayRecords = 0;
  #resourceDeadline: number | undefined;
  #isUrgent = false;
  /** Somebody wants another look, since the last one began. */
  #isKicked = false;
  #beatTimer: NodeJS.Timeout | undefined;

  constructor(parts: EventPumpParts) {
    this.#parts = parts;
    this.#words = parts.arena.words;
    this.#control = parts.consumer.geometry.at / 4;
  }

  /** Pumps until the stop word says otherwise. Resolves when the exporter is closed. */
  async run(): Promise<void> {
    const timer = setInterval(() => this.kick(), SAFETY_LOOK_MILLIS);
    if (!this.#parts.keepsAlive) timer.unref();
    try {
      for (;;) {
        this.#beat();
        // Both before anything is looked at: what changes after it ends the wait at once.
        this.#isKicked = false;
        const wake = Atomics.load(this.#words, this.#control + WAKE_WORD);
        const stop = Atomics.load(this.#words, this.#control + STOP_WORD);
        if (stop === END_NOW || !this.#parts.isOwner()) break;
        if (await this.#startBatch(stop === DRAIN_AND_END)) continue;
        // The last batch may have come back while this one was being refused.
        const isIdle = this.#underWay.size === 0 && !this.#parts.consumer.hasWork;
        if (stop === DRAIN_AND_END && isIdle) break;
        await this.#untilWork(wake);
      }
    } finally {
      clearInterval(timer);
      await this.#end();
    }
  }

  #beat(): void {
    this.#words[this.#control + CONSUMER_BEAT_WORD]!++;
  }

  /** Looks again now: a record was published on this thread, or something else has changed. */
  kick(): void {
    this.#isKicked = true;
    this.#wakeUp?.();
  }

  /** True while a filter has something left to tell. */
  get hasSummaries(): boolean {
    return this.#parts.consumer.summaryDueAt !== Number.POSITIVE_INFINITY;
  }

  /** Makes the next batch go out without waiting for the delay. */
  hurry(): void {
    this.#isUrgent = true;
    this.kick();
  }

  async #end(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#underWay);
    await this.#parts.exporter.close();
  }

  /** Takes a batch and sends it off, if it is time and there is room. */
  async #startBatch(isEnding: boolean): Promise<boolean> {
    const { consumer } = this.#parts;
    consumer.serveFlushes();
    if (this.#underWay.size >= this.#parts.maxConcurrentExports || !this.#isDue(isEnding)) return false;
    await this.#untilResourceKnown();
    // Holds until nothing waits: what is urgent may stand behind a whole batch.
    if (Atomics.exchange(this.#words, this.#control + URGENT_WORD, 0) !== 0) this.#isUrgent = true;
    const output = this.#outputs.pop() ?? new OutputBuffer();
    const rendered = consumer.collect(output);
    this.#waitingSince = undefined;
    if (!consumer.reader.hasMore()) this.#isUrgent = false;
    if (rendered === undefined) {
      this.#outputs.push(output);
      consumer.serveFlushes();
      return false;
    }
    this.#send(rendered, output);
    return true;
  }

  #send(rendered: RenderedBatch, output: OutputBuffer): void {
    const { consumer, exporter } = this.#parts;
    // A peer that takes its time is no reason to replace this consumer: it shows that it lives.
    if (this.#parts.keepsAlive) this.#beatTimer ??= setInterval(() => this.#beat(), BEAT_MILLIS);
    this.#underWayRecords += rendered.batch.recordCount;
    consumer.exports.begin(rendered.batch.serial, rendered.recordCount);
    const settled = exporter
      .export(rendered, this.#abort.signal)
      .catch((): BatchOutcome => ({
        delivered: 0,
        rejected: 0,
        failed: rendered.recordCount,
        reason: OTHER_NAME,
      }))
      .then((outcome) => {
        // A consumer that was replaced counts and frees nothing: its successor exports these records again. What was
        // broken off is left to be counted by whoever broke it off.
        const isWhole = !this.#abort.signal.aborted || safeCount(outcome) === rendered.recordCount;
        if (isWhole && this.#parts.isOwner()) consumer.settle(rendered, outcome);
        this.#underWayRecords -= rendered.batch.recordCount;
        this.#outputs.push(output);
        this.#underWay.delete(settled);
        if (this.#underWay.size === 0) this.#stopBeating();
        this.kick();
      });
    this.#underWay.add(settled);
  }

  #stopBeating(): void {
    clearInterval(this.#beatTimer);
    this.#beatTimer = undefined;
  }

  #isDue(isEnding: boolean): boolean {
    if (this.#parts.consumer.hasSummaries || this.#parts.consumer.mustLetGo) return true;
    if (!this.#parts.consumer.reader.hasMore()) return false;
    this.#waitingSince ??= performance.now();
    if (isEnding || this.#isUrgent || this.#parts.consumer.isFlushing) return true;
    if (Atomics.load(this.#words, this.#control + URGENT_WORD) !== 0) return true;
    return this.#isFull() || performance.now() - this.#waitingSince >= this.#parts.scheduledDelayMillis;
  }

  /** Records that no batch holds yet. */
  #waitingCount(): number {
    const { arena, consumer } = this.#parts;
    return queuedCount(arena, consumer.geometry) - this.#underWayRecords;
  }

  #isFull(): boolean {
    const { consumer, maxExportBatchSize, maxExportBatchBytes } = this.#parts;
    return this.#waitingCount() >= maxExportBatchSize || consumer.reader.unreadBytes() >= maxExportBatchBytes;
  }

  async #untilResourceKnown(): Promise<void> {
    const { reader, shapes } = this.#parts.consumer;
    while (shapes.hasPendingResource(reader.openedLanes())) {
      this.#resourceDeadline ??= performance.now() + RESOURCE_WAIT_MILLIS;
      const isStopping = Atomics.load(this.#words, this.#control + STOP_WORD) !== RUN;
      if (isStopping || performance.now() > this.#resourceDeadline) return;
      await this.#pause(RESOURCE_LOOK_MILLIS);
    }
  }

  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      if (!this.#parts.keepsAlive) timer.unref();
    });
  }

  /** Sleeps until a record, a flush, a stop, an answer, or the time for the next batch comes. */
  async #untilWork(wake: number): Promise<void> {
    const { consumer } = this.#parts;
    const hasMore = consumer.reader.hasMore();
    const sleepWord = this.#control + SLEEP_WORD;
    // Before it is said that this consumer waits: who opens a segment from then on counts.
    Atomics.store(this.#words, this.#control + GATHER_WORD, hasMore ? this.#segmentsToGather() : 0);
    Atomics.store(this.#words, sleepWord, hasMore ? LINGERING : ASLEEP);
    const flushes = Atomics.load(this.#words, this.#control + FLUSH_REQUESTED_WORD);
    // Looked for after it was said that this consumer waits: from then on an error wakes it.
    const isQuiet = hasMore ? !this.#isHurried() : !consumer.reader.hasMore();
    if (isQuiet && !this.#isKicked) await this.#wait(wake, hasMore);
    Atomics.store(this.#words, sleepWord, AWAKE);
    const isFlushed = Atomics.load(this.#words, this.#control + FLUSH_REQUESTED_WORD) !== flushes;
    if (isFlushed) consumer.serveFlushes();
  }

  /**
   * How many segments will be opened before a batch is full, if records stay as long as they are: the caller pays for waking this thread,
   * and a look before that finds nothing to do. A queue is never filled meanwhile.
   */
  #segmentsToGather(): number {
    const { consumer, maxExportBatchSize, maxExportBatchBytes } = this.#parts;
    const { segmentBytes, segmentCount } = consumer.geometry;
    const waitingCount = this.#waitingCount();
    const waitingBytes = consumer.reader.unreadBytes();
    const recordBytes = waitingBytes / Math.max(1, waitingCount);
    const bytesLeft = Math.min(
      maxExportBatchBytes - waitingBytes,
      (maxExportBatchSize - waitingCount) * recordBytes,
    );
    const most = Math.min(GATHER_SEGMENTS_MAX, segmentCount >> 2);
    return Math.max(1, Math.min(most, Math.ceil(bytesLeft / segmentBytes)));
  }

  /** An error came, and there is room for one more batch under way. */
  #isHurried(): boolean {
    const isBusy = this.#underWay.size >= this.#parts.maxConcurrentExports;
    return !isBusy && Atomics.load(this.#words, this.#control + URGENT_WORD) !== 0;
  }

  #wait(wake: number, hasMore: boolean): Promise<void> {
    return new Promise((resolve) => {
      const waited = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
      const delay = this.#parts.scheduledDelayMillis - waited;
      const isBusy = this.#underWay.size >= this.#parts.maxConcurrentExports;
      const timer = hasMore && !isBusy ? setTimeout(() => this.kick(), Math.max(0, delay)) : undefined;
      if (!this.#parts.keepsAlive) timer?.unref();
      this.#wakeUp = () => {
        this.#wakeUp = undefined;
        clearTimeout(timer);
        resolve();
      };
      this.#listen(wake);
    });
  }

  /** Waits for the wake word without a time-out: one with a time-out would leave its timer behind. */
  #listen(wake: number): void {
    if (this.#waiting !== undefined) {
      if (Atomics.load(this.#words, this.#control + WAKE_WORD) !== wake) this.kick();
      return;
    }
    const result = Atomics.waitAsync(this.#words, this.#control + WAKE_WORD, wake);
    if (!result.async) {
      this.kick();
      return;
    }
    this.#waiting = result.value.then(() => {
      this.#waiting = undefined;
      this.kick();
    });
  }
}
