import type { Context } from "@opentelemetry/api";
import type { Arena } from "../../processors/queue/arena.ts";
import type { HandlerStats } from "../../processors/queue/counters.ts";
import type { ResourceInput, ScopeInput, ShapeDictionary } from "../../processors/shape/dictionary.ts";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import type { FilterChain } from "../filters/rules/filter-chain.ts";
import type { FilterDescriptor, ModuleFilterDescriptor } from "../filters/rules/filter-descriptor.ts";
import type { FemtoFilter } from "../record/filter.ts";
import type { Redaction } from "../record/redaction.ts";
import type { LevelThreshold } from "../record/severity.ts";

/** The way of finished records to handlers. Never throws. */
export interface RecordRoute {
  readonly isEmpty: boolean;
  publish(encoder: RecordEncoder, byteCount: number, severity: number): void;
  countTooLarge(severity: number): void;
  /** Counts a record that was kept back, and is left out. Ways that lead to no handler count nothing. */
  countFiltered?(severity: number): void;
  /** Whether a record of this severity would go anywhere. */
  takes(severity: number, asked?: RecordQuestion): boolean;
  /** The same way for records of another context than the active one, where the way makes a difference between them. */
  inContext?(context: Context): RecordRoute;
  /** Where filters leave records out: sends on what tells of them; only what is due, or all. */
  summarize?(isAll: boolean): void;
}

/** Where a system counts, on its thread, the records that its loggers are given: `counts[index]`. */
export interface CreatedCell {
  readonly counts: Float64Array;
  readonly index: number;
}

/** Filters of a logger at work. */
export interface FilterStage {
  /** The filters, and then this way. */
  before(route: RecordRoute, listener: { onPending(): void }): RecordRoute;
}

/** A redaction at work. */
export interface RedactionStage {
  /** The redaction, and then this way. */
  before(route: RecordRoute): RecordRoute;
}

/** A filter of a logger of the process, as all threads know it. */
export interface SharedLoggerFilter {
  readonly key: string;
  /** `threadId` of the thread that has added it. */
  readonly thread: number;
  readonly logger: string;
  /** Undefined for a function or an object, which only its own thread can ask. */
  readonly descriptor: FilterDescriptor | undefined;
}

/** How the filters of loggers are made known to all threads. */
export interface SharedFilterPort {
  /** Those that other threads have added; the same list as long as nothing changes. */
  readonly others: readonly SharedLoggerFilter[];
  /** Whether a filter is still there: any thread may take it away. */
  has(key: string): boolean;
  /** Puts a filter there, or changes that of `key`. Returns its key; undefined where there is no room. */
  put(filter: Pick<SharedLoggerFilter, "logger" | "descriptor">, key?: string): string | undefined;
  remove(key: string): void;
  /** What is redacted in the records of the process's loggers. The same object as long as nothing changes. */
  readonly redaction: Redaction | undefined;
  /** False where there is no room for it: then nothing has changed. */
  setRedaction(redaction: Redaction | undefined): boolean;
}

/** Makes a filter out of a module. @throws {Error} It cannot be loaded. */
export type FilterLoader = (descriptor: ModuleFilterDescriptor) => FemtoFilter;

/** What else is known of a record that may be made. */
export interface RecordQuestion {
  readonly scope: ScopeInput;
  /** Undefined for the active context. */
  readonly context: Context | undefined;
  readonly eventName: string | undefined;
}

/** What a logger needs of its thread to make records. */
export interface RecordPort {
  readonly dictionary: ShapeDictionary;
  /** Scratch memory for one record; give it back with `release`. */
  acquire(): RecordEncoder;
  release(): void;
  /** The way to the handlers of a mask: bits 0 to 31, bits 32 to 63. */
  route(low: number, high: number): RecordRoute;
  /** Puts filters to work on this thread, for a logger whose records are of this resource. */
  filterStage(chain: FilterChain, resource: ResourceInput): FilterStage;
  /** Puts a redaction to work on this thread, for loggers whose records are of this resource. */
  redactionStage(redaction: Redaction, resource: ResourceInput): RedactionStage;
  /** The filters of the loggers of the process, for all threads. Another object after the thread has gone to another arena. */
  readonly sharedFilters: SharedFilterPort;
  loadFilter(descriptor: ModuleFilterDescriptor): FemtoFilter;
  /** Calls `say` before the last flush of the process or thread. Returns what ends that. */
  beforeLastFlush(say: () => void): () => void;
  /** Counts the uses of a handler's slot: when it changes, the handler is gone, and the slot may be another's. */
  serialOf(handlerSlot: number): number;
  /** A handler that another thread has made, the same object each time; undefined where the slot is free. */
  sharedHandler(slot: number): HandlerPort | undefined;
  /** Calls `listener` when the thread goes to the arena of another: shapes, levels and handlers are others from then on. */
  onMove(listener: (arena: Arena) => void): void;
}

/** The levels, handlers and propagation of the loggers of a system. */
export interface LevelTable {
  /** Another one after `moveTo`. */
  readonly words: Int32Array;
  readonly generation: number;
  /** Whether it is that of the process, which all threads see. */
  readonly isShared: boolean;
  find(name: string): number;
  cell(slot: number): number;
  ownLevel(slot: number): number | undefined;
  setOwnLevel(slot: number, level: number | undefined): void;
  propagates(slot: number): boolean;
  isDisabled(slot: number): boolean;
  setFlag(slot: number, flag: "propagate" | "disabled", isSet: boolean): void;
  setDisabledUpTo(severity: number): void;
  addHandler(slot: number, handler: number): void;
  removeHandler(slot: number, handler: number): void;
  handlersOf(slot: number): { readonly low: number; readonly high: number };
  /** Whether a handler was added to this very logger, by whichever thread. */
  hasHandler(slot: number, handler: number): boolean;
  moveTo(arena: Arena): void;
  /** Handlers of any logger, whichever thread has added them. */
  allHandlers(): { readonly low: number; readonly high: number };
}

/** What a logger needs of a handler. */
export interface HandlerPort {
  readonly name: string;
  /** Its number among the handlers of the process. */
  readonly slot: number;
  setLevel(level: LevelThreshold): void;
  forceFlush(options?: { readonly timeoutMillis?: number }): Promise<void>;
  flushSync(timeoutMillis?: number): boolean;
  shutdown(options?: { readonly timeoutMillis?: number }): Promise<void>;
  stats(): HandlerStats;
}
