import type { MeterProvider } from "@opentelemetry/api";
import { inheritHandlers } from "../../processors/batch/heir.ts";
import { threadRecorder } from "../../processors/batch/thread-recorder.ts";
import type { HandlerStats } from "../../processors/queue/counters.ts";
import { ownCell, readCell, readCreated, threadCell } from "../../processors/queue/created-records.ts";
import { ARENA_VERSION } from "../../processors/queue/layout.ts";
import { isAloneInProcess } from "../../processors/queue/process-arena.ts";
import { LoggerTable } from "../../processors/queue/logger-table.ts";
import type { ResourceInput } from "../../processors/shape/dictionary.ts";
import type { EncoderLimits } from "../../processors/shape/value-writer.ts";
import { environmentLimits } from "./environment.ts";
import { reportOnce } from "../diagnostics.ts";
import { describeValue } from "../errors.ts";
import { lastResortRoute } from "./last-resort.ts";
import { threadAttributes } from "./thread-attributes.ts";
import { LogSystem } from "../logger/log-system.ts";
import type { FemtoLogger } from "../logger/logger.ts";
import type { HandlerPort, RecordRoute } from "../logger/ports.ts";
import { checkMeterProvider, reportSystem } from "./system-metrics.ts";
import { ownResource } from "../resource/detect-resource.ts";
import { processFacts } from "../resource/process-facts.ts";
import { redactFault, redactionOf, type RedactOption, type Redaction } from "../record/redaction.ts";
import { LEVELS, parseThreshold, type LevelThreshold } from "../record/severity.ts";

/** What `createLogging` takes. */
export interface LoggingOptions {
  /** Level of the root logger. Default INFO. */
  readonly level?: LevelThreshold;
  /** Handlers of the root logger. */
  readonly handlers?: readonly HandlerPort[];
  /** What the records say they come from, as it is. Default: what `detectResource()` finds out of the process. */
  readonly resource?: ResourceInput;
  /** Where the system reports what it counts, as OpenTelemetry metrics (docs/metrics.md). Default: nowhere. */
  readonly meterProvider?: MeterProvider;
  /** Values that are replaced before a record is queued, by name (docs/redaction.md). Default: none. */
  readonly redact?: RedactOption;
}

/** More parts of a system, for the modules of this package. */
export interface SystemOptions extends LoggingOptions {
  readonly limits?: Partial<EncoderLimits>;
  /** Where records go, given the way to the handlers of their logger. Default: there, or to the last resort. */
  readonly routeOf?: (handlers: RecordRoute) => RecordRoute;
  /** Processors that are no handlers of its loggers. */
  readonly processors?: readonly object[];
}

// Before any thread is started: it inherits what only the main thread knows.
processFacts();

let processResource: ResourceInput | undefined;

/** The resource of this process; the same object each time. */
function defaultResource(): ResourceInput {
  processResource ??= ownResource();
  return processResource;
}

/** A given resource, or that of the process: it is found out when a record needs it, or when the thread has a moment before. */
function resourceOf({ resource }: Pick<SystemOptions, "resource">): () => ResourceInput {
  if (resource !== undefined) return () => resource;
  if (processResource === undefined) setImmediate(defaultResource).unref();
  return defaultResource;
}

let systemIn: (logging: object) => LogSystem | undefined;

/**
 * The system that a bridge logs to: the one of `createLogging`, or without one that of the process.
 * @throws {TypeError} `logging` comes from elsewhere, or from another copy of this package.
 */
export function systemOf(logging: object | undefined): LogSystem {
  const system = logging === undefined ? processSystem() : systemIn(logging);
  if (system !== undefined) return system;
  throw new TypeError(
    `Cannot use a logging system: "logging" is ${describeValue(logging)}, must come from createLogging() of the same copy of femtologging`,
  );
}

/** A logging system of its own: loggers, levels and handlers that nothing else in the process sees. */
export class Logging implements AsyncDisposable {
  readonly #system: LogSystem;

  static {
    systemIn = (logging) => (#system in logging ? logging.#system : undefined);
  }

  /** Use `createLogging`. */
  constructor(system: LogSystem) {
    this.#system = system;
  }

  /** The logger of a dotted name; without a name the root. The same object each time. */
  getLogger(name?: string): FemtoLogger {
    return this.#system.getLogger(name);
  }

  /** The logger above all. */
  get root(): FemtoLogger {
    return this.#system.getLogger();
  }

  /** Makes no records of this level and below, whatever the loggers say; "NOTSET" to end that. @throws {RangeError} No such level. */
  disable(level: LevelThreshold): void {
    this.#system.disable(level);
  }

  /**
   * Resolves when everything logged before is delivered, or counted as dropped, by every handler.
   * @throws {FlushTimeoutError | AggregateError} The time was over first; nothing is lost by that.
   */
  flush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    return this.#system.flush(options);
  }

