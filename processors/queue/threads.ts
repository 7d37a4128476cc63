import { threadId } from "node:worker_threads";
import { handlerWord, type Arena } from "./arena.ts";
import { freeDefinitionBlocks } from "./definitions.ts";
import { LargeArea } from "./large-area.ts";
import {
  HANDLER_COUNT,
  HANDLER_FREE,
  HANDLER_STATE,
  THREADS_AT,
  THREAD_BLOCK_COUNT,
  THREAD_COUNT,
  THREAD_DEAD,
  THREAD_DEFINED_BYTES,
  THREAD_BUSY,
  THREAD_FREE,
  THREAD_ID,
  THREAD_LIVE,
  THREAD_SLOT_BYTES,
  THREAD_STATE,
  THREAD_SYSTEM,
} from "./layout.ts";
import { laneWordOf, LANE_OPENED, readGeometry, WAKE_WORD } from "./queue-layout.ts";

const HANDLERS_LEFT_LOW = 4;
const HANDLERS_LEFT_HIGH = 5;
/** A slot between two threads: nobody's threadId. */
const NO_THREAD = -1;

/** Index of the first word of a thread's slot. */
export function threadWord(slot: number): number {
  return (THREADS_AT + slot * THREAD_SLOT_BYTES) / 4;
}

/** A slot that thread `id` is taking or freeing: should it die over that, the others know by the state alone. */
function busyState(id: number): number {
  return (id << 3) | THREAD_BUSY;
}

/**
 * Takes a slot for the calling thread. Returns -1 when more than 256 threads log at the same time.
 * @param systemThread Its number in the operating system; -1 where that does not tell.
 */
export function takeThreadSlot(arena: Arena, systemThread = -1): number {
  const { words } = arena;
  for (let slot = 0; slot < THREAD_COUNT; slot++) {
    const word = threadWord(slot);
    // Where the consumer died that was to free it.
    freeIfReleased(arena, slot);
    if (Atomics.compareExchange(words, word + THREAD_STATE, THREAD_FREE, busyState(threadId)) !== THREAD_FREE)
      continue;
    words[word + THREAD_ID] = threadId;
    words[word + THREAD_DEFINED_BYTES] = 0;
    words[word + THREAD_BLOCK_COUNT] = 0;
    words[word + THREAD_SYSTEM] = systemThread;
    Atomics.store(words, word + THREAD_STATE, THREAD_LIVE);
    return slot;
  }
  return -1;
}

/**
 * Says that the thread of a slot writes no more. Its records stay and are delivered; then the slot is free.
 * Called by the thread itself on its way out, or by a thread that has seen its end.
 */
export function markThreadDead(arena: Arena, slot: number): void {
  const { words } = arena;
  const word = threadWord(slot);
  // A second word of a death that is known: some handlers may be done with the thread by now.
  if (Atomics.load(words, word + THREAD_STATE) !== THREAD_LIVE) return;
  const handlers = handlersWithLane(arena, slot);
  words[word + HANDLERS_LEFT_LOW] = maskOf(handlers, 0);
  words[word + HANDLERS_LEFT_HIGH] = maskOf(handlers, 32);
  if (Atomics.compareExchange(words, word + THREAD_STATE, THREAD_LIVE, THREAD_DEAD) !== THREAD_LIVE) return;
  if (handlers.length === 0) freeThreadSlot(arena, slot, THREAD_DEAD);
  for (const handler of handlers) wakeConsumer(arena, handler);
}

/**
 * Marks all slots of a thread by its `threadId`: it may have loaded several copies of this code. Ends what it was doing
 * to other slots when it died. For every thread that has ended, those of handlers too.
 */
export function markThreadIdDead(arena: Arena, id: number): void {
  for (let slot = 0; slot < THREAD_COUNT; slot++) {
    const word = threadWord(slot);
    const state = arena.words[word + THREAD_STATE];
    if (state === THREAD_LIVE && arena.words[word + THREAD_ID] === id) markThreadDead(arena, slot);
    else if (state === busyState(id)) freeThreadSlot(arena, slot, state);
  }
}

