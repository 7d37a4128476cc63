import type { Arena } from "../../processors/queue/arena.ts";
import type { HandlerStats } from "../../processors/queue/counters.ts";
import { BoundAttributes } from "../../processors/shape/bound-attributes.ts";
import type { ResourceInput, ScopeInput } from "../../processors/shape/dictionary.ts";
import type { EmittedRecord } from "../../processors/shape/emit-shapes.ts";
import { messageOf } from "../../processors/shape/object-encoder.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../../processors/shape/value-writer.ts";
import { reportOnce, reportTrouble } from "../diagnostics.ts";
import { describeValue } from "../errors.ts";
import type { Redaction } from "../record/redaction.ts";
import { parseThreshold, type LevelThreshold } from "../record/severity.ts";
import { CallEncoder, type CallPlace } from "./call-encoder.ts";
import { TemplateBudget } from "./call-shapes.ts";
import { FemtoLogger } from "./logger.ts";
import { releaseBuffers, throughBuffers } from "./record-buffer.ts";
import { LoggerFilters } from "./logger-filters.ts";
import { SystemRedaction } from "./system-redaction.ts";
import type { CreatedCell, HandlerPort, LevelTable, RecordPort, RecordRoute } from "./ports.ts";

/** What a system is made of. */
export interface LogSystemParts {
  readonly port: RecordPort;
  readonly table: LevelTable;
  /** Asked for when it is needed first. */
  readonly resource: () => ResourceInput;
  readonly limits?: Partial<EncoderLimits>;
  /** Where this thread counts the records that the loggers were given; asked for again when it has gone to another arena. */
  readonly created: () => CreatedCell;
  /** What is redacted in the records of an isolated system. That of the process has one for all threads. */
  readonly redaction?: Redaction | undefined;
  /** What all records have, but for those that say otherwise themselves. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Where records go, given the way to the handlers of their logger, which may be empty. */
  readonly routeOf: (handlers: RecordRoute) => RecordRoute;
}

/** Loggers, their levels and their handlers: the process's own, or an isolated one. One a thread. */
export class LogSystem {
  readonly port: RecordPort;
  readonly table: LevelTable;
  readonly #resourceOf: () => ResourceInput;
  readonly encoder: CallEncoder;
  readonly budget: TemplateBudget;
  readonly limits: EncoderLimits;
  readonly filters: LoggerFilters;
  readonly redaction: SystemRedaction;
  readonly #loggers = new Map<string, FemtoLogger>();
  /** By logger: its handlers, and which use of its slot each has. */
  readonly #handlers = new Map<number, Map<HandlerPort, number>>();
  readonly #routeOf: LogSystemParts["routeOf"];
  readonly #onShutdown: (() => void)[] = [];
  /** What all records have. */
  readonly #bound: BoundAttributes | undefined;
  #moveCount = 0;

  constructor(parts: LogSystemParts) {
    this.port = parts.port;
    this.table = parts.table;
    this.#resourceOf = parts.resource;
    this.#routeOf = parts.routeOf;
    this.budget = new TemplateBudget(() =>
      reportOnce(
        "templates",
        "More than 1024 different templates are logged by one thread: further ones travel with each record, which is slower; give what varies as attributes",
      ),
    );
    this.limits = { ...DEFAULT_ENCODER_LIMITS, ...parts.limits };
    this.encoder = new CallEncoder(parts.port, {
      limits: this.limits,
      created: parts.created(),
      onTrouble: (error) => reportTrouble("record", `A record could not be made: ${messageOf(error)}`),
    });
    this.#bound = this.#bind(parts.attributes);
    this.redaction = new SystemRedaction({ ...parts, isShared: parts.table.isShared });
    parts.port.onMove((arena) => {
      this.#move(arena);
      this.encoder.countIn(parts.created());
    });
    this.filters = new LoggerFilters({
      ...parts,
      isShared: parts.table.isShared,
      routeOf: (name) => this.routeOf(this.table.find(name === "root" ? "" : name), name),
      reroute: () => this.reroute(),
      report: (message) => reportTrouble("filter", message),
    });
  }

  /** What the records come from. */
  get resource(): ResourceInput {
    return this.#resourceOf();
  }

