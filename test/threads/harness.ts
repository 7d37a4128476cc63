import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { onTestFinished } from "vitest";

import { createArena, type Arena } from "../../processors/queue/arena.ts";
import { readStats, type HandlerStats } from "../../processors/queue/counters.ts";
import { THREAD_COUNT, THREAD_FREE, THREAD_STATE } from "../../processors/queue/layout.ts";
import { readGeometry, SEGMENT_HEAD_BYTES } from "../../processors/queue/queue-layout.ts";
import { markThreadIdDead, threadWord } from "../../processors/queue/threads.ts";
import { announce, makeMeeting, START, STOP, type ProgramData } from "./meeting.ts";
import type { ConsumerData, ConsumerReport } from "./programs/consumer.ts";
import type { ProducerData, ProducerReport } from "./programs/producer.ts";

/** A program in a thread of its own. */
export class Program<Report> {
  readonly worker: Worker;
  /** `threadId`, also after the end. */
  readonly threadId: number;
  /** What the program says at its end. Rejects when it throws. */
  readonly report: Promise<Report>;
  /** Resolves when the thread has ended, in whatever way. */
  readonly ended: Promise<void>;

  constructor(name: string, data: ProgramData) {
    this.worker = new Worker(new URL(`./programs/${name}.ts`, import.meta.url), { workerData: data });
    this.threadId = this.worker.threadId;
    this.ended = new Promise((resolve) => {
      this.worker.once("exit", () => resolve());
    });
    this.report = once(this.worker, "message").then(([report]) => report as Report);
    // A program that is terminated never reports.
    this.report.catch(() => {});
    onTestFinished(async () => {
      await this.worker.terminate();
    });
  }
}

/** An arena with handlers, and the threads that write to and read from it. */
export class ThreadTest {
  readonly arena: Arena = createArena();
  readonly meeting: Int32Array = makeMeeting();

  get data(): ProgramData {
    return { memory: this.arena.memory, meeting: this.meeting.buffer as SharedArrayBuffer };
  }

  consumer(options: Omit<ConsumerData, keyof ProgramData>): Program<ConsumerReport> {
    const data: ConsumerData = { ...this.data, ...options };
    return this.#watched(new Program<ConsumerReport>("consumer", data));
  }

  /** A producer. It waits for `begin`. */
  producer(options: Omit<ProducerData, keyof ProgramData>): Program<ProducerReport> {
    const data: ProducerData = { ...this.data, ...options };
    const program = new Program<ProducerReport>("producer", data);
    return this.#watched(program);
  }

  /** When the thread has ended, it is marked dead, as the parent of a thread does it. */
  #watched<Report>(program: Program<Report>): Program<Report> {
    void program.ended.then(() => markThreadIdDead(this.arena, program.threadId));
    return program;
  }

  /** Resolves when these have done all they were to do, and their threads have ended. Rejects when one has failed. */
  async finished(producers: readonly Program<ProducerReport>[]): Promise<void> {
    await Promise.all(producers.map(async ({ report }) => await report));
    await Promise.all(producers.map(async ({ ended }) => await ended));
  }

  /** Lets the producers begin. */
  begin(): void {
    announce(this.meeting, START, 1);
  }

  /** Tells the consumers to end when all is read. */
  end(): void {
    announce(this.meeting, STOP, 1);
  }

  /** Resolves when a word of the meeting is at least `value`. */
  async until(word: number, value: number): Promise<void> {
    for (;;) {
      const now = Atomics.load(this.meeting, word);
      if (now >= value) return;
      const waiting = Atomics.waitAsync(this.meeting, word, now);
      // Holds the event loop open: a pending wait does not.
      if (waiting.async) await Promise.race([waiting.value, this.#immediate()]);
    }
  }

  async #immediate(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  stats(handlerSlot: number): HandlerStats {
    return readStats(this.arena, readGeometry(this.arena.words, handlerSlot));
  }

  /** Segments of a handler's queue that are in use. */
  usedSegments(handlerSlot: number): number {
    const geometry = readGeometry(this.arena.words, handlerSlot);
    let used = 0;
    for (let i = 0; i < geometry.segmentCount; i++) {
      if (this.arena.words[(geometry.headsAt + i * SEGMENT_HEAD_BYTES) / 4] !== 0) used++;
    }
    return used;
  }

  /** Slots of threads that are not free. */
  usedThreadSlots(): number[] {
    return Array.from({ length: THREAD_COUNT }, (_, slot) => slot).filter(
      (slot) => this.arena.words[threadWord(slot) + THREAD_STATE] !== THREAD_FREE,
    );
  }
}
