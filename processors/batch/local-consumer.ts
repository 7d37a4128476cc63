import type { Arena } from "../queue/arena.ts";
import { ASLEEP, readGeometry, SLEEP_WORD, WAKE_WORD } from "../queue/queue-layout.ts";
import { epochMillis } from "../shape/clock.ts";
import type { BlockingPump } from "../worker/blocking-pump.ts";
import type { EventPump } from "../worker/event-pump.ts";
import type { LocalConsumer } from "./route.ts";

/** A consumer on the application's own thread, and how a flush goes there. */
export interface LocalHandler extends LocalConsumer {
  /** Exports what can be exported without an event loop, until the deadline. True when nothing is left. */
  drain(deadline: number): boolean;
  /** True while a filter has something left to tell. */
  readonly hasSummaries: boolean;
  /** Stops listening to other threads. */
  stop(): void;
}

/** Between two tries at a destination that took nothing. */
const RETRY_MILLIS = 50;
const TIMER_MILLIS_MAX = 2_147_483_647;
/** Between two looks at the clock, for destinations that go by it. */
const CLOCK_MILLIS_MIN = 5;
const CLOCK_MILLIS_MAX = 60_000;

/**
 * Writes each record when it is logged: for command-line tools, exit listeners, and where threads are not allowed. A
 * destination that takes nothing holds up one call, for `blockMillis`; until it takes something again the others only try.
 */
export class InlineHandler implements LocalHandler {
  readonly #pump: BlockingPump;
  readonly #blockMillis: number;
  readonly #listener: WakeListener;
  #isPumping = false;
  #isStalled = false;
  #retry: NodeJS.Timeout | undefined;
  #summary: NodeJS.Timeout | undefined;
  #due: NodeJS.Timeout | undefined;

  constructor(
    arena: Arena,
    parts: { readonly pump: BlockingPump; readonly handlerSlot: number; readonly blockMillis: number },
  ) {
    this.#pump = parts.pump;
    this.#blockMillis = parts.blockMillis;
    this.#listener = new WakeListener(arena, {
      handlerSlot: parts.handlerSlot,
      onWake: () => this.#tryNow(),
    });
    this.#watchClock();
  }

  published(): void {
    this.makeRoom();
  }

  makeRoom(): boolean {
    return this.drain(performance.now() + (this.#isStalled ? 0 : this.#blockMillis));
  }

  get hasSummaries(): boolean {
    return this.#pump.summaryDueAt !== Number.POSITIVE_INFINITY;
  }

  drain(deadline: number): boolean {
    // What a destination's error handling logs is written with the batch after.
    if (this.#isPumping) return false;
    this.#isPumping = true;
    try {
      const isEmpty = this.#pump.drain(deadline);
      this.#isStalled = !isEmpty;
      if (!isEmpty) this.#retry ??= setTimeout(() => this.#tryNow(), RETRY_MILLIS).unref();
      if (this.hasSummaries) this.#awaitSummary();
      return isEmpty;
    } finally {
      this.#isPumping = false;
    }
  }

  stop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#summary);
    clearTimeout(this.#due);
    this.#listener.stop();
    this.#pump.close();
  }

  /** No thread comes by when the time of a summary is over. */
  #awaitSummary(): void {
    const millis = Math.max(0, this.#pump.summaryDueAt - epochMillis());
    this.#summary ??= setTimeout(
      () => {
        this.#summary = undefined;
        this.#tryNow();
      },
      Math.min(millis + 1, TIMER_MILLIS_MAX),
    ).unref();
  }

  #tryNow(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.drain(performance.now());
  }

  /** Destinations may have something to do by the clock. Keeps no event loop alive. */
  #watchClock(): void {
    const millis = this.#pump.dueInMillis();
    if (millis === Number.POSITIVE_INFINITY) return;
    const look = (): void => {
      this.#tryNow();
      this.#watchClock();
    };
    this.#due = setTimeout(look, Math.min(Math.max(millis, CLOCK_MILLIS_MIN), CLOCK_MILLIS_MAX)).unref();
  }
}

/** Exports from the application's event loop: for exporter instances, and network handlers that have no thread. */
export class EventHandler implements LocalHandler {
  readonly #pump: EventPump;
  #isKicked = false;

  constructor(pump: EventPump) {
    this.#pump = pump;
  }

  published(isUrgent: boolean): void {
    if (isUrgent) this.#pump.hurry();
    if (this.#isKicked) return;
    this.#isKicked = true;
    queueMicrotask(() => {
      this.#isKicked = false;
      this.#pump.kick();
    });
  }

  makeRoom(): boolean {
    return false;
  }

  drain(): boolean {
    return false;
  }

  get hasSummaries(): boolean {
    return this.#pump.hasSummaries;
  }

  stop(): void {
    this.#pump.kick();
  }
}

/** Hears of records that other threads publish. Keeps no event loop alive. */
class WakeListener {
  readonly #words: Int32Array;
  readonly #wakeWord: number;
  readonly #sleepWord: number;
  readonly #onWake: () => void;
  #isStopped = false;

  constructor(arena: Arena, parts: { readonly handlerSlot: number; readonly onWake: () => void }) {
    const control = readGeometry(arena.words, parts.handlerSlot).at / 4;
    this.#words = arena.words;
    this.#wakeWord = control + WAKE_WORD;
    this.#onWake = parts.onWake;
    this.#sleepWord = control + SLEEP_WORD;
    void this.#listen();
  }

  stop(): void {
    this.#isStopped = true;
    Atomics.notify(this.#words, this.#wakeWord);
  }

  async #listen(): Promise<void> {
    while (!this.#isStopped) {
      // Each time: whoever wakes sets it to AWAKE. What was published before is found by the look after the wait.
      Atomics.store(this.#words, this.#sleepWord, ASLEEP);
      const wake = Atomics.load(this.#words, this.#wakeWord);
      const result = Atomics.waitAsync(this.#words, this.#wakeWord, wake);
      if (result.async) await result.value;
      if (!this.#isStopped) this.#onWake();
    }
  }
}