  /**
   * The logger of a dotted name; none, "" or "root" for the one above all. The same object each time.
   * @throws {TypeError} The name is no text.
   */
  getLogger(name?: string): FemtoLogger {
    const key = name || "root";
    const known = this.#loggers.get(key);
    if (known !== undefined) return known;
    if (typeof key !== "string") {
      throw new TypeError(
        `Cannot get a logger: its name is ${describeValue(key)}, must be a text such as "shop.checkout"`,
      );
    }
    const logger = FemtoLogger.make(this, { name: key }, this.#bound);
    this.#loggers.set(key, logger);
    return logger;
  }

  /** A logger of an OpenTelemetry scope: its level and handlers are those of its name. */
  loggerOfScope(scope: ScopeInput): FemtoLogger {
    return FemtoLogger.make(this, scope, this.#bound);
  }

  /** The way of records of a logger: through its filters and the redaction, to its handlers or wherever the system sends them. */
  routeOf(slot: number, name: string): RecordRoute {
    this.#forgetGone();
    const { low, high } = this.table.handlersOf(slot);
    const route = throughBuffers(this.#routeOf(this.port.route(low, high)), this.port);
    return this.filters.before(name, this.redaction.before(route));
  }

  /** Makes all loggers ask for their way again: where it leads has changed. */
  reroute(): void {
    // Says what is true already; a change of the table is what loggers listen to.
    this.table.setFlag(ROOT_SLOT, "propagate", this.table.propagates(ROOT_SLOT));
  }

  emit(
    place: Omit<CallPlace, "calls">,
    emitted: { readonly record: Omit<EmittedRecord, "bound">; readonly observedMillis: number },
  ): void {
    this.encoder.emit(place, emitted.record, emitted.observedMillis);
  }

  /** @throws {TypeError} It is no handler of this package. */
  addHandler(slot: number, handler: HandlerPort): void {
    if (!isHandler(handler)) {
      throw new TypeError(
        `Cannot add a handler: it is ${describeValue(handler)}, must be a handler of femtologging; other log record processors go to FemtoLoggerProvider`,
      );
    }
    this.#handlersAt(slot).set(handler, this.port.serialOf(handler.slot));
    this.table.addHandler(slot, handler.slot);
  }

  removeHandler(slot: number, handler: HandlerPort): void {
    this.#forgetGone();
    const handlers = this.#handlersAt(slot);
    const serial = handlers.get(handler);
    handlers.delete(handler);
    const isOurs = serial !== undefined && serial !== GONE;
    if (isOurs || this.port.sharedHandler(handler.slot) === handler)
      this.table.removeHandler(slot, handler.slot);
  }

  handlersOf(slot: number): readonly HandlerPort[] {
    const own = this.#ownHandlers(slot);
    return [...own, ...this.#shared((handler) => this.table.hasHandler(slot, handler), own)];
  }

  /** All handlers of these loggers, each once: those that this thread added, then those of other threads. */
  get handlers(): readonly HandlerPort[] {
    const own = [...new Set([...this.#handlers.keys()].flatMap((slot) => this.#ownHandlers(slot)))];
    const { low, high } = this.table.allHandlers();
    const isAdded = (slot: number): boolean => ((slot < 32 ? low : high) & (1 << (slot & 31))) !== 0;
    return [...own, ...this.#shared(isAdded, own)];
  }

  /** Handlers that this thread has added, and that no other has removed since. */
  #ownHandlers(slot: number): readonly HandlerPort[] {
    const handlers = this.#handlersAt(slot);
    for (const [handler, serial] of handlers) {
      const isRemoved = serial !== GONE && serial === this.port.serialOf(handler.slot);
      if (isRemoved && !this.table.hasHandler(slot, handler.slot)) handlers.delete(handler);
    }
    return [...handlers.keys()];
  }

  /** Handlers of other threads, in slots that are wanted. */
  #shared(isWanted: (slot: number) => boolean, own: readonly HandlerPort[]): HandlerPort[] {
    const shared: HandlerPort[] = [];
    for (let slot = 0; slot < HANDLERS_MAX; slot++) {
      if (!isWanted(slot) || own.some((handler) => handler.slot === slot && this.#isUsed(handler))) continue;
      const handler = this.port.sharedHandler(slot);
      if (handler !== undefined) shared.push(handler);
    }
    return shared;
  }

  /** True while the handler's slot is its own. */
  #isUsed(handler: HandlerPort): boolean {
    const serial = this.port.serialOf(handler.slot);
    return [...this.#handlers.values()].some((handlers) => handlers.get(handler) === serial);
  }

  /** How often the thread has gone to the arena of another. */
  get moveCount(): number {
    return this.#moveCount;
  }

  #bind(attributes: Readonly<Record<string, unknown>> | undefined): BoundAttributes | undefined {
    if (attributes === undefined) return undefined;
    const encoder = this.port.acquire();
    try {
      return BoundAttributes.of(attributes, { encoder, limits: this.limits });
    } finally {
      this.port.release();
    }
  }

  #move(arena: Arena): void {
    releaseBuffers(this.port);
    this.table.moveTo(arena);
    this.#moveCount++;
    this.filters.renew();
    this.redaction.renew();
  }

  /** Python's `disable`: no logger makes records of this level and below; "NOTSET" to allow them again. @throws {RangeError} */
  disable(level: LevelThreshold): void {
    const severity = parseThreshold(level);
    if (severity === undefined) {
      throw new RangeError(
        `Cannot disable a level: it is ${describeValue(level)}, must be a level name such as "INFO" or a severity number from 1 to 24`,
      );
    }
    this.table.setDisabledUpTo(severity);
  }

  /** Resolves when all handlers have flushed. @throws {AggregateError} Some could not; the others have. */
  async flush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    const timeoutMillis = options.timeoutMillis ?? FLUSH_TIMEOUT_MILLIS;
    this.filters.summarizeAll();
    await settleAll(
      this.handlers.map((handler) => handler.forceFlush({ timeoutMillis })),
      "flush",
    );
  }

  /** `flush` that blocks the thread. False when the time was over for some handler. */
  flushSync(timeoutMillis = 2000): boolean {
    const deadline = performance.now() + timeoutMillis;
    this.filters.summarizeAll();
    let isDone = true;
    for (const handler of this.handlers) {
      if (!handler.flushSync(Math.max(1, deadline - performance.now()))) isDone = false;
    }
    return isDone;
  }

  /** Flushes all handlers, and ends those of this thread. @throws {AggregateError} Some could not flush in time. */
  async shutdown(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    this.filters.end();
    try {
      await settleAll(
        this.handlers.map((handler) => handler.shutdown(options)),
        "shut down",
      );
    } finally {
      this.endShutdown();
    }
  }

  /** For those who have shut the handlers down themselves: tells the listeners. */
  endShutdown(): void {
    for (const listener of this.#onShutdown.splice(0)) listener();
  }

  /** Calls `listener` once, when the next shutdown is over. */
  onShutdown(listener: () => void): void {
    this.#onShutdown.push(listener);
  }

  /** What has become of the records, handler by handler. Of two with one name the second is `name (2)`. */
  stats(): Readonly<Record<string, HandlerStats>> {
    const stats = new Map<string, HandlerStats>();
    for (const handler of this.handlers) {
      let name = handler.name;
      for (let number = 2; stats.has(name); number++) name = `${handler.name} (${number})`;
      stats.set(name, handler.stats());
    }
    return Object.fromEntries(stats);
  }

  /** Where a handler that was shut down has given its slot away, the loggers must not send their records to who has it now. */
  #forgetGone(): void {
    for (const [slot, handlers] of this.#handlers) {
      for (const [handler, serial] of handlers) {
        if (serial === GONE || serial === this.port.serialOf(handler.slot)) continue;
        handlers.set(handler, GONE);
        const hasSuccessor = [...handlers].some(
          ([other, use]) => other.slot === handler.slot && use !== GONE,
        );
        if (!hasSuccessor) this.table.removeHandler(slot, handler.slot);
      }
    }
  }

  #handlersAt(slot: number): Map<HandlerPort, number> {
    const known = this.#handlers.get(slot);
    if (known !== undefined) return known;
    const handlers = new Map<HandlerPort, number>();
    this.#handlers.set(slot, handlers);
    return handlers;
  }
}

/** In place of the use of a slot that a handler no longer has. */
const GONE = -1;
const ROOT_SLOT = 0;
const FLUSH_TIMEOUT_MILLIS = 30_000;
/** Bits in a mask of handlers. */
const HANDLERS_MAX = 64;

function isHandler(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { slot, forceFlush } = value as Partial<HandlerPort>;
  return Number.isInteger(slot) && typeof forceFlush === "function";
}

/** Waits for all, whatever becomes of some. @throws {AggregateError | Error} What they rejected with: none is lost. */
export async function settleAll(promises: readonly Promise<unknown>[], action: string): Promise<void> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [asError(result.reason)] : []));
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw first;
  const messages = errors.map((error) => error.message).join("; ");
  throw new AggregateError(errors, `Cannot ${action} ${errors.length} handlers: ${messages}`);
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(messageOf(reason), { cause: reason });
}
