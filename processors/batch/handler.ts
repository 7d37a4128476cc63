import type { Context } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { HandlerFilter } from "../../src/record/filter.ts";
import { parseThreshold, type LevelThreshold } from "../../src/record/severity.ts";
import type { HandlerStats } from "../queue/counters.ts";
import { GENERATION_WORD } from "../queue/layout.ts";
import { epochMillis } from "../shape/clock.ts";
import { EmitShapes } from "../shape/emit-shapes.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits, RECORD_TOO_LARGE } from "../shape/value-writer.ts";
import { DropWatch, type DropListener } from "./drop-watch.ts";
import { unwatchExit, watchExit } from "./exit-hook.ts";
import { HandlerEngine } from "./handler-engine.ts";
import { type HandlerMeter, meterHandler } from "./metered-handlers.ts";
import type { PublishRoute } from "./route.ts";
import type { Outlet, ProcessorSettings } from "./settings.ts";
import { writeKeeping, type KeepSettings } from "./settings-words.ts";
import { threadRecorder } from "./thread-recorder.ts";

const FLUSH_TIMEOUT_MILLIS = 30_000;
const NO_ATTRIBUTES = {};

/** Options of flushes. */
export interface FlushOptions {
  /** Longest wait in ms; 0 for no limit. Default 30,000. */
  readonly timeoutMillis?: number;
}

/**
 * What all handlers are: a batch log-record processor of OpenTelemetry that brings records to its destination from a thread of
 * its own. `emit`ting copies the record and returns.
 *
 * @see Logs SDK, LogRecordProcessor; Batching processor
 */
export abstract class FemtoHandler implements LogRecordProcessor, AsyncDisposable {
  readonly #engine: HandlerEngine;
  readonly #limits: EncoderLimits;
  readonly #drops: DropWatch;
  readonly #meter: HandlerMeter;
  /** Shapes of the records that come through `onEmit`, by scope object. */
  readonly #emitShapes = new WeakMap<object, EmitShapes>();
  #route: PublishRoute;
  #generation = 0;
  #shutdown: Promise<void> | undefined;

