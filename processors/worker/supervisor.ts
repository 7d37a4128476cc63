import type { Worker } from "node:worker_threads";
import type { Arena } from "../queue/arena.ts";
import { announceRetired } from "../queue/consumer-state.ts";
import {
  CONSUMER_ENDED,
  CONSUMER_RUNNING,
  CONSUMER_STARTING,
  CONSUMER_STATE_WORD,
  readGeometry,
} from "../queue/queue-layout.ts";
import { Ownership } from "./ownership.ts";
import type { FiltersMessage, WorkerReport, WorkerStart } from "./protocol.ts";
import { spawnWorker } from "./spawn.ts";

const RESTART_MILLIS_MIN = 50;
const RESTART_MILLIS_MAX = 5000;
const DEATHS_MAX = 3;
/** A worker that lived this long starts with a clean slate. */
const GOOD_LIFE_MILLIS = 60_000;
const SIGN_OF_LIFE_MILLIS = 5000;

/** What a supervisor is made of. */
export interface SupervisorParts {
  readonly arena: Arena;
  /** The worker's program. */
  readonly source: string;
  readonly start: Omit<WorkerStart, "epoch" | "isPredecessorDead">;
  readonly report: (trouble: string) => void;
  /** There will be no worker (any more): the handler must be served by this thread. `why` says so, to be told at once. */
  readonly onGiveUp: (state: { readonly isPredecessorDead: boolean; readonly why: string }) => void;
}

/**
 * Keeps a handler's worker alive: restarts one that died, with backoff, and gives up after three deaths in a row, when
 * it cannot be started, or when it shows no sign of life. Lives on the thread that made the handler.
 */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #geometry: ReturnType<typeof readGeometry>;
  readonly #stateWord: number;
  #worker: Worker | undefined;
  #deaths = 0;
  #bornAt = 0;
  #isStopped = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#geometry = readGeometry(parts.arena.words, parts.start.handlerSlot);
    this.#stateWord = this.#geometry.at / 4 + CONSUMER_STATE_WORD;
  }

  /** Starts the worker. @param isPredecessorDead True where another has ended in the middle of its work. */
  start(isPredecessorDead = false): void {
    this.#spawn(isPredecessorDead);
  }

  /** Starts another worker in place of one that is presumed dead; that one writes no more if it lives. */
  replace(): void {
    const old = this.#worker;
    old?.removeAllListeners();
    // A dying worker may still say so.
    old?.on("error", () => {});
    this.#spawn(false);
  }

  /** Sends the worker a message; one that is started later has its news from the start. */
  send(message: FiltersMessage): void {
    this.#worker?.postMessage(message);
  }

  /** From now on an end of the worker is as it should be. */
  stop(): void {
    this.#isStopped = true;
  }

  /** True from the death of a worker until there is another. */
  get isDead(): boolean {
    return this.#worker === undefined && !this.#isStopped;
  }

  /** Ends the worker, wherever it is. */
  async terminate(): Promise<void> {
    this.#isStopped = true;
    await this.#worker?.terminate();
  }

  #spawn(isPredecessorDead: boolean): void {
    const { arena, source, start } = this.#parts;
    const epoch = Ownership.currentEpoch(arena, this.#geometry);
    Atomics.store(arena.words, this.#stateWord, CONSUMER_STARTING);
    this.#bornAt = Date.now();
    try {
      this.#worker = spawnWorker(source, { ...start, epoch, isPredecessorDead });
    } catch (error) {
      this.#giveUp(
        `Cannot start a thread for handler "${start.name}": ${(error as Error).message}`,
        isPredecessorDead,
      );
      return;
    }
    this.#watch(this.#worker);
  }

  #watch(worker: Worker): void {
    let cause: Error | undefined;
    worker.on("message", (report: WorkerReport) => this.#parts.report(report.message));
    worker.on("error", (error) => {
      cause = error as Error;
    });
    worker.once("exit", (code) => {
      const isExpected =
        this.#isStopped || Atomics.load(this.#parts.arena.words, this.#stateWord) === CONSUMER_ENDED;
      if (!isExpected && worker === this.#worker) this.#died(cause ?? new Error(`exit code ${code}`));
    });
    const life = setTimeout(() => this.#checkLife(worker), SIGN_OF_LIFE_MILLIS);
    life.unref();
    worker.once("exit", () => clearTimeout(life));
    // A listener for messages keeps the event loop alive; this worker must not.
    worker.unref();
  }

  #checkLife(worker: Worker): void {
    const state = Atomics.load(this.#parts.arena.words, this.#stateWord);
    if (worker !== this.#worker || state === CONSUMER_RUNNING || state === CONSUMER_ENDED || this.#isStopped)
      return;
    this.#worker = undefined;
    void worker.terminate();
    const name = this.#parts.start.name;
    this.#giveUp(`The thread of handler "${name}" gave no sign of life for ${SIGN_OF_LIFE_MILLIS} ms`, false);
  }

  #died(cause: Error): void {
    const { arena, start, report } = this.#parts;
    const epoch = Ownership.currentEpoch(arena, this.#geometry);
    announceRetired(arena.words, { control: this.#geometry.at / 4, epoch });
    if (Date.now() - this.#bornAt > GOOD_LIFE_MILLIS) this.#deaths = 0;
    this.#deaths++;
    this.#worker = undefined;
    if (this.#deaths >= DEATHS_MAX) {
      this.#giveUp(
        `The thread of handler "${start.name}" died ${this.#deaths} times: ${cause.message}`,
        true,
      );
      return;
    }
    const millis = Math.min(RESTART_MILLIS_MIN * 4 ** (this.#deaths - 1), RESTART_MILLIS_MAX);
    report(
      `The thread of handler "${start.name}" died: ${cause.message}; it is started again in ${millis} ms`,
    );
    setTimeout(() => {
      if (!this.#isStopped) this.#spawn(true);
    }, millis).unref();
  }

  #giveUp(why: string, isPredecessorDead: boolean): void {
    this.#isStopped = true;
    this.#parts.onGiveUp({
      isPredecessorDead,
      why: `${why}; the handler works on the application's thread from now on`,
    });
  }
}
