import { nextRollover, type Schedule } from "./schedule.ts";

/** When the next rotation by the clock is due. It stands in shared memory: a thread that takes over goes on with it. */
export class RolloverClock {
  readonly #schedule: Schedule;
  readonly #due: Float64Array;

  /** @param due One number, in seconds since 1970; 0 for not yet known. */
  constructor(schedule: Schedule, due: Float64Array) {
    this.#schedule = schedule;
    this.#due = due;
  }

  /** Seconds since 1970; 0 until the file has been met. */
  get dueAt(): number {
    return this.#due[0] as number;
  }

  get isOver(): boolean {
    return this.dueAt > 0 && Date.now() / 1000 >= this.dueAt;
  }

  /**
   * Begins, where nobody has before, with a file as it was found.
   * @param modifiedMillis When it was last written, in ms since 1970. A time that has not come yet is taken for now.
   */
  begin(modifiedMillis: number): void {
    if (this.dueAt === 0) this.#set(Math.min(modifiedMillis, Date.now()));
  }

  /** Goes on to the next interval, if this one is over. */
  advance(): void {
    if (this.isOver) this.restart();
  }

  /** Counts an interval from now: another process has begun a file, and counts its own from now too. */
  restart(): void {
    this.#set(Date.now());
  }

  #set(fromMillis: number): void {
    this.#due[0] = nextRollover(this.#schedule, Math.floor(fromMillis / 1000));
  }
}
