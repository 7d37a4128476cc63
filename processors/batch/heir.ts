import { isMainThread, threadId } from "node:worker_threads";
import { reportTrouble } from "../../src/diagnostics.ts";
import { handlerWord, type Arena } from "../queue/arena.ts";
import { announceEnd } from "../queue/consumer-state.ts";
import { HANDLER_COUNT, HANDLER_STATE, HANDLER_THREAD, HANDLER_USED } from "../queue/layout.ts";
import { LoggerTable } from "../queue/logger-table.ts";
import { releaseHandlerLanes } from "../queue/threads.ts";
import { estateOf, listenToEstates, type Estate } from "./estate.ts";
import { hookExit, watchExit } from "./exit-hook.ts";
import { HandlerEngine } from "./handler-engine.ts";
import { HandlerQueue } from "./handler-queue.ts";
import { SharedHandler } from "./shared-handler.ts";
import { onThreadDeath } from "./thread-watch.ts";

const INFO = 9;
const DRAIN_MILLIS = 30_000;

/** From now on this thread goes on with the handlers of threads that it has started, when those end. */
export function inheritHandlers(): void {
  onThreadDeath((id, arena) => {
    for (const slot of handlersOf(arena, id)) settle(new Remains(arena, slot), id);
  });
  // A thread that starts none outlives none. The main one outlives those that were there before it loaded this package, too, which
  // come to it when they hear of it.
  if (isMainThread) setImmediate(() => listenToEstates(hookExit));
  process.once("worker", () => {
    hookExit();
    listenToEstates(hookExit);
  });
}

/** What another thread has left of a handler. */
class Remains extends HandlerQueue {
  readonly #table = LoggerTable.shared(this.arena, INFO);

  get name(): string {
    return new SharedHandler(this.arena, this.slot).name;
  }

  /** Whether a logger of the process sends it records. */
  get isAdded(): boolean {
    const { low, high } = this.#table.allHandlers();
    return ((this.slot < 32 ? low : high) & (1 << (this.slot & 31))) !== 0;
  }

  /** Counts what is left and gives the slot back. Returns the count. */
  end(): number {
    this.close();
    const left = this.countLeft();
    this.#table.forgetHandler(this.slot);
    announceEnd(this.arena.words, this.control);
    releaseHandlerLanes(this.arena, this.slot);
    this.arena.closeHandler(this.slot);
    this.arena.bumpGeneration();
    return left;
  }
}

function handlersOf(arena: Arena, id: number): readonly number[] {
  return Array.from({ length: HANDLER_COUNT }, (_, slot) => slot).filter((slot) => {
    const word = handlerWord(slot);
    return arena.words[word + HANDLER_STATE] === HANDLER_USED && arena.words[word + HANDLER_THREAD] === id;
  });
}

function settle(remains: Remains, deadThread: number): void {
  if (!remains.takeFrom(deadThread)) return;
  const isWanted = remains.isAdded && !remains.isClosed;
  if (!isWanted && remains.queuedCount === 0) {
    remains.end();
    return;
  }
  const estate = estateOf(remains.arena, remains.slot);
  if (estate === undefined) bury(remains, deadThread);
  else goOn(estate, { remains, isWanted });
}

/** Serves the handler from here, for as long as somebody logs to it. */
function goOn(
  estate: Estate,
  { remains, isWanted }: { readonly remains: Remains; readonly isWanted: boolean },
): void {
  try {
    const engine = new HandlerEngine(estate.settings, estate.outlet, estate);
    watchExit(engine, () => {});
    // What could not be delivered is counted, and said by the handler.
    if (!isWanted) engine.shutdown(DRAIN_MILLIS).catch(() => {});
  } catch (error) {
    reportTrouble("heir", `Handler "${remains.name}" cannot go on after its thread: ${String(error)}`);
    remains.end();
  }
}

function bury(remains: Remains, deadThread: number): void {
  const { name } = remains;
  const left = remains.end();
  reportTrouble(
    `end of handler ${name}`,
    `Handler "${name}" has ended with thread ${deadThread}, which had made it: it uses a function or an object of that thread; ${left} records were left, counted as exit_deadline. Make it on the main thread (this is thread ${threadId})`,
  );
}
