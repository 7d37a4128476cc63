import type { ResourceInput, ScopeInput } from "../../processors/shape/dictionary.ts";
import type { EmittedRecord } from "../../processors/shape/emit-shapes.ts";
import { DEFAULT_ENCODER_LIMITS, type EncoderLimits } from "../../processors/shape/value-writer.ts";
import { reportOnce, reportTrouble } from "../diagnostics.ts";
import { parseThreshold, type LevelThreshold } from "../record/severity.ts";
import { CallEncoder, type CallPlace } from "./call-encoder.ts";
import { TemplateBudget } from "./call-shapes.ts";
import { FemtoLogger } from "./logger.ts";
import type { HandlerPort, LevelTable, RecordPort, RecordRoute } from "./ports.ts";

/** What a system is made of. */
export interface LogSystemParts {
  readonly port: RecordPort;
  readonly table: LevelTable;
  readonly resource: ResourceInput;
  readonly limits?: Partial<EncoderLimits>;
  /** Where records of WARN and above go while no handler is there; undefined for nowhere. */
  readonly lastResort: ((mask: { readonly low: number; readonly high: number }) => RecordRoute | undefined) | undefined;
}

/** Loggers, their levels and their handlers: the process's own, or an isolated one. One a thread. */
export class LogSystem {
  readonly port: RecordPort;
  readonly table: LevelTable;
  readonly resource: ResourceInput;
  readonly encoder: CallEncoder;
  readonly budget: TemplateBudget;
  readonly #loggers = new Map<string, FemtoLogger>();
  readonly #handlers = new Map<number, Set<HandlerPort>>();
  readonly #lastResort: LogSystemParts["lastResort"];

  constructor(parts: LogSystemParts) {
    this.port = parts.port;
    this.table = parts.table;
    this.resource = parts.resource;
    this.#lastResort = parts.lastResort;
    this.budget = new TemplateBudget(() =>
      reportOnce(
        "templates",
        "More than 1024 different templates are logged by one thread: further ones travel with each record, which is slower; give what varies as attributes",
      ),
    );
    this.encoder = new CallEncoder(parts.port, {
      limits: { ...DEFAULT_ENCODER_LIMITS, ...parts.limits },
      onTrouble: (error) => reportTrouble("record", `A record could not be made: ${String(error)}`),
    });
  }

  /** The logger of a dotted name; "" or "root" for the one above all. The same object each time. */
  getLogger(name = "root"): FemtoLogger {
    const known = this.#loggers.get(name);
    if (known !== undefined) return known;
    const logger = FemtoLogger.make(this, { name: name === "" ? "root" : name });
    this.#loggers.set(name, logger);
    return logger;
  }

  /** A logger of an OpenTelemetry scope: its level and handlers are those of its name. */
  loggerOfScope(scope: ScopeInput): FemtoLogger {
    return FemtoLogger.make(this, scope);
  }

  /** The way to the handlers of a mask, or to the last resort where there are none. */
  routeOf(mask: { readonly low: number; readonly high: number }): RecordRoute {
    const route = this.port.route(mask.low, mask.high);
    if (!route.isEmpty) return route;
    return this.#lastResort?.(mask) ?? route;
  }

  emit(
    place: Omit<CallPlace, "calls">,
    emitted: { readonly record: Omit<EmittedRecord, "bound">; readonly observedMillis: number },
  ): void {
    this.encoder.emit(place, emitted.record, emitted.observedMillis);
  }

  addHandler(slot: number, handler: HandlerPort): void {
    this.#handlersAt(slot).add(handler);
    this.table.addHandler(slot, handler.slot);
  }

  removeHandler(slot: number, handler: HandlerPort): void {
    if (!this.#handlersAt(slot).delete(handler)) return;
    this.table.removeHandler(slot, handler.slot);
  }

  handlersOf(slot: number): readonly HandlerPort[] {
    return [...this.#handlersAt(slot)];
  }

  /** All handlers that were added on this thread, each once. */
  get handlers(): readonly HandlerPort[] {
    return [...new Set([...this.#handlers.values()].flatMap((handlers) => [...handlers]))];
  }

  /** Python's `disable`: no logger makes records of this level and below; "NOTSET" to allow them again. @throws {RangeError} */
  disable(level: LevelThreshold): void {
    const severity = parseThreshold(level);
    if (severity === undefined) throw new RangeError(`Cannot disable level ${JSON.stringify(level)}: there is none`);
    this.table.setDisabledUpTo(severity);
  }

  /** Resolves when all handlers have flushed. @throws {AggregateError} Some could not; the others have. */
  async flush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    await settleAll(this.handlers.map((handler) => handler.forceFlush(options)), "flush");
  }

  /** `flush` that blocks the thread. False when the time was over for some handler. */
  flushSync(timeoutMillis = 2000): boolean {
    const deadline = performance.now() + timeoutMillis;
    let isDone = true;
    for (const handler of this.handlers) {
      if (!handler.flushSync(Math.max(1, deadline - performance.now()))) isDone = false;
    }
    return isDone;
  }

  /** Flushes and ends all handlers. @throws {AggregateError} Some could not flush in time. */
  async shutdown(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    await settleAll(this.handlers.map((handler) => handler.shutdown(options)), "shut down");
  }

  #handlersAt(slot: number): Set<HandlerPort> {
    const known = this.#handlers.get(slot);
    if (known !== undefined) return known;
    const handlers = new Set<HandlerPort>();
    this.#handlers.set(slot, handlers);
    return handlers;
  }
}

async function settleAll(promises: readonly Promise<void>[], action: string): Promise<void> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) {
    throw new AggregateError(errors, `Cannot ${action} ${errors.length} handlers: ${errors.map((error) => error.message).join("; ")}`);
  }
}
