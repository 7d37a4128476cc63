import {
  CONSUMER_BEAT_WORD,
  CONSUMER_ENDED,
  CONSUMER_RUNNING,
  CONSUMER_STARTING,
  CONSUMER_STATE_WORD,
  DRAIN_AND_END,
  END_NOW,
} from "../queue/queue-layout.ts";
import type { HandlerEngine } from "./handler-engine.ts";
import { blockUntilReached, hasReached, requestFlush, servedWord } from "./wait.ts";

/** How long one handler is waited for before the others are looked after. */
const SLICE_MILLIS = 20;
/** A thread that writes and shows no progress for so long after it was woken is presumed dead. Fenced: being wrong harms nothing. */
const SILENCE_MILLIS = 150;
/** The same for a thread that waits for a network, where being wrong sends records twice. */
const NETWORK_SILENCE_MILLIS = 500;
/** How long a consumer that was told to end at once may take to say so. */
const END_MILLIS = 100;

/** The end of the process, as one handler goes through it. All are begun before any is waited for: they drain side by side. */
export class HandlerExit {
  readonly engine: HandlerEngine;
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #ticket: number;
  readonly #deadline: number;
  #beat: number;
  #queued: number;
  #silentSince = performance.now();
  #isReplaced = false;

  constructor(engine: HandlerEngine) {
    this.engine = engine;
    this.#words = engine.arena.words;
    this.#control = engine.geometry.at / 4;
    this.#deadline = performance.now() + engine.settings.exitTimeoutMillis;
    // A thread that waits for a network is to end: it waits for no resource and no full batch any more.
    if (!engine.isLocal && !engine.isBlockingKind) engine.demand(DRAIN_AND_END);
    this.#ticket = requestFlush(this.#words, this.#control);
    this.#beat = this.#beatNow;
    this.#queued = engine.queuedCount;
    engine.wake();
  }

  /** Waits a moment for the handler. Returns true when there is nothing more to wait for, or no more time. */
  advance(): boolean {
    const { engine } = this;
    // A worker that is not up yet: this thread is faster.
    if (engine.isBlockingKind && this.#state === CONSUMER_STARTING) engine.takeOver(false);
    const isDone = engine.isLocal ? this.#drainHere() : this.#waitForWorker();
    return isDone || performance.now() >= this.#deadline;
  }

  /** From now on records are written at once, or refused: nobody will come for them. Returns what had to be left. */
  finish(): { readonly leftCount: number; readonly isStuck: boolean } {
    const { engine } = this;
    if (engine.isPassedOn) {
      // Another thread goes on with it, and has what is left.
      if (engine.isBlockingKind) engine.takeOver(false);
      return { leftCount: 0, isStuck: false };
    }
    if (engine.queuedCount === 0) {
      if (!engine.isBlockingKind || !engine.takeOver(false)) engine.close();
      return { leftCount: 0, isStuck: false };
    }
    engine.close();
    const isStuck = !this.#endNow();
    return { leftCount: engine.countLeft(), isStuck };
  }

  get #state(): number {
    return Atomics.load(this.#words, this.#control + CONSUMER_STATE_WORD);
  }

  get #beatNow(): number {
    return Atomics.load(this.#words, this.#control + CONSUMER_BEAT_WORD);
  }

  get #isServed(): boolean {
    return hasReached(Atomics.load(this.#words, servedWord(this.#control)), this.#ticket);
  }

  /** A worker with an empty queue may end as it was told to before it sees the flush: nobody would answer that one. */
  get #isOver(): boolean {
    if (this.#isServed) return true;
    return this.#state === CONSUMER_ENDED && this.engine.queuedCount === 0;
  }

  /** True when nothing is left; also where exporting needs an event loop, which there is no more. */
  #drainHere(): boolean {
    const { engine } = this;
    if (!engine.isBlockingKind) return true;
    return engine.local?.drain(Math.min(this.#deadline, performance.now() + SLICE_MILLIS)) ?? true;
  }

  #waitForWorker(): boolean {
    if (this.#isOver) return true;
    const word = servedWord(this.#control);
    Atomics.wait(this.#words, word, Atomics.load(this.#words, word), SLICE_MILLIS);
    if (this.#isOver) return true;
    this.#checkProgress();
    return false;
  }

  /** How long a worker that waits for a network may be silent, or take to come up: half of the time there is, for its successor the rest. */
  get #patienceMillis(): number {
    return Math.max(NETWORK_SILENCE_MILLIS, this.engine.settings.exitTimeoutMillis / 2);
  }

  /** Takes over from, or replaces, a worker that is dead, or shows no progress. */
  #checkProgress(): void {
    const { engine } = this;
    const beat = this.#beatNow;
    const queued = engine.queuedCount;
    if (beat !== this.#beat || queued !== this.#queued) this.#silentSince = performance.now();
    this.#beat = beat;
    this.#queued = queued;
    const isDead = engine.isWorkerDead;
    const silentMillis = performance.now() - this.#silentSince;
    if (engine.isBlockingKind) {
      if (isDead || silentMillis >= SILENCE_MILLIS) engine.takeOver(isDead || engine.isWriterGone);
      return;
    }
    if (this.#isReplaced || !(isDead || silentMillis >= this.#patienceMillis)) return;
    this.#isReplaced = true;
    engine.supervisor?.replace();
  }

  /** Tells the consumer to end, and waits a moment: what it still delivers is not left. False when it is stuck. */
  #endNow(): boolean {
    const { engine } = this;
    engine.demand(END_NOW);
    if (engine.isLocal || this.#state !== CONSUMER_RUNNING) return true;
    const hasEnded = blockUntilReached(this.#words, {
      word: this.#control + CONSUMER_STATE_WORD,
      ticket: CONSUMER_ENDED,
      deadline: performance.now() + END_MILLIS,
      onSlice: () => true,
    });
    // A thread that waits for a network can always be ended.
    return hasEnded || !engine.isBlockingKind;
  }
}
