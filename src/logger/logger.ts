import type { Context, LogRecord, Logger } from "@opentelemetry/api";
import { BoundAttributes } from "../../processors/shape/bound-attributes.ts";
import type { ScopeInput } from "../../processors/shape/dictionary.ts";
import type { LoggerFilter } from "../record/filter.ts";
import {
  LEVELS,
  parseLevel,
  parseThreshold,
  severityName,
  type Level,
  type LevelThreshold,
} from "../record/severity.ts";
import { activeSpan, type CallPlace } from "./call-encoder.ts";
import { readEmitted, readSeverity, textOf } from "./emitted.ts";
import type { LogSystem } from "./log-system.ts";
import { LoggerCore } from "./logger-core.ts";
import type { HandlerPort, RecordRoute } from "./ports.ts";
import { Thrown } from "./sorted-call.ts";
import type { ExceptionMethod, LevelledLogMethod, LogMethod } from "./template-types.ts";

const ERROR = 17;
const SEVERITY_COUNT = 25;
const NO_PLACES: (CallPlace | undefined)[] = [];
/** Where a record goes that should not have been made. */
const NOWHERE: RecordRoute = {
  isEmpty: true,
  publish: () => {},
  countTooLarge: () => {},
  takes: () => false,
};

type LogMethodName =
  | "trace"
  | "debug"
  | "info"
  | "warn"
  | "warning"
  | "error"
  | "critical"
  | "fatal"
  | "log"
  | "exception";
/** What a log method is at run time: the types of `LogMethod` are the compiler's business. */
type LooseMethod = (this: FemtoLogger, first: unknown, second?: unknown, ...rest: readonly unknown[]) => void;
type LooserMethod = (this: FemtoLogger, first: unknown, ...values: readonly unknown[]) => void;

/**
 * Where records are made. A logger has a dotted name, a level (its own, or that of the nearest logger above that has one) and
 * handlers; its records also go to the handlers of the loggers above it. Nothing here throws but what configures.
 *
 * It is an OpenTelemetry `Logger` too: its name is the instrumentation scope.
 */
export class FemtoLogger implements Logger {
  /** TRACE, 1: what only its author wants to see. See {@link LogMethod} for the forms of a call. */
  declare readonly trace: LogMethod;
  /** DEBUG, 5. */
  declare readonly debug: LogMethod;
  /** INFO, 9. */
  declare readonly info: LogMethod;
  /** WARN, 13. */
  declare readonly warn: LogMethod;
  /** WARN, under Python's name. */
  declare readonly warning: LogMethod;
  /** ERROR, 17. */
  declare readonly error: LogMethod;
  /** CRITICAL, 21. */
  declare readonly critical: LogMethod;
  /** CRITICAL, under the name of others. */
  declare readonly fatal: LogMethod;
  /** At a level that is known at run time. */
  declare readonly log: LevelledLogMethod;
  /** ERROR, with an error that was caught, whatever it is: `log.exception(error, "payment failed", { id })`. */
  declare readonly exception: ExceptionMethod;

  readonly #core: LoggerCore;
  readonly #bound: BoundAttributes | undefined;
  // Copies of the core's: read by every call, also of a disabled level.
  #words: Int32Array;
  #cell: number;
  #places: (CallPlace | undefined)[] = NO_PLACES;

  /** Use `getLogger`. */
  constructor(core: LoggerCore, bound?: BoundAttributes) {
    this.#core = core;
    this.#bound = bound;
    this.#words = core.words;
    this.#cell = core.cell;
  }

