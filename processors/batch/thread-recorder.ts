import { isMainThread } from "node:worker_threads";
import { reportOnce } from "../../src/diagnostics.ts";
import type { FilterChain } from "../../src/filters/rules/filter-chain.ts";
import type { ModuleFilterDescriptor } from "../../src/filters/rules/filter-descriptor.ts";
import type { FemtoFilter } from "../../src/record/filter.ts";
import type { Redaction } from "../../src/record/redaction.ts";
import type { Arena } from "../queue/arena.ts";
import { handlerWord } from "../queue/arena.ts";
import { LargeArea } from "../queue/large-area.ts";
import { HANDLER_COUNT, HANDLER_GATE, HANDLER_SERIAL, HANDLER_STATE, HANDLER_USED } from "../queue/layout.ts";
import { joinProcess, openProcessArena, setMover } from "../queue/process-arena.ts";
import { markThreadDead } from "../queue/threads.ts";
import { LaneWriter } from "../queue/writer.ts";
import { type ResourceInput, ShapeDictionary } from "../shape/dictionary.ts";
import { RecordEncoder } from "../shape/encoder.ts";
import { loadFilterModule } from "../worker/filter-module.ts";
import { EmitScopes } from "./emit-scopes.ts";
import { FilterStage } from "./filtered-route.ts";
import { GatedRoute, type Gate } from "./gated-route.ts";
import { beforeLastFlush } from "./last-words.ts";
import { RedactionStage } from "./redacting-route.ts";
import { Route, type LocalConsumer, type PublishRoute, type RouteTarget } from "./route.ts";
import { SharedFilters } from "./shared-filters.ts";
import { SharedHandlers, type SharedHandler } from "./shared-handler.ts";
import { reportOtherVersions, seatThread, watchThreads } from "./thread-watch.ts";

/** What of a recorder lies in an arena. */
interface Place {
  readonly arena: Arena;
  readonly threadSlot: number;
  readonly dictionary: ShapeDictionary;
  readonly large: LargeArea;
  readonly scopes: EmitScopes;
}

function placeIn(arena: Arena, threadSlot: number): Place {
  const dictionary = new ShapeDictionary(arena, threadSlot);
  return { arena, threadSlot, dictionary, large: new LargeArea(arena), scopes: new EmitScopes(dictionary) };
}

/**
 * What one thread needs to record: its slot in the arena, its dictionary of shapes, scratch memory for encoding, its
 * lanes. One a thread (and copy of this code); made when the thread first logs.
 */
export class ThreadRecorder {
  #place: Place;
  readonly #encoders: RecordEncoder[] = [new RecordEncoder()];
  #lanes: (LaneWriter | undefined)[] = [];
  #shared: SharedHandlers;
  #filters: SharedFilters;
  readonly #movers = new Set<(arena: Arena) => void>();
  readonly #local: (LocalConsumer | undefined)[] = [];
  readonly #gates: (FilterStage | undefined)[] = [];
  #depth = 0;
  #hasEnded = false;

  constructor(arena: Arena, threadSlot: number) {
    this.#place = placeIn(arena, threadSlot);
    this.#shared = new SharedHandlers(arena);
    this.#filters = new SharedFilters(arena);
  }

  get sharedFilters(): SharedFilters {
    return this.#filters;
  }

  /** @throws {Error} The module cannot be loaded, or makes no filter. */
  loadFilter(descriptor: ModuleFilterDescriptor): FemtoFilter {
    return loadFilterModule(descriptor);
  }

  get arena(): Arena {
    return this.#place.arena;
  }

  get threadSlot(): number {
    return this.#place.threadSlot;
  }

  get dictionary(): ShapeDictionary {
    return this.#place.dictionary;
  }

  get large(): LargeArea {
    return this.#place.large;
  }

  get scopes(): EmitScopes {
    return this.#place.scopes;
  }

  /** Calls `listener` when the thread goes to another arena: shapes, levels and handlers are others from then on. */
  onMove(listener: (arena: Arena) => void): void {
    // Nobody's arena takes the place of that of the main thread.
    if (!this.arena.isOfMainThread) this.#movers.add(listener);
  }

  /**
   * Goes to the arena of the main thread, made before each knew of the other. False, and nothing is changed, while handlers work in
   * this one, or the other has no room. The slot in this one is kept: other threads may still read what it says.
   */
  move(arena: Arena): boolean {
    if (this.arena.hasHandlers) {
      reportOnce("apart", APART);
      return false;
    }
    const slot = seatThread(arena);
    if (slot < 0) return false;
    this.#place = placeIn(arena, slot);
    this.#lanes = [];
    this.#shared = new SharedHandlers(arena);
    this.#filters = new SharedFilters(arena);
    for (const listener of this.#movers) listener(arena);
    return true;
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

  /** A redaction for the loggers of this thread, whose records are all of one resource. */
  redactionStage(redaction: Redaction, resource: ResourceInput): RedactionStage {
    return new RedactionStage(this, redaction, resource);
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

  /** A handler that another thread has made; undefined where there is none in the slot. The same object each time. */
  sharedHandler(slot: number): SharedHandler | undefined {
    return this.#shared.at(slot);
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

const APART =
  "This thread has handlers of its own, made before it could know of those of the process: it was started before the process loaded femtologging. Its loggers and handlers stay apart; load femtologging before the first thread is started, or make no handlers in threads";

let ownRecorder: ThreadRecorder | undefined;

joinProcess();
watchThreads();
setMover((arena) => ownRecorder === undefined || ownRecorder.move(arena));

/**
 * The recorder of this thread.
 * @throws {RangeError} More than 256 threads of the process log at the same time.
 */
export function threadRecorder(): ThreadRecorder {
  if (ownRecorder !== undefined) return ownRecorder;
  const arena = openProcessArena();
  const slot = seatThread(arena);
  if (slot < 0) throw new RangeError("Cannot log from this thread: 256 threads of the process log already");
  ownRecorder = new ThreadRecorder(arena, slot);
  announceEndOf(ownRecorder);
  reportOtherVersions();
  return ownRecorder;
}

/** A thread's end is known by its own word, or, where it was terminated, by that of others. */
function announceEndOf(recorder: ThreadRecorder): void {
  if (isMainThread) return;
  process.once("exit", () => {
    recorder.end();
    markThreadDead(recorder.arena, recorder.threadSlot);
  });
}