  /** For the handlers of this package: validated settings, and where the records go. */
  protected constructor(settings: ProcessorSettings, outlet: Outlet) {
    this.#engine = new HandlerEngine(settings, outlet);
    // Attributes are limited by the provider, and counted there: what comes here is complete.
    const attributeCountMax = Number.POSITIVE_INFINITY;
    this.#limits = { ...DEFAULT_ENCODER_LIMITS, recordBytesMax: settings.recordBytesMax, attributeCountMax };
    this.#drops = new DropWatch(this.#engine, (message, attributes) => this.#say(message, attributes));
    this.#meter = meterHandler(this, { engine: this.#engine, outlet });
    this.#route = this.#findRoute();
    watchExit(this.#engine, () => this.#drops.look());
  }

  /** The handler's name in messages and statistics. */
  get name(): string {
    return this.#engine.settings.name;
  }

  /** Number of the handler among those of the process; what loggers keep of it. */
  get slot(): number {
    return this.#engine.slot;
  }

  /** Severity number below which records pass the handler by. */
  get level(): number {
    return this.#engine.level;
  }

  /** Changes the level, for all threads at once. @throws {RangeError} No such level. */
  setLevel(level: LevelThreshold): void {
    const severity = parseThreshold(level);
    if (severity === undefined) {
      throw new RangeError(
        `Cannot set the level of handler "${this.name}": it is ${JSON.stringify(level)}, must be a level name such as "INFO" or a severity number from 1 to 24`,
      );
    }
    this.#engine.setLevel(severity);
  }

  /** The filters, in order; those that were given twice once. */
  get filters(): readonly HandlerFilter[] {
    return this.#engine.filters.list;
  }

  /**
   * Other filters from now on: they judge every record that this thread logs after the call, and those of other threads, and what is
   * still queued, as soon as the handler's thread has seen the change; at the latest when a flush that begins after the call is
   * done. The thread that made the handler only.
   * @throws {ConfigError} One of them is no filter, or its module does not exist: nothing has changed. Names all faults.
   */
  setFilters(filters: readonly HandlerFilter[]): void {
    this.#engine.filters.set(filters);
  }

  /** Puts a filter behind those there are, as `setFilters` does. Adding it twice changes nothing. @throws {ConfigError} */
  addFilter(filter: HandlerFilter): void {
    this.setFilters([...this.filters, filter]);
  }

  /** Takes a filter away, as `setFilters` does. */
  removeFilter(filter: HandlerFilter): void {
    this.setFilters(this.filters.filter((one) => one !== filter));
  }

  /**
   * From now on the handler keeps its records until one of `flushLevel` comes, or `capacity` of them are there: what
   * `FemtoMemoryHandler` does to its target.
   */
  keep(settings: KeepSettings): void {
    writeKeeping(this.#engine.arena, this.slot, settings);
  }

  /** Takes a record of the OpenTelemetry SDK: copied before this returns. Never throws. */
  onEmit(logRecord: ReadWriteLogRecord, _context?: Context): void {
    const recorder = threadRecorder();
    const route = this.#currentRoute();
    const encoder = recorder.acquire();
    const severity = logRecord.severityNumber ?? 0;
    try {
      encoder.begin(this.#limits);
      const shapes = this.#shapesOf(logRecord);
      const shapeAndFlags = shapes.encode(encoder, {
        severityNumber: severity,
        severityText: logRecord.severityText ?? "",
        eventName: logRecord.eventName,
        body: logRecord.body,
        attributes: logRecord.attributes ?? NO_ATTRIBUTES,
        droppedCount: logRecord.droppedAttributesCount,
        timestamp: logRecord.hrTime,
        span: logRecord.spanContext,
        bound: undefined,
      });
      const [seconds, nanos] = logRecord.hrTimeObserved;
      const byteCount = encoder.finish(shapeAndFlags, seconds * 1000 + nanos / 1e6);
      route.publish(encoder, byteCount, severity);
    } catch (error) {
      if (error === RECORD_TOO_LARGE) route.countTooLarge(severity);
      else this.#engine.report(`A record could not be taken: ${String(error)}`);
    } finally {
      recorder.release();
    }
  }

  /** Whether a record of this severity would be taken. */
  enabled(options: {
    readonly context: Context;
    readonly instrumentationScope: InstrumentationScope;
    readonly severityNumber?: number;
    readonly eventName?: string;
  }): boolean {
    if (this.#engine.isShutDown) return false;
    const severity = options.severityNumber ?? 0;
    return severity === 0 || severity >= this.#engine.level;
  }

  /**
   * Resolves when everything that any thread published before the call is written, or acknowledged by the peer, or safe in the
   * persistent queue, or counted as dropped.
   * @throws {FlushTimeoutError} The time is over; names what is left. Nothing is lost by that.
   */
  forceFlush(options: FlushOptions = {}): Promise<void> {
    return this.#engine.flush(options.timeoutMillis ?? FLUSH_TIMEOUT_MILLIS);
  }

  /** `forceFlush` that blocks the thread. Returns false when the time was over first. Not for exporter instances. */
  flushSync(timeoutMillis: number = this.#engine.settings.exitTimeoutMillis): boolean {
    return this.#engine.flushSync(performance.now() + timeoutMillis);
  }

  /**
   * Flushes, and ends the handler: records that come later are counted as `already_shutdown`. Calls after the first
   * give the same promise.
   * @throws {FlushTimeoutError} The time was over first; what was left is counted as `exit_deadline`.
   */
  shutdown(options: FlushOptions = {}): Promise<void> {
    this.#shutdown ??= this.#shutDown(options.timeoutMillis ?? FLUSH_TIMEOUT_MILLIS);
    return this.#shutdown;
  }

  async #shutDown(timeoutMillis: number): Promise<void> {
    this.#drops.stop();
    try {
      await this.#engine.shutdown(timeoutMillis);
    } finally {
      unwatchExit(this.#engine);
      this.#drops.look();
      this.#meter.end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** What has become of the handler's records, of all threads, since it was made. */
  stats(): HandlerStats {
    return this.#engine.stats();
  }

  /**
   * Calls `listener` when records were dropped, at most once a second, with the counts since the last call.
   * @returns A function that removes the listener.
   */
  on(event: "drop", listener: DropListener): () => void {
    if (event !== "drop") {
      throw new TypeError(
        `Cannot listen to "${String(event)}" of handler "${this.name}": the only event is "drop"`,
      );
    }
    return this.#drops.add(listener);
  }

  /** For handlers of files: closes and opens the destination. */
  protected reopenDestination(timeoutMillis: number): Promise<void> {
    return this.#engine.reopenDestination(timeoutMillis);
  }

  #currentRoute(): PublishRoute {
    if (threadRecorder().arena.words[GENERATION_WORD] !== this.#generation) this.#route = this.#findRoute();
    return this.#route;
  }

  #findRoute(): PublishRoute {
    const recorder = threadRecorder();
    this.#generation = recorder.arena.words[GENERATION_WORD] as number;
    const slot = this.#engine.slot;
    return recorder.route(slot < 32 ? 1 << slot : 0, slot < 32 ? 0 : 1 << (slot - 32));
  }

  #shapesOf(logRecord: ReadWriteLogRecord): EmitShapes {
    const scope = logRecord.instrumentationScope;
    const known = this.#emitShapes.get(scope);
    if (known !== undefined) return known;
    const { dictionary } = threadRecorder();
    const shapes = new EmitShapes(dictionary, dictionary.defineScope(scope, logRecord.resource));
    this.#emitShapes.set(scope, shapes);
    return shapes;
  }

  /** A record of the handler about itself, to its own destination. */
  #say(message: string, attributes: Readonly<Record<string, unknown>>): boolean {
    const recorder = threadRecorder();
    const encoder = recorder.acquire();
    try {
      encoder.begin(this.#limits);
      const shapes = new EmitShapes(
        recorder.dictionary,
        recorder.dictionary.defineScope({ name: "femtologging" }, SELF),
      );
      const shapeAndFlags = shapes.encode(encoder, {
        severityNumber: 13,
        severityText: "WARN",
        eventName: undefined,
        body: message,
        attributes,
        droppedCount: 0,
        timestamp: undefined,
        span: undefined,
        bound: undefined,
      });
      return this.#currentRoute().tryPublish(encoder, encoder.finish(shapeAndFlags, epochMillis()), 13);
    } finally {
      recorder.release();
    }
  }
}

const SELF = { attributes: {} };
