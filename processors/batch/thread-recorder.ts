import { isMainThread } from "node:worker_threads";
import { reportOnce } from "../../src/diagnostics.ts";
import type { FilterChain } from "../../src/filters/rules/filter-chain.ts";
import type { Arena } from "../queue/arena.ts";
import { handlerWord, openProcessArena } from "../queue/arena.ts";
import { LargeArea } from "../queue/large-area.ts";
import { HANDLER_COUNT, HANDLER_GATE, HANDLER_SERIAL, HANDLER_STATE, HANDLER_USED } from "../queue/layout.ts";
import { markThreadDead, markThreadIdDead, takeThreadSlot } from "../queue/threads.ts";
import { LaneWriter } from "../queue/writer.ts";
import { type ResourceInput, ShapeDictionary } from "../shape/dictionary.ts";
import { RecordEncoder } from "../shape/encoder.ts";
import { EmitScopes } from "./emit-scopes.ts";
import { FilterStage } from "./filtered-route.ts";
import { flushForeign, flushForeignSync } from "./foreign-handlers.ts";
import { GatedRoute, type Gate } from "./gated-route.ts";
import { beforeLastFlush } from "./last-words.ts";
import { Route, type LocalConsumer, type PublishRoute, type RouteTarget } from "./route.ts";

/**
 * What one thread needs to record: its slot in the arena, its dictionary of shapes, scratch memory for encoding, its
 * lanes. One a thread (and copy of this code); made when the thread first logs.
 */
export class ThreadRecorder {
  readonly arena: Arena;
  readonly threadSlot: number;
  readonly dictionary: ShapeDictionary;
  readonly large: LargeArea;
  readonly scopes: EmitScopes;
  readonly #encoders: RecordEncoder[] = [new RecordEncoder()];
  readonly #lanes: (LaneWriter | undefined)[] = [];
  readonly #local: (LocalConsumer | undefined)[] = [];
  readonly #gates: (FilterStage | undefined)[] = [];
  #depth = 0;
  #hasEnded = false;

  constructor(arena: Arena, threadSlot: number) {
    this.arena = arena;
    this.threadSlot = threadSlot;
    this.dictionary = new ShapeDictionary(arena, threadSlot);
    this.large = new LargeArea(arena);
    this.scopes = new EmitScopes(this.dictionary);
  }

  /** Scratch memory for one record. A getter that logs while a record is encoded gets another. Give it back. */
  acquire(): RecordEncoder {
    return (this.#encoders[this.#depth++] ??= new RecordEncoder());
  }

  release(): void {
    this.#depth--;
  }

  /** Handlers whose consumer is on this thread are told of records at once. */
  setLocalConsumer(handlerSlot: number, consumer: LocalConsumer | undefined): void {
    this.#local[handlerSlot] = consumer;
    this.arena.bumpGeneration();
  }

  /** Filters that records of this thread pass before they are queued for a handler; undefined for none. */
  setGate(handlerSlot: number, chain: FilterChain | undefined): void {
    this.#gates[handlerSlot] = chain === undefined ? undefined : new FilterStage(this, chain);
    const word = handlerWord(handlerSlot) + HANDLER_GATE;
    this.arena.words[word] = chain === undefined ? 0 : this.threadSlot + 1;
    this.arena.bumpGeneration();
  }

  /** Filters of a logger of this thread, whose records are all of one resource. */
  filterStage(chain: FilterChain, resource: ResourceInput): FilterStage {
    return new FilterStage(this, chain, resource);
  }

  /** Calls `say` before the last flush of the process or thread. Returns what ends that. */
  beforeLastFlush(say: () => void): () => void {
    return beforeLastFlush(say);
  }

  /**
   * The thread writes no more: its slot may soon be another's. What listeners of 'exit' still log has no handler, so that the
   * last resort takes it.
   */
  end(): void {
    this.#hasEnded = true;
    this.arena.bumpGeneration();
  }

  /** The way to the handlers of a mask: bits 0 to 31, bits 32 to 63. Handlers that are gone are left out. */
  route(low: number, high: number): PublishRoute {
    const targets: RouteTarget[] = [];
    if (this.#hasEnded) return this.#routeTo(targets);
    for (let slot = 0; slot < HANDLER_COUNT; slot++) {
      const mask = slot < 32 ? low : high;
      if ((mask & (1 << (slot & 31))) === 0) continue;
      if (this.arena.words[handlerWord(slot) + HANDLER_STATE] !== HANDLER_USED) continue;
      targets.push({
        slot,
        settingWord: handlerWord(slot),
        lane: this.#lane(slot),
        local: this.#local[slot],
        isStalled: false,
      });
    }
    const gates = targets.flatMap((target) => this.#gateOf(target));
    if (gates.length === 0) return this.#routeTo(targets);
    return new GatedRoute(
      this.#routeTo(targets.filter(({ slot }) => this.#gates[slot] === undefined)),
      gates,
    );
  }

  #routeTo(targets: readonly RouteTarget[]): Route {
    return new Route({ arena: this.arena, large: this.large, threadSlot: this.threadSlot, targets });
  }

  /** The filters of this thread before a handler; none, or one. */
  #gateOf(target: RouteTarget): Gate[] {
    const stage = this.#gates[target.slot];
    const gateOwner = this.arena.words[target.settingWord + HANDLER_GATE] as number;
    if (gateOwner !== 0 && gateOwner !== this.threadSlot + 1) {
      reportOnce(
        `gate ${target.slot}`,
        `A handler has a filter that is an object or function of another thread: records of this thread do not pass it; use a built-in filter or { module, options } for records of all threads`,
      );
    }
    if (stage === undefined) return [];
    const direct = this.#routeTo([target]);
    return [{ filtered: stage.before(direct, { onRefused: () => target.lane.countFiltered() }), direct }];
  }

  /** Counts the uses of a handler's slot: when it changes, the handler is gone. */
  serialOf(slot: number): number {
    return this.arena.words[handlerWord(slot) + HANDLER_SERIAL] as number;
  }

  flushForeign(slot: number, timeoutMillis: number): Promise<void> {
    return flushForeign(this.arena, slot, timeoutMillis);
  }

  flushForeignSync(slot: number, deadline: number): boolean {
    return flushForeignSync(this.arena, slot, deadline);
  }

  #lane(slot: number): LaneWriter {
    const serial = this.serialOf(slot);
    const known = this.#lanes[slot];
    if (known !== undefined && known.serial === serial) return known;
    const lane = new LaneWriter(this.arena, { handlerSlot: slot, lane: this.threadSlot });
    this.#lanes[slot] = lane;
    return lane;
  }
}

let ownRecorder: ThreadRecorder | undefined;

/**
 * The recorder of this thread.
 * @throws {RangeError} More than 256 threads of the process log at the same time.
 */
export function threadRecorder(): ThreadRecorder {
  if (ownRecorder !== undefined) return ownRecorder;
  const arena = openProcessArena();
  const slot = takeThreadSlot(arena);
  if (slot < 0) throw new RangeError("Cannot log from this thread: 256 threads of the process log already");
  ownRecorder = new ThreadRecorder(arena, slot);
  watchThreads(arena, slot);
  return ownRecorder;
}

/** A thread's end is known by its own exit hook, or, where it was terminated, by its parent. */
function watchThreads(arena: Arena, slot: number): void {
  if (!isMainThread) {
    process.once("exit", () => {
      ownRecorder?.end();
      markThreadDead(arena, slot);
    });
  }
  process.on("worker", (worker) => {
    const id = worker.threadId;
    worker.once("exit", () => markThreadIdDead(arena, id));
  });
}
