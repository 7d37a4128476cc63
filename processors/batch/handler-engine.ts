import { FlushTimeoutError } from "../../src/errors.ts";
import { reportTrouble } from "../../src/diagnostics.ts";
import { announceEnd } from "../queue/consumer-state.ts";
import type { HandlerStats } from "../queue/counters.ts";
import {
  CONSUMER_ENDED,
  CONSUMER_STATE_WORD,
  DRAIN_AND_END,
  END_NOW,
  REOPEN_REQUESTED_WORD,
  REOPEN_SERVED_WORD,
} from "../queue/queue-layout.ts";
import { releaseHandlerLanes } from "../queue/threads.ts";
import { createBlockingPump } from "../worker/blocking-registry.ts";
import type { BatchExporter } from "../worker/batch-exporter.ts";
import type { EventPump } from "../worker/event-pump.ts";
import { loadNetworkProgram, type NetworkProgram } from "../worker/load-network-program.ts";
import { createModulePump } from "../worker/network-pump.ts";
import { Ownership } from "../worker/ownership.ts";
import type {
  BlockingDescriptor,
  FiltersMessage,
  NetworkDescriptor,
  WorkerStart,
} from "../worker/protocol.ts";
import { Supervisor } from "../worker/supervisor.ts";
import { bequeath, bequeathFilters, type Legacy } from "./estate.ts";
import { HandlerFilters } from "./handler-filters.ts";
import { HandlerQueue } from "./handler-queue.ts";
import { EventHandler, InlineHandler, type LocalHandler } from "./local-consumer.ts";
import { createLocalPump, dropInsteadOfBlocking } from "./local-pump.ts";
import { awaitRetirement } from "./retirement.ts";
import { batchOf, type LocalOutlet, type Outlet, type ProcessorSettings } from "./settings.ts";
import { writeSettings } from "./settings-words.ts";
import { offerSlot, takeHandlerSlot } from "./slots.ts";
import { threadRecorder } from "./thread-recorder.ts";
import { blockUntilReached, isDoneBy, requestFlush, servedWord, untilReached } from "./wait.ts";

/** How long a consumer that was told to end at once may take. */
const END_MILLIS = 200;
const NO_LIMIT_MILLIS = 2_147_483_647;

/**
 * One handler at work: its queue in the arena, its worker and that one's supervisor, or its consumer on this thread.
 * Lives on the thread that made the handler.
 */
export class HandlerEngine extends HandlerQueue {
  readonly settings: ProcessorSettings;
  readonly filters: HandlerFilters;
  readonly #outlet: Outlet;
  /** True where another thread carries on when this one ends. */
  readonly isPassedOn: boolean;
  #supervisor: Supervisor | undefined;
  #local: LocalHandler | undefined;
  #localExporter: BatchExporter | undefined;
  #shutdown: Promise<void> | undefined;

