// Words on which the threads of a test meet, beside the arena.
//   word  name       stored by     meaning
//      0  START      the test      1 when the producers may begin
//      1  STOP       the test      1 when consumers end as soon as there is nothing to read
//      2  READ       consumers     records read so far
//      3  ROUND      programs      counts what a program wants its test to wait for

export const START = 0;
export const STOP = 1;
export const READ = 2;
export const ROUND = 3;

const WORD_COUNT = 4;

/** What every program of these tests is told. */
export interface ProgramData {
  readonly memory: SharedArrayBuffer;
  readonly meeting: SharedArrayBuffer;
}

export function makeMeeting(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(WORD_COUNT * 4));
}

/** Stores a word of the meeting and wakes those who wait for it. */
export function announce(meeting: Int32Array, word: number, value: number): void {
  Atomics.store(meeting, word, value);
  Atomics.notify(meeting, word);
}

/** Counts a word of the meeting up and wakes those who wait for it. */
export function countUp(meeting: Int32Array, word: number, amount: number): void {
  Atomics.add(meeting, word, amount);
  Atomics.notify(meeting, word);
}

/** Blocks until the word is not 0. */
export function awaitStart(meeting: Int32Array): void {
  Atomics.wait(meeting, START, 0);
}
