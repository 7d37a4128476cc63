import { FlushTimeoutError } from "../../src/errors.ts";
import type { Arena } from "../queue/arena.ts";
import { queuedCount } from "../queue/counters.ts";
import { CONSUMER_ENDED, CONSUMER_STATE_WORD, readGeometry } from "../queue/queue-layout.ts";
import { wakeConsumer } from "../queue/threads.ts";
import { blockUntilReached, requestFlush, servedWord, untilReached } from "./wait.ts";

/** A flush of a handler that another thread has made, by what lies in shared memory of it. */
function request(arena: Arena, slot: number): { readonly control: number; readonly ticket: number } {
  const control = readGeometry(arena.words, slot).at / 4;
  const ticket = requestFlush(arena.words, control);
  wakeConsumer(arena, slot);
  return { control, ticket };
}

function hasEnded(arena: Arena, control: number): boolean {
  return Atomics.load(arena.words, control + CONSUMER_STATE_WORD) === CONSUMER_ENDED;
}

/** Resolves when a handler of another thread has flushed, or has ended. @throws {FlushTimeoutError} */
export async function flushForeign(arena: Arena, slot: number, timeoutMillis: number): Promise<void> {
  const { control, ticket } = request(arena, slot);
  const millis = timeoutMillis === 0 ? Number.POSITIVE_INFINITY : timeoutMillis;
  const isOver = (): boolean => hasEnded(arena, control);
  if (await untilReached(arena.words, { word: servedWord(control), ticket, millis, isOver })) return;
  const recordCount = queuedCount(arena, readGeometry(arena.words, slot));
  throw new FlushTimeoutError(timeoutMillis, [{ handler: `${slot} of another thread`, recordCount }]);
}

/** `flushForeign` that blocks the thread. False when the time was over first. */
export function flushForeignSync(arena: Arena, slot: number, deadline: number): boolean {
  const { control, ticket } = request(arena, slot);
  const isServed = blockUntilReached(arena.words, {
    word: servedWord(control),
    ticket,
    deadline,
    onSlice: () => !hasEnded(arena, control),
  });
  return isServed || hasEnded(arena, control);
}