  /**
   * @param legacy Of a handler whose thread has ended: goes on with its queue.
   * @throws {RangeError} The process has no room for another handler. @throws {ConfigError} A filter is none.
   */
  constructor(settings: ProcessorSettings, outlet: Outlet, legacy?: Legacy) {
    const filters = new HandlerFilters(settings, legacy?.filters);
    const { arena } = threadRecorder();
    super(arena, legacy?.slot ?? takeHandlerSlot(arena, settings));
    this.filters = filters;
    this.settings = settings;
    this.#outlet = outlet;
    if (legacy === undefined) writeSettings(arena, this.slot, settings);
    else this.reopen();
    filters.attach(arena, { slot: this.slot, send: (message) => this.#sendFilters(message) });
    this.#start(legacy !== undefined);
    this.isPassedOn = bequeath(this, outlet);
    arena.bumpGeneration();
  }

  /** True since `shutdown` was called. */
  get isShutDown(): boolean {
    return this.#shutdown !== undefined;
  }

  /** True where no thread of its own serves the handler. */
  get isLocal(): boolean {
    const { kind } = this.#outlet.descriptor;
    // What sends from this thread takes a moment to be set up.
    return this.#local !== undefined || (kind === "network" && this.settings.thread === "inline");
  }

  get local(): LocalHandler | undefined {
    return this.#local;
  }

  /** The supervisor of the handler's worker; undefined where there never was one. */
  get supervisor(): Supervisor | undefined {
    return this.#supervisor;
  }

  get isBlockingKind(): boolean {
    return this.#outlet.descriptor.kind === "blocking";
  }

  /** True when the worker is known to have died, and has no successor yet. */
  get isWorkerDead(): boolean {
    if (this.#supervisor?.isDead === true) return true;
    return !this.isBlockingKind && new Ownership(this.arena, this.geometry).isOwnerGone;
  }

  stats(): HandlerStats {
    return this.counts.stats();
  }

  /** Resolves when everything published before the call is done. @throws {FlushTimeoutError} */
  async flush(timeoutMillis: number): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    const deadline = performance.now() + limitOf(timeoutMillis);
    const ticket = requestFlush(this.arena.words, this.control);
    this.nudge();
    const isDone = await untilReached(this.arena.words, {
      word: servedWord(this.control),
      ticket,
      millis: limitOf(timeoutMillis),
      isOver: () => this.hasEnded,
    });
    if (!isDone || !(await this.#flushExporter(deadline))) throw this.#timeoutError(timeoutMillis);
  }

  /** `flush` that blocks the thread. False when the time was over first, or nobody serves the handler. */
  flushSync(deadline: number): boolean {
    const ticket = requestFlush(this.arena.words, this.control);
    if (this.#local !== undefined) return this.#local.drain(deadline) || this.queuedCount === 0;
    this.wake();
    const isServed = blockUntilReached(this.arena.words, {
      word: servedWord(this.control),
      ticket,
      deadline,
      onSlice: () => !this.hasEnded,
    });
    return isServed || (this.hasEnded && this.queuedCount === 0);
  }

  /** Makes the consumer look now, wherever it is. Does not wait. */
  nudge(): void {
    this.wake();
    if (this.#local instanceof InlineHandler) this.#local.drain(performance.now());
    else this.#local?.published(false);
  }

  /** Closes the handler to new records, drains it, ends its worker. Further calls give the same promise. */
  shutdown(timeoutMillis: number): Promise<void> {
    this.#shutdown ??= this.#shutDown(timeoutMillis);
    return this.#shutdown;
  }

  /** Makes a file handler close and open its file. Resolves when it has. */
  async reopenDestination(timeoutMillis: number): Promise<void> {
    await this.flush(timeoutMillis);
    const ticket = (Atomics.add(this.arena.words, this.control + REOPEN_REQUESTED_WORD, 1) + 1) | 0;
    this.nudge();
    const isDone = await untilReached(this.arena.words, {
      word: this.control + REOPEN_SERVED_WORD,
      ticket,
      millis: timeoutMillis,
      isOver: () => this.hasEnded,
    });
    if (!isDone) throw this.#timeoutError(timeoutMillis);
  }

  /**
   * Serves the handler from this thread, in place of a worker that is gone, late or fenced. For handlers that write
   * synchronously. False while the worker is in the middle of a write.
   */
  takeOver(isPredecessorDead: boolean): boolean {
    const { descriptor } = this.#outlet;
    if (descriptor.kind !== "blocking" || this.#local !== undefined) return this.#local !== undefined;
    const start = this.#startOf(descriptor, isPredecessorDead);
    const pump = createBlockingPump(this.arena, start, {
      report: (message) => this.report(message),
      onFenced: () => awaitRetirement(this, start.epoch),
    });
    if (pump === undefined) return false;
    this.#supervisor?.stop();
    const blockMillis = this.settings.overflow === "block" ? this.settings.blockTimeoutMillis : 0;
    this.#setLocal(new InlineHandler(this.arena, { pump, handlerSlot: this.slot, blockMillis }));
    return true;
  }

  /** Gives the slot to another handler; what was counted stays. Only after `shutdown` has resolved. */
  reclaim(): void {
    this.counts.keep();
    threadRecorder().setLocalConsumer(this.slot, undefined);
    this.arena.closeHandler(this.slot);
  }

  /** Says what goes wrong, at most once a minute for each kind of trouble. */
  report(message: string, kind = "trouble"): void {
    reportTrouble(`handler ${this.settings.name}: ${kind}`, message);
  }

  #sendFilters(message: FiltersMessage): void {
    this.#supervisor?.send(message);
    bequeathFilters(this, message.setup);
  }

  #reportNobody(why: string): void {
    this.report(`Handler "${this.settings.name}" is served by nobody: ${why}`, "nobody");
  }

  #timeoutError(timeoutMillis: number): FlushTimeoutError {
    return new FlushTimeoutError(timeoutMillis, [
      { handler: this.settings.name, recordCount: this.queuedCount },
    ]);
  }

  #start(isPredecessorDead: boolean): void {
    const outlet = this.#outlet;
    if (outlet.descriptor.kind === "none") {
      announceEnd(this.arena.words, this.control);
    } else if (outlet.descriptor.kind === "local") {
      this.#serveLocal(outlet.descriptor);
    } else if (this.settings.thread === "inline") {
      this.#serveHere(isPredecessorDead);
    } else {
      const { epoch: _epoch, isPredecessorDead: _dead, ...start } = this.#startOf(outlet.descriptor, false);
      this.#supervisor = new Supervisor({
        arena: this.arena,
        source: (outlet as { readonly source: string }).source,
        start,
        report: (message) => this.report(message),
        onGiveUp: ({ isPredecessorDead: isDead, why }) => {
          // A kind of its own: what was said of the deaths before must not hold it back.
          reportTrouble(`thread of handler ${this.settings.name}`, why);
          this.#serveHere(isDead);
        },
      });
      this.#supervisor.start(isPredecessorDead);
    }
  }

  #startOf<D extends BlockingDescriptor | NetworkDescriptor>(
    handler: D,
    isPredecessorDead: boolean,
  ): WorkerStart & { readonly handler: D } {
    return {
      memory: this.arena.memory,
      handlerSlot: this.slot,
      name: this.settings.name,
      handler,
      batch: batchOf(this.settings),
      filters: this.filters.setup,
      epoch: Ownership.currentEpoch(this.arena, this.geometry),
      isPredecessorDead,
    };
  }

