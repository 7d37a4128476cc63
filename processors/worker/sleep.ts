import {
  ASLEEP,
  AWAKE,
  FLUSH_REQUESTED_WORD,
  LINGERING,
  REOPEN_REQUESTED_WORD,
  REOPEN_SERVED_WORD,
  RUN,
  SLEEP_WORD,
  STOP_WORD,
  URGENT_WORD,
  WAKE_WORD,
} from "../queue/queue-layout.ts";

const LINGER_STEP_MILLIS = 5;
const LINGER_STEPS = 10;
const SECOND_LOOK_MILLIS = 2;
const DEEP_SLEEP_MILLIS = 1000;

/**
 * How a worker waits that may block: it polls for 50 ms, since waking a sleeping thread costs the caller some
 * microseconds, and says that it must be woken only then. After saying so it looks a second time, 2 ms later: a
 * producer reads the word without a fence, and what it published before has arrived by then.
 */
export class Sleep {
  readonly #words: Int32Array;
  readonly #control: number;
  readonly #hasWork: () => boolean;
  readonly #dueInMillis: () => number;
  readonly #isBatchDue: () => boolean;
  #flushSeen: number;

  constructor(
    words: Int32Array,
    place: {
      readonly control: number;
      readonly hasWork: () => boolean;
      /** In how many ms there is something to do though nothing is logged; Infinity for never. */
      readonly dueInMillis: () => number;
      /** Whether what is there goes out though more may come: looked at once a second while more is waited for. */
      readonly isBatchDue?: () => boolean;
    },
  ) {
    this.#words = words;
    this.#control = place.control;
    this.#hasWork = place.hasWork;
    this.#dueInMillis = place.dueInMillis;
    this.#isBatchDue = place.isBatchDue ?? (() => false);
    this.#flushSeen = Atomics.load(words, place.control + FLUSH_REQUESTED_WORD);
  }

  /**
   * Returns when there is a record, a flush, a reopening, a stop, or something due by the clock to attend to.
   * @param gatherMillis How long more records are waited for once there is one; nothing urgent waits for that.
   */
  untilWork(gatherMillis = 0): void {
    this.#untilSomething();
    if (gatherMillis > 0) this.#gather(gatherMillis);
    this.#rise();
  }

  #untilSomething(): void {
    for (let step = 0; step < LINGER_STEPS; step++) if (this.#wait(LINGERING, LINGER_STEP_MILLIS)) return;
    if (this.#wait(ASLEEP, SECOND_LOOK_MILLIS)) return;
    while (!this.#wait(ASLEEP, DEEP_SLEEP_MILLIS));
  }

  /** Waits for more records. Whoever wakes a lingering thread has something urgent, or needs room. */
  #gather(millis: number): void {
    const words = this.#words;
    const wakeWord = this.#control + WAKE_WORD;
    const end = performance.now() + millis;
    for (let left = millis; left > 0; left = end - performance.now()) {
      Atomics.store(words, this.#control + SLEEP_WORD, LINGERING);
      const wake = Atomics.load(words, wakeWord);
      if (this.#isUrgent() || this.#isBatchDue()) return;
      const lookMillis = Math.min(left, DEEP_SLEEP_MILLIS, this.#dueInMillis());
      if (lookMillis <= 0 || Atomics.wait(words, wakeWord, wake, lookMillis) !== "timed-out") return;
    }
  }

  /** Before the next look at the queue, which finds what any of these words was raised for. */
  #rise(): void {
    Atomics.store(this.#words, this.#control + SLEEP_WORD, AWAKE);
    Atomics.store(this.#words, this.#control + URGENT_WORD, 0);
    this.#flushSeen = Atomics.load(this.#words, this.#control + FLUSH_REQUESTED_WORD);
  }

  /** Waits once, and says before how: whoever woke this thread has set the word to AWAKE. True when there is something to do. */
  #wait(state: number, millis: number): boolean {
    Atomics.store(this.#words, this.#control + SLEEP_WORD, state);
    const wakeWord = this.#control + WAKE_WORD;
    const wake = Atomics.load(this.#words, wakeWord);
    if (this.#isUrgent() || this.#hasWork()) return true;
    Atomics.wait(this.#words, wakeWord, wake, Math.min(millis, this.#dueInMillis()));
    return this.#isUrgent() || this.#hasWork() || this.#dueInMillis() === 0;
  }

  #isUrgent(): boolean {
    const words = this.#words;
    const control = this.#control;
    return (
      Atomics.load(words, control + STOP_WORD) !== RUN ||
      Atomics.load(words, control + URGENT_WORD) !== 0 ||
      Atomics.load(words, control + FLUSH_REQUESTED_WORD) !== this.#flushSeen ||
      Atomics.load(words, control + REOPEN_REQUESTED_WORD) !== words[control + REOPEN_SERVED_WORD]
    );
  }
}