/** Live threads of the arena, as worker_threads and the operating system number them. */
export function liveThreads(arena: Arena): readonly { readonly id: number; readonly systemThread: number }[] {
  const live: { id: number; systemThread: number }[] = [];
  for (let slot = 0; slot < THREAD_COUNT; slot++) {
    const word = threadWord(slot);
    const [id, systemThread] = [arena.words[word + THREAD_ID], arena.words[word + THREAD_SYSTEM]] as [
      number,
      number,
    ];
    if (arena.words[word + THREAD_STATE] === THREAD_LIVE) live.push({ id, systemThread });
  }
  return live;
}

/** A consumer's word that it is done with all records of a dead thread. Frees the slot when it is the last. */
export function releaseLane(
  arena: Arena,
  place: { readonly threadSlot: number; readonly handlerSlot: number },
): void {
  const { words } = arena;
  const word = threadWord(place.threadSlot);
  if (Atomics.load(words, word + THREAD_STATE) !== THREAD_DEAD) return;
  const half = place.handlerSlot < 32 ? HANDLERS_LEFT_LOW : HANDLERS_LEFT_HIGH;
  Atomics.and(words, word + half, ~(1 << (place.handlerSlot & 31)));
  freeIfReleased(arena, place.threadSlot);
}

/** Frees a dead thread's slot when all handlers have released its lanes. */
function freeIfReleased(arena: Arena, slot: number): void {
  const { words } = arena;
  const word = threadWord(slot);
  if (Atomics.load(words, word + THREAD_STATE) !== THREAD_DEAD) return;
  if (
    Atomics.load(words, word + HANDLERS_LEFT_LOW) !== 0 ||
    Atomics.load(words, word + HANDLERS_LEFT_HIGH) !== 0
  )
    return;
  freeThreadSlot(arena, slot, THREAD_DEAD);
}

/** True when a handler's consumer has not said yet that it is done with a dead thread. */
export function isLaneHeld(
  arena: Arena,
  place: { readonly threadSlot: number; readonly handlerSlot: number },
): boolean {
  const half = place.handlerSlot < 32 ? HANDLERS_LEFT_LOW : HANDLERS_LEFT_HIGH;
  const mask = Atomics.load(arena.words, threadWord(place.threadSlot) + half);
  return (mask & (1 << (place.handlerSlot & 31))) !== 0;
}

/** A closed handler needs no dead thread any more, nor what its records have in the large area. */
export function releaseHandlerLanes(arena: Arena, handlerSlot: number): void {
  new LargeArea(arena).releaseHandler(handlerSlot);
  for (let slot = 0; slot < THREAD_COUNT; slot++) releaseLane(arena, { threadSlot: slot, handlerSlot });
}

/** Two handlers may find at the same time that they are the last: one of them frees the slot. */
function freeThreadSlot(arena: Arena, slot: number, state: number): void {
  const word = threadWord(slot);
  if (Atomics.compareExchange(arena.words, word + THREAD_STATE, state, busyState(threadId)) !== state) return;
  arena.words[word + THREAD_ID] = NO_THREAD;
  new LargeArea(arena).releaseThread(slot);
  freeDefinitionBlocks(arena, slot);
  Atomics.store(arena.words, word + THREAD_STATE, THREAD_FREE);
}

function handlersWithLane(arena: Arena, threadSlot: number): number[] {
  const handlers: number[] = [];
  for (let handler = 0; handler < HANDLER_COUNT; handler++) {
    if (arena.words[handlerWord(handler) + HANDLER_STATE] === HANDLER_FREE) continue;
    const geometry = readGeometry(arena.words, handler);
    if (arena.words[laneWordOf(geometry, threadSlot) + LANE_OPENED] !== 0) handlers.push(handler);
  }
  return handlers;
}

function maskOf(handlers: readonly number[], first: number): number {
  let mask = 0;
  for (const handler of handlers)
    if (handler >= first && handler < first + 32) mask |= 1 << (handler - first);
  return mask;
}

/** Wakes the consumer of a handler, whatever it does. */
export function wakeConsumer(arena: Arena, handlerSlot: number): void {
  const control = readGeometry(arena.words, handlerSlot).at / 4;
  Atomics.add(arena.words, control + WAKE_WORD, 1);
  Atomics.notify(arena.words, control + WAKE_WORD);
}