  static {
    const prototype = this.prototype as unknown as Record<LogMethodName, LooseMethod | LooserMethod>;
    // Written out one by one: each call site of the application then meets a function with one level in it.
    prototype.trace = function (
      this: FemtoLogger,
      first: unknown,
      second?: unknown,
      ...rest: readonly unknown[]
    ) {
      if ((this.#words[this.#cell] as number) > 1) return;
      this.#call(1, first, second, rest);
    };
    prototype.debug = function (
      this: FemtoLogger,
      first: unknown,
      second?: unknown,
      ...rest: readonly unknown[]
    ) {
      if ((this.#words[this.#cell] as number) > 5) return;
      this.#call(5, first, second, rest);
    };
    prototype.info = function (
      this: FemtoLogger,
      first: unknown,
      second?: unknown,
      ...rest: readonly unknown[]
    ) {
      if ((this.#words[this.#cell] as number) > 9) return;
      this.#call(9, first, second, rest);
    };
    prototype.warn = function (
      this: FemtoLogger,
      first: unknown,
      second?: unknown,
      ...rest: readonly unknown[]
    ) {
      if ((this.#words[this.#cell] as number) > 13) return;
      this.#call(13, first, second, rest);
    };
    prototype.error = function (
      this: FemtoLogger,
      first: unknown,
      second?: unknown,
      ...rest: readonly unknown[]
    ) {
      if ((this.#words[this.#cell] as number) > 17) return;
      this.#call(17, first, second, rest);
    };
    prototype.critical = function (
      this: FemtoLogger,
      first: unknown,
      second?: unknown,
      ...rest: readonly unknown[]
    ) {
      if ((this.#words[this.#cell] as number) > 21) return;
      this.#call(21, first, second, rest);
    };
    prototype.warning = prototype.warn;
    prototype.fatal = prototype.critical;
    prototype.log = function (this: FemtoLogger, level: unknown, ...values: readonly unknown[]) {
      const severity = parseLevel(level) ?? LEVELS.INFO;
      if (this.isEnabledFor(severity)) this.#callSorted(severity, values);
    };
    prototype.exception = function (this: FemtoLogger, error: unknown, ...values: readonly unknown[]) {
      if (!this.isEnabledFor(ERROR)) return;
      this.#callSorted(ERROR, [new Thrown(error), ...values]);
    };
  }

  /** The dotted name; "root" for the one above all. */
  get name(): string {
    return this.#core.scope.name;
  }

  /** The level in force as severity number: records below it are not made. 25 where the logger is disabled. */
  get effectiveLevel(): number {
    this.#follow();
    return this.#words[this.#cell] as number;
  }

  /** The logger's own level as severity number; undefined where it takes that of the loggers above. */
  get level(): number | undefined {
    return this.#core.system.table.ownLevel(this.#core.slot);
  }

  /**
   * Sets the logger's own level, for every thread at once; "NOTSET" to take that of the loggers above again.
   * @throws {RangeError} No such level.
   */
  setLevel(level: LevelThreshold): void {
    const severity = parseThreshold(level);
    if (severity === undefined) {
      throw new RangeError(
        `Cannot set the level of logger "${this.name}": it is ${JSON.stringify(level)}, must be a level name such as "INFO" or a severity number from 1 to 24`,
      );
    }
    this.#core.system.table.setOwnLevel(this.#core.slot, severity === 0 ? undefined : severity);
  }

  /** Whether a call of this level makes a record. */
  isEnabledFor(level: LevelThreshold): boolean {
    const severity: number = typeof level === "number" ? level : (parseLevel(level) ?? 0);
    return this.effectiveLevel <= severity;
  }

  /** Whether records go to the handlers of the loggers above too. */
  get propagate(): boolean {
    return this.#core.system.table.propagates(this.#core.slot);
  }

  set propagate(propagates: boolean) {
    this.#core.system.table.setFlag(this.#core.slot, "propagate", propagates);
  }

  /** Whether the logger makes no records at all. */
  get disabled(): boolean {
    return this.#core.system.table.isDisabled(this.#core.slot);
  }

  set disabled(isDisabled: boolean) {
    this.#core.system.table.setFlag(this.#core.slot, "disabled", isDisabled);
  }

  /** Handlers of this logger: those that this thread added, then those of other threads, which are shut down by those. */
  get handlers(): readonly HandlerPort[] {
    return this.#core.system.handlersOf(this.#core.slot);
  }

  /** Makes records of this logger and of those below it go to a handler. Adding it twice changes nothing. */
  addHandler(handler: HandlerPort): void {
    this.#core.system.addHandler(this.#core.slot, handler);
  }

  /** Records of this logger no longer go to the handler. The handler goes on working. */
  removeHandler(handler: HandlerPort): void {
    this.#core.system.removeHandler(this.#core.slot, handler);
  }

  /** Filters of this logger, in order: those of other threads first, in objects of this one. */
  get filters(): readonly LoggerFilter[] {
    return this.#core.system.filters.of(this.name);
  }

  /**
   * Puts a filter behind those of the logger, only for records that are made by this logger (and those that `with` gives), not for those of
   * the loggers below: after the level, before all handlers. Built-in filters and modules hold on all threads, each of which counts for
   * itself; functions and objects on the thread that adds them, which is said once on the others. Adding it twice changes nothing.
   * @throws {TypeError} It is no filter. @throws {ConfigError} It is a module that cannot be used.
   */
  addFilter(filter: LoggerFilter): void {
    this.#core.system.filters.add(this.name, filter);
  }

  /** Takes a filter away. What it has left out is told of first. */
  removeFilter(filter: LoggerFilter): void {
    this.#core.system.filters.remove(this.name, filter);
  }

  /** The logger `<name>.<suffix>`. */
  getChild(suffix: string): FemtoLogger {
    return this.#core.system.getLogger(this.name === "root" ? suffix : `${this.name}.${suffix}`);
  }

  /**
   * A logger whose records all have these attributes. They are copied now; those of the call win, and those of inner
   * `with`. Cheap enough for one a request.
   */
  with(attributes: Readonly<Record<string, unknown>>): FemtoLogger {
    const { port, limits } = this.#core.system;
    const encoder = port.acquire();
    try {
      return new FemtoLogger(
        this.#core,
        BoundAttributes.of(attributes, { encoder, limits, parent: this.#bound }),
      );
    } finally {
      port.release();
    }
  }

  /** An OpenTelemetry event: a record with a name, at INFO unless told otherwise. */
  event(
    eventName: string,
    attributes: Readonly<Record<string, unknown>> = {},
    options?: { readonly level?: Level; readonly body?: unknown },
  ): void {
    const severity = parseLevel(options?.level ?? LEVELS.INFO) ?? LEVELS.INFO;
    if (!this.isEnabledFor(severity)) return;
    const record = {
      severityNumber: severity,
      severityText: severityName(severity),
      eventName: textOf(eventName) ?? "",
      body: options?.body,
      attributes,
      droppedCount: 0,
      timestamp: undefined,
      span: activeSpan(),
    };
    this.#core.system.encoder.emit(this.#placeOf(severity), record);
  }

  /** Takes a record of the OpenTelemetry API. Never throws; an invalid timestamp becomes that of the call. */
  emit(logRecord: LogRecord): void {
    const severity = readSeverity(logRecord);
    const level = this.effectiveLevel;
    if (level >= SEVERITY_COUNT) return;
    if (severity !== 0 && severity < level) {
      this.#core.system.encoder.countUnmade();
      return;
    }
    const { record, observedMillis, context } = readEmitted(logRecord);
    const place = this.#placeOf(LEVELS.INFO);
    const route = context === undefined ? undefined : place.route.inContext?.(context);
    this.#core.system.emit(route === undefined ? place : { ...place, route }, { record, observedMillis });
  }

  /**
   * Whether a record of this severity would go anywhere now. Asking is optional: it spares the work for a record that nobody
   * wants. The answer may be another the next time.
   */
  enabled(options?: {
    readonly context?: Context;
    readonly severityNumber?: number;
    readonly eventName?: string;
  }): boolean {
    const severity = options?.severityNumber ?? 0;
    const level = this.effectiveLevel;
    if (level >= SEVERITY_COUNT || (severity !== 0 && severity < level)) return false;
    const { route, scope } = this.#core;
    return route.takes(severity, { scope, context: options?.context, eventName: options?.eventName });
  }

  // Four parameters, not an object: this is on the way of every record.
  #call(severity: number, first: unknown, second: unknown, rest: readonly unknown[]): void {
    if (rest.length === 0 && typeof first === "string" && (second === undefined || isPlain(second))) {
      const place = this.#placeOf(severity);
      this.#core.system.encoder.logTemplate(place, first, second as Record<string, unknown> | undefined);
    } else {
      this.#callSorted(
        severity,
        second === undefined && rest.length === 0 ? [first] : [first, second, ...rest],
      );
    }
  }

  #callSorted(severity: number, values: readonly unknown[]): void {
    this.#core.system.encoder.logSorted(this.#placeOf(severity), values);
  }

  /** What calls of a level have in common; made again when levels, handlers or propagation have changed anywhere. */
  #placeOf(severity: number): CallPlace {
    const place = this.#places[severity];
    if (place !== undefined && place.generation === this.#core.system.table.generation) return place;
    return this.#makePlace(severity);
  }

  /** Finds its level again where the thread has gone to another arena. False where it has not. */
  #follow(): boolean {
    const { words } = this.#core;
    if (words === this.#words) return false;
    this.#words = words;
    this.#cell = this.#core.cell;
    return true;
  }

  #makePlace(severity: number): CallPlace {
    const core = this.#core;
    // The level that let the call through was that of another arena.
    const isStale = this.#follow() && (this.#words[this.#cell] as number) > severity;
    const generation = core.system.table.generation;
    const place = {
      calls: core.calls(severity),
      emitShapes: core.emitShapes,
      bound: this.#bound,
      route: isStale ? NOWHERE : core.route,
      generation,
    };
    if (isStale) return place;
    if (this.#places === NO_PLACES) this.#places = [];
    this.#places[severity] = place;
    return place;
  }

  /** For the system that hands loggers out. */
  static make(system: LogSystem, scope: ScopeInput, bound: BoundAttributes | undefined): FemtoLogger {
    return new FemtoLogger(new LoggerCore(system, scope), bound);
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  } catch {
    // A revoked proxy: the long way marks it.
    return false;
  }
}
