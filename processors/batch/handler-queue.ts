import { threadId } from "node:worker_threads";
import { handlerWord, type Arena } from "../queue/arena.ts";
import { announceRetired } from "../queue/consumer-state.ts";
import { HANDLER_LEVEL, HANDLER_THREAD } from "../queue/layout.ts";
import {
  CLOSED_WORD,
  CONSUMER_ENDED,
  CONSUMER_STATE_WORD,
  readGeometry,
  RUN,
  STOP_WORD,
  type QueueGeometry,
} from "../queue/queue-layout.ts";
import { wakeConsumer } from "../queue/threads.ts";
import { HandlerCounts } from "./handler-counts.ts";
import { Ownership } from "../worker/ownership.ts";

/** A handler's queue, as the thread sees it that looks after the handler: what can be told and asked by words of shared memory. */
export class HandlerQueue {
  readonly arena: Arena;
  readonly slot: number;
  readonly geometry: QueueGeometry;
  readonly counts: HandlerCounts;
  /** First word of the control block. */
  protected readonly control: number;

  constructor(arena: Arena, slot: number) {
    this.arena = arena;
    this.slot = slot;
    this.geometry = readGeometry(arena.words, slot);
    this.counts = new HandlerCounts(arena, this.geometry);
    this.control = this.geometry.at / 4;
  }

  /** True when the handler refuses records: it was shut down. */
  get isClosed(): boolean {
    return Atomics.load(this.arena.words, this.control + CLOSED_WORD) === 1;
  }

  /** Takes the handler over from a thread that has ended. False where another thread has. */
  takeFrom(deadThread: number): boolean {
    const word = handlerWord(this.slot) + HANDLER_THREAD;
    return Atomics.compareExchange(this.arena.words, word, deadThread, threadId) === deadThread;
  }

  /** Makes the queue one that a new consumer can work on: the one before is known to be dead. */
  protected reopen(): void {
    const { arena, control } = this;
    announceRetired(arena.words, { control, epoch: Ownership.currentEpoch(arena, this.geometry) });
    Atomics.store(arena.words, control + STOP_WORD, RUN);
  }

  /** True when the thread that began the write under way is gone: nobody will end it. False where that cannot be known. */
  get isWriterGone(): boolean {
    return new Ownership(this.arena, this.geometry).isWriterGone;
  }

  setLevel(severity: number): void {
    this.arena.words[handlerWord(this.slot) + HANDLER_LEVEL] = severity;
  }

  get level(): number {
    return this.arena.words[handlerWord(this.slot) + HANDLER_LEVEL] as number;
  }

  /** Records in the queue or under way. */
  get queuedCount(): number {
    return this.counts.queued;
  }

  /** Tells the consumer to end: at once (`END_NOW`), or when the queue is empty (`DRAIN_AND_END`). */
  demand(stop: number): void {
    Atomics.store(this.arena.words, this.control + STOP_WORD, stop);
    Atomics.notify(this.arena.words, this.control + STOP_WORD);
    this.wake();
  }

  /** Wakes the consumer, wherever it is. */
  wake(): void {
    wakeConsumer(this.arena, this.slot);
  }

  /** Refuses records from now on: they are counted as `already_shutdown`. */
  close(): void {
    Atomics.store(this.arena.words, this.control + CLOSED_WORD, 1);
  }

  /** Counts what is left as `exit_deadline`. Only when the consumer has ended, or will count nothing more. Returns the count. */
  countLeft(): number {
    return this.counts.countLeft();
  }

  /** True when the consumer has said that it has ended. */
  get hasEnded(): boolean {
    return Atomics.load(this.arena.words, this.control + CONSUMER_STATE_WORD) === CONSUMER_ENDED;
  }
}
