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
  #flushSeen: number;

  constructor(
    words: Int32Array,
    place: {
      readonly control: number;
      readonly hasWork: () => boolean;
      /** In how many ms there is something to do though nothing is logged; Infinity for never. */
      readonly dueInMillis: () => number;
    },
  ) {
    this.#words = words;
    this.#control = place.control;
    this.#hasWork = place.hasWork;
    this.#dueInMillis = place.dueInMillis;
    this.#flushSeen = Atomics.load(words, place.control + FLUSH_REQUESTED_WORD);
  }

  /** Returns when there is a record, a flush, a reopening, a stop, or something due by the clock to attend to. */
  untilWork(): void {
    for (let step = 0; step < LINGER_STEPS; step++)
      if (this.#wait(LINGERING, LINGER_STEP_MILLIS)) return this.#rise();
    if (this.#wait(ASLEEP, SECOND_LOOK_MILLIS)) return this.#rise();
    while (!this.#wait(ASLEEP, DEEP_SLEEP_MILLIS));
    this.#rise();
  }

  /** Waits a while longer for more records, unless something is urgent. */
  gather(millis: number): void {
    Atomics.store(this.#words, this.#control + SLEEP_WORD, LINGERING);
    const wake = Atomics.load(this.#words, this.#control + WAKE_WORD);
    if (!this.#isUrgent()) Atomics.wait(this.#words, this.#control + WAKE_WORD, wake, millis);
    this.#rise();
  }

  #rise(): void {
    Atomics.store(this.#words, this.#control + SLEEP_WORD, AWAKE);
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
      Atomics.load(words, control + FLUSH_REQUESTED_WORD) !== this.#flushSeen ||
      Atomics.load(words, control + REOPEN_REQUESTED_WORD) !== words[control + REOPEN_SERVED_WORD]
    );
  }
}
