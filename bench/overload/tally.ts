/** What a sink has got, record by record. */
import { ROW_MASK, tables } from "../data.ts";
import { dueMillis, isSlow, type Schedule } from "./schedule.ts";

/** A record that is not later than this is one that did not wait in a full queue. */
const LAG_MILLIS_MAX = 250;
const SAMPLE_STRIDE = 997;

/** Totals of a sink. */
export interface TallyResult {
  /** Records of the test; each of them was the first with its number, and every 997th had the right values. */
  readonly received: number;
  /** Records that the handler has written about itself. */
  readonly others: number;
  readonly receivedWhileSlow: number;
  /** Milliseconds from when the sink was fast again until a record arrived in time. Undefined: none did. */
  readonly recoveredMillis?: number;
}

/** Values of a record as they have arrived. */
export type ReceivedValues = Readonly<Record<string, unknown>>;

/** Counts, and refuses what is there twice, out of order, or different from what was logged. */
export class Tally {
  readonly #schedule: Schedule;
  readonly #isOrdered: boolean;
  readonly #seen: Uint8Array;
  #last = -1;
  #received = 0;
  #others = 0;
  #receivedWhileSlow = 0;
  #recoveredMillis: number | undefined;

  /** @param isOrdered Whether records must arrive in the order in which they were logged. */
  constructor(schedule: Schedule, isOrdered: boolean) {
    this.#schedule = schedule;
    this.#isOrdered = isOrdered;
    this.#seen = new Uint8Array(schedule.count);
  }

  /** Records of the test so far. */
  get received(): number {
    return this.#received;
  }

  /** @throws {Error} The record is one that should not be there, or not so. */
  take(values: ReceivedValues, nowMillis: number): void {
    const index = values["seq"];
    if (index === undefined) {
      this.#others++;
      return;
    }
    if (typeof index !== "number" || this.#seen[index] !== 0) {
      throw new Error(`Record ${JSON.stringify(index)} is there twice, or was never logged`);
    }
    if (this.#isOrdered && index < this.#last) throw new Error(`Record ${index} came after ${this.#last}`);
    if (index % SAMPLE_STRIDE === 0) compare(index, values);
    this.#seen[index] = 1;
    this.#last = index;
    this.#received++;
    this.#takeTime(index, nowMillis);
  }

  result(): TallyResult {
    return {
      received: this.#received,
      others: this.#others,
      receivedWhileSlow: this.#receivedWhileSlow,
      ...(this.#recoveredMillis !== undefined && { recoveredMillis: this.#recoveredMillis }),
    };
  }

  #takeTime(index: number, nowMillis: number): void {
    const { slowUntilMillis } = this.#schedule;
    if (isSlow(this.#schedule, nowMillis)) this.#receivedWhileSlow++;
    if (this.#recoveredMillis !== undefined || nowMillis < slowUntilMillis) return;
    if (nowMillis - dueMillis(this.#schedule, index) <= LAG_MILLIS_MAX)
      this.#recoveredMillis = nowMillis - slowUntilMillis;
  }
}

function compare(index: number, values: ReceivedValues): void {
  const row = index & ROW_MASK;
  const expected = { path: tables.text[row], cached: tables.flag[row], ms: tables.double[row] };
  for (const [key, value] of Object.entries(expected)) {
    if (values[key] === value) continue;
    throw new Error(
      `Record ${index}: "${key}" is ${JSON.stringify(values[key])}, must be ${JSON.stringify(value)}`,
    );
  }
}
