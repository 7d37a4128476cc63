import { threadId } from "node:worker_threads";
import { reportOnce } from "../../src/diagnostics.ts";
import type { Arena } from "../queue/arena.ts";
import { knownProcessArena, otherLayouts } from "../queue/process-arena.ts";
import { liveThreads, markThreadIdDead, takeThreadSlot } from "../queue/threads.ts";
import { isThreadGone, ownThread } from "../worker/system-thread.ts";

/** Is told of a thread that has ended: by its `threadId`. */
type DeathListener = (id: number, arena: Arena) => void;

const listeners = new Set<DeathListener>();

/** Calls `listener` with each thread that this one has started and that has ended, and with those that ended with it. */
export function onThreadDeath(listener: DeathListener): void {
  listeners.add(listener);
}

/** From now on the end of threads that this one starts is noticed, however they end. */
export function watchThreads(): void {
  process.on("worker", (worker) => {
    const id = worker.threadId;
    worker.once("exit", () => {
      const arena = knownProcessArena();
      if (arena === undefined) return;
      bury(arena, id);
      // Threads that it had started have ended with it, and nobody else sees that.
      buryTheGone(arena);
    });
  });
}

/** Tells of all threads whose end nobody has seen yet. Without the event loop. */
export function buryThreads(): void {
  const arena = knownProcessArena();
  if (arena !== undefined) buryTheGone(arena);
}

/** A slot for this thread, once those of threads are free that nobody saw end; -1 where there is none. */
export function seatThread(arena: Arena): number {
  for (const { id } of goneThreads(arena)) markThreadIdDead(arena, id);
  return takeThreadSlot(arena, ownThread());
}

/** Says once where another version of this package is at work beside this one. */
export function reportOtherVersions(): void {
  if (otherLayouts().length === 0) return;
  reportOnce(
    "versions",
    "Two versions of femtologging are at work in this process: each has loggers, levels and handlers of its own, and records of one do not reach those of the other; make them one version (npm ls femtologging)",
  );
}

function bury(arena: Arena, id: number): void {
  markThreadIdDead(arena, id);
  for (const listener of listeners) listener(id, arena);
}

function buryTheGone(arena: Arena): void {
  for (const { id } of goneThreads(arena)) bury(arena, id);
}

/** Threads that the operating system no longer has. Their parent was terminated, or has not loaded this package. */
function goneThreads(arena: Arena): readonly { readonly id: number }[] {
  return liveThreads(arena).filter(({ id, systemThread }) => id !== threadId && isThreadGone(systemThread));
}