  #serveHere(isPredecessorDead: boolean): void {
    const { descriptor } = this.#outlet;
    if (descriptor.kind === "blocking") {
      if (!this.takeOver(isPredecessorDead)) this.#reportNobody("its thread is in the middle of a write");
      else this.nudge();
    } else if (descriptor.kind === "network") {
      void this.#serveNetworkHere(descriptor, isPredecessorDead);
    }
  }

  async #serveNetworkHere(descriptor: NetworkDescriptor, isPredecessorDead: boolean): Promise<void> {
    dropInsteadOfBlocking(this.arena, this.slot, this.settings);
    try {
      const start = this.#startOf(descriptor, isPredecessorDead);
      const options = { report: (message: string) => this.report(message), keepsAlive: false };
      const { exporter } = descriptor;
      const pump =
        exporter.kind === "module"
          ? await createModulePump(this.arena, start, exporter, options)
          : await this.#loadProgram().createNetworkPump(this.arena, start, options);
      if (pump !== undefined) this.#serveEvents(pump);
    } catch (error) {
      this.#reportNobody((error as Error).message);
    }
  }

  #loadProgram(): NetworkProgram {
    return loadNetworkProgram((this.#outlet as { readonly source: string }).source);
  }

  #serveLocal(descriptor: LocalOutlet): void {
    dropInsteadOfBlocking(this.arena, this.slot, this.settings);
    const report = (message: string): void => this.report(message);
    const opened = descriptor.open(report, this.settings);
    this.#localExporter = opened.exporter;
    const start = { handlerSlot: this.slot, batch: this.settings, filters: this.filters.setup, report };
    this.#serveEvents(createLocalPump(this.arena, { ...start, ...opened }));
  }

  #serveEvents(pump: EventPump): void {
    this.#setLocal(new EventHandler(pump));
    void pump
      .run()
      .catch((error: unknown) => this.report(`Handler "${this.settings.name}" has stopped: ${String(error)}`))
      .then(() => announceEnd(this.arena.words, this.control));
  }

  /** What an exporter object keeps itself. False when the time is over first. @throws What the exporter rejects with. */
  async #flushExporter(deadline: number): Promise<boolean> {
    return this.#localExporter === undefined || isDoneBy(deadline, this.#localExporter.forceFlush());
  }

  #setLocal(local: LocalHandler): void {
    this.#local = local;
    threadRecorder().setLocalConsumer(this.slot, local);
  }

  async #shutDown(timeoutMillis: number): Promise<void> {
    this.close();
    // A worker that dies from here on is still replaced: what it has left must be delivered.
    const isDrained = await this.#drain(limitOf(timeoutMillis));
    if (!isDrained) this.demand(END_NOW);
    await this.#end();
    // Also what another thread published while the handler was closing.
    const left = this.countLeft();
    releaseHandlerLanes(this.arena, this.slot);
    offerSlot(this);
    if (!isDrained) {
      throw new FlushTimeoutError(timeoutMillis, [{ handler: this.settings.name, recordCount: left }], {
        isShutDown: true,
      });
    }
  }

  async #drain(millis: number): Promise<boolean> {
    this.demand(DRAIN_AND_END);
    this.nudge();
    return untilReached(this.arena.words, {
      word: this.control + CONSUMER_STATE_WORD,
      ticket: CONSUMER_ENDED,
      millis,
      isOver: () => this.#local instanceof InlineHandler && this.queuedCount === 0,
    });
  }

  async #end(): Promise<void> {
    this.#local?.stop();
    // What is under way may still come back: it is counted by the consumer then, and not as left.
    await untilReached(this.arena.words, {
      word: this.control + CONSUMER_STATE_WORD,
      ticket: CONSUMER_ENDED,
      millis: END_MILLIS,
      isOver: () => this.#local instanceof InlineHandler,
    });
    await this.#supervisor?.terminate();
    this.filters.end();
    announceEnd(this.arena.words, this.control);
  }
}

function limitOf(timeoutMillis: number): number {
  return timeoutMillis === 0 ? NO_LIMIT_MILLIS : timeoutMillis;
}
