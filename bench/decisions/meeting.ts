/** Words on which the two threads of a comparison meet, beside what is compared. */

//   word  name      stored by   meaning
//      0  RECEIVED  receiver    records received so far
//     16  READY     receiver    1 when it is up
export const RECEIVED = 0;
export const READY = 16;
const WORD_COUNT = 32;
const WAIT_MILLIS = 60_000;

export function makeMeeting(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(WORD_COUNT * 4));
}

/** Stores a word and wakes those who wait for it. */
export function announce(meeting: Int32Array, word: number, value: number): void {
  Atomics.store(meeting, word, value);
  Atomics.notify(meeting, word);
}

/** Resolves when a word that only grows has reached a value. @throws {Error} It has not within a minute. */
export async function reached(
  meeting: Int32Array<SharedArrayBuffer>,
  word: number,
  value: number,
): Promise<void> {
  const deadline = performance.now() + WAIT_MILLIS;
  for (let now = Atomics.load(meeting, word); now < value; now = Atomics.load(meeting, word)) {
    const left = deadline - performance.now();
    if (left <= 0) throw new Error(`The other thread has come to ${now}, not to ${value}`);
    await Atomics.waitAsync(meeting, word, now, left).value;
  }
}

/** The same, blocking: for a sender that must not run further ahead. */
export function waitUntil(meeting: Int32Array, word: number, value: number): void {
  const deadline = performance.now() + WAIT_MILLIS;
  for (let now = Atomics.load(meeting, word); now < value; now = Atomics.load(meeting, word)) {
    const left = deadline - performance.now();
    if (left <= 0) throw new Error(`The other thread has come to ${now}, not to ${value}`);
    Atomics.wait(meeting, word, now, left);
  }
}
