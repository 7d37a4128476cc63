import type { Context } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { FemtoHandler, FlushOptions } from "../../processors/batch/handler.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { MEMORY_HANDLER_OPTIONS } from "../options/memory-options.ts";
import { resolveOptions } from "../options/validate.ts";
import type { LevelThreshold } from "../record/severity.ts";
import { subjectOf } from "./settings.ts";

type Given = OptionsOf<typeof MEMORY_HANDLER_OPTIONS>;

/** Options of `FemtoMemoryHandler`; CONFIG.md describes each. */
export type MemoryHandlerOptions = Omit<Given, "target"> & { readonly target: FemtoHandler };

/**
 * Keeps records until something goes wrong: then they are delivered, oldest first, by another handler, its target. Kept is
 * what waits in the target's queue, so nothing is copied, other threads' records are kept too, and the end of the process, or
 * the death of a thread, loses none. What a flush asks for is delivered.
 *
 * @see CPython 3.13, logging.handlers.MemoryHandler; differences are in docs/python-differences.md
 */
export class FemtoMemoryHandler implements LogRecordProcessor, AsyncDisposable {
  /** The handler that delivers. */
  readonly target: FemtoHandler;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: MemoryHandlerOptions) {
    const subject = subjectOf(options, "memory");
    const { capacity, flushLevel, flushOnClose } = resolveOptions(MEMORY_HANDLER_OPTIONS, options, {
      subject,
    });
    this.target = options.target;
    this.target.keep({ capacity, flushLevel, flushOnClose });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof MEMORY_HANDLER_OPTIONS, FemtoMemoryHandler> {
    return createBuilder(
      MEMORY_HANDLER_OPTIONS,
      (options) => new FemtoMemoryHandler(options as MemoryHandlerOptions),
    );
  }

  /** The target's name. */
  get name(): string {
    return this.target.name;
  }

  /** The target's number among the handlers of the process. */
  get slot(): number {
    return this.target.slot;
  }

  /** The target's level: a severity number. */
  get level(): number {
    return this.target.level;
  }

  /** Records below this level are not even kept. @throws {RangeError} No such level. */
  setLevel(level: LevelThreshold): void {
    this.target.setLevel(level);
  }

  /** The target's filters. */
  get filters(): FemtoHandler["filters"] {
    return this.target.filters;
  }

  /** Gives the target these filters: what they leave out is not delivered with what was kept. @throws {ConfigError} As the target does. */
  setFilters(filters: FemtoHandler["filters"]): void {
    this.target.setFilters(filters);
  }

  /** Adds a filter to the target's. @throws {ConfigError} As the target does. */
  addFilter(filter: Parameters<FemtoHandler["addFilter"]>[0]): void {
    this.target.addFilter(filter);
  }

  /** Takes a filter off the target. */
  removeFilter(filter: Parameters<FemtoHandler["removeFilter"]>[0]): void {
    this.target.removeFilter(filter);
  }

  /** Takes a record of the OpenTelemetry SDK: copied before this returns. Never throws. */
  onEmit(logRecord: ReadWriteLogRecord, context?: Context): void {
    this.target.onEmit(logRecord, context);
  }

  /** Whether a record of this severity would be taken. */
  enabled(options: Parameters<FemtoHandler["enabled"]>[0]): boolean {
    return this.target.enabled(options);
  }

  /** Delivers what is kept. @throws {FlushTimeoutError} The time is over; names what is left. */
  forceFlush(options: FlushOptions = {}): Promise<void> {
    return this.target.forceFlush(options);
  }

  /** `forceFlush` that blocks the thread. Returns false when the time was over first. */
  flushSync(timeoutMillis?: number): boolean {
    return this.target.flushSync(timeoutMillis);
  }

  /** Ends the target, with what is kept or without it, as `flushOnClose` says. @throws {FlushTimeoutError} As the target does. */
  shutdown(options: FlushOptions = {}): Promise<void> {
    return this.target.shutdown(options);
  }

  /** What has become of the records. Those that are kept are `queued`. */
  stats(): ReturnType<FemtoHandler["stats"]> {
    return this.target.stats();
  }

  /**
   * Calls `listener` when the target has dropped records, at most once a second.
   * @returns A function that removes the listener.
   */
  on(...args: Parameters<FemtoHandler["on"]>): () => void {
    return this.target.on(...args);
  }

  /** `shutdown()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.target.shutdown();
  }
}