  /** `flush` that blocks the thread, 2 s at most unless told otherwise. False when the time was over first. */
  flushSync(timeoutMillis?: number): boolean {
    return this.#system.flushSync(timeoutMillis);
  }

  /** Flushes and ends all handlers that were added to these loggers. @throws {FlushTimeoutError | AggregateError} */
  shutdown(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    return this.#system.shutdown(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** What has become of the records, by the names of the handlers. Of two with one name the second is `name (2)`. */
  stats(): Readonly<Record<string, HandlerStats>> {
    return this.#system.stats();
  }
}

/** Makes a system. @throws {RangeError} `level` is none. @throws {TypeError} `meterProvider` is none, or `redact` is wrong. */
export function createSystem(options: SystemOptions = {}): LogSystem {
  const { meterProvider: provider } = options;
  checkMeterProvider(provider, "Cannot create a logging system");
  const port = threadRecorder();
  const created = ownCell();
  const system = new LogSystem({
    port,
    table: LoggerTable.isolated(port.arena, levelOf(options.level)),
    resource: resourceOf(options),
    created: () => created,
    attributes: threadAttributes(),
    limits: options.limits ?? environmentLimits(),
    redaction: readRedact(options.redact),
    routeOf: options.routeOf ?? handlersOrLastResort,
  });
  for (const handler of options.handlers ?? []) system.getLogger().addHandler(handler);
  if (provider !== undefined) {
    const { processors = [] } = options;
    reportSystem(system, { provider, readCreated: () => readCell(created), processors });
  }
  return system;
}

function readRedact(redact: RedactOption | undefined): Redaction | undefined {
  if (redact === undefined) return undefined;
  const fault = redactFault(redact);
  if (fault === undefined) return redactionOf(redact);
  throw new TypeError(
    `Cannot create a logging system: "redact${fault.place}" is ${describeValue(fault.value)}, must be ${fault.expected}`,
  );
}

function handlersOrLastResort(handlers: RecordRoute): RecordRoute {
  if (!handlers.isEmpty) return handlers;
  if (isAloneInProcess()) reportOnce("alone", ALONE);
  return lastResortRoute();
}

const ALONE =
  "This thread logs, but was started before its process loaded femtologging, or by a thread that has not: it knows of no handlers, and until it hears of some its warnings and errors go to stderr and the rest nowhere; load femtologging before the first thread is started (import it first, or node --import)";

function levelOf(level: LevelThreshold | undefined): number {
  const severity = parseThreshold(level ?? LEVELS.INFO);
  if (severity === undefined) {
    throw new RangeError(
      `Cannot create a logging system: "level" is ${JSON.stringify(level)}, must be a level name such as "INFO" or a severity number from 1 to 24`,
    );
  }
  return severity;
}

/**
 * Makes an isolated system: for tests, and for libraries that keep their logs apart.
 * @throws {RangeError} `level` is none. @throws {TypeError} `meterProvider` is none, or `redact` is wrong.
 */
export function createLogging(options: LoggingOptions = {}): Logging {
  return new Logging(createSystem(options));
}

/** Reports the system of the process: the records of all its threads, and the handlers that this one has added. */
export function reportProcessSystem(provider: MeterProvider): void {
  const { arena } = threadRecorder();
  reportSystem(processSystem(), { provider, readCreated: () => readCreated(arena) });
}

inheritHandlers();

const SYSTEM_KEY = Symbol.for(`femtologging.system.${ARENA_VERSION}`);
const holder = globalThis as { [SYSTEM_KEY]?: LogSystem };

/** The system of the process, as this thread has it: one, however many copies of this module are loaded. */
export function processSystem(): LogSystem {
  return holder[SYSTEM_KEY] ?? startProcessSystem({}).system;
}

/** What somebody who is there before the first record says of the system of the process. */
export type ProcessSystemOptions = Pick<SystemOptions, "resource" | "limits" | "routeOf">;

/**
 * Makes the system of the process, as this thread has it, with a resource and limits of its own.
 * @returns The system, and whether it is new: one that is at work already stays as it is.
 */
export function startProcessSystem(options: ProcessSystemOptions): {
  readonly system: LogSystem;
  readonly isNew: boolean;
} {
  if (holder[SYSTEM_KEY] !== undefined) return { system: holder[SYSTEM_KEY], isNew: false };
  const port = threadRecorder();
  const system = new LogSystem({
    port,
    table: LoggerTable.shared(port.arena, LEVELS.INFO),
    resource: resourceOf(options),
    created: () => threadCell(port.arena, port.threadSlot),
    attributes: threadAttributes(),
    limits: options.limits ?? environmentLimits(),
    routeOf: options.routeOf ?? handlersOrLastResort,
  });
  holder[SYSTEM_KEY] = system;
  return { system, isNew: true };
}
