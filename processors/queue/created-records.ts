import type { Arena } from "./arena.ts";
import { THREAD_COUNT, THREAD_CREATED, THREAD_SLOT_BYTES, THREADS_AT } from "./layout.ts";

/** Where a thread counts the records that loggers of a system were given: `counts[index]`. One thread's own, or its slot's. */
export interface CreatedCell {
  readonly counts: Float64Array;
  readonly index: number;
}

/** The cell of a thread for the loggers of the process. The next thread of the slot counts on. */
export function threadCell(arena: Arena, threadSlot: number): CreatedCell {
  return { counts: arena.floats, index: cellIndex(threadSlot) };
}

/** The cell of an isolated system, which is its thread's own. */
export function ownCell(): CreatedCell {
  return { counts: new Float64Array(1), index: 0 };
}

/** Records that were counted in a cell. */
export function readCell({ counts, index }: CreatedCell): number {
  return counts[index] as number;
}

/** Records that loggers of the process were given, on all threads, since it began. Any thread. */
export function readCreated(arena: Arena): number {
  let sum = 0;
  for (let slot = 0; slot < THREAD_COUNT; slot++) sum += arena.floats[cellIndex(slot)] as number;
  return sum;
}

function cellIndex(threadSlot: number): number {
  return (THREADS_AT + threadSlot * THREAD_SLOT_BYTES) / 8 + THREAD_CREATED / 2;
}
