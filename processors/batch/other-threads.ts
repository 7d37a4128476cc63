import { threadId } from "node:worker_threads";
import { handlerWord, type Arena } from "../queue/arena.ts";
import { HANDLER_THREAD } from "../queue/layout.ts";
import { knownProcessArena } from "../queue/process-arena.ts";
import { HandlerQueue } from "./handler-queue.ts";
import { SharedHandlers, type SharedHandler } from "./shared-handler.ts";
import { buryThreads } from "./thread-watch.ts";

/** How long the end of the process waits for the handlers of its other threads together: the default of "exitTimeoutMillis". */
const OTHERS_MILLIS = 2000;
const SLICE_MILLIS = 20;

/** What a handler could not deliver in time. */
export interface LeftRecords {
  readonly name: string;
  readonly leftCount: number;
  readonly millis: number;
}

/**
 * Flushes the handlers that other threads have made, and counts what they could not deliver; those of threads that end meanwhile
 * become handlers of this one. Blocks.
 */
export function flushOtherThreads(): readonly LeftRecords[] {
  const arena = knownProcessArena();
  if (arena === undefined) return [];
  const deadline = performance.now() + OTHERS_MILLIS;
  buryThreads();
  for (const handler of othersIn(arena)) {
    while (isUnserved(arena, handler) && !handler.flushSync(SLICE_MILLIS) && performance.now() < deadline)
      buryThreads();
  }
  return othersIn(arena)
    .map((handler) => ({ handler, queue: new HandlerQueue(arena, handler.slot) }))
    .filter(({ queue }) => queue.queuedCount > 0)
    .map(({ handler, queue }) => ({
      name: handler.name,
      leftCount: queue.countLeft(),
      millis: OTHERS_MILLIS,
    }));
}

function othersIn(arena: Arena): readonly SharedHandler[] {
  return new SharedHandlers(arena).all().filter(({ slot }) => isOther(arena, slot));
}

function isOther(arena: Arena, slot: number): boolean {
  return arena.words[handlerWord(slot) + HANDLER_THREAD] !== threadId;
}

function isUnserved(arena: Arena, handler: SharedHandler): boolean {
  return (
    handler.isThere && isOther(arena, handler.slot) && new HandlerQueue(arena, handler.slot).queuedCount > 0
  );
}
