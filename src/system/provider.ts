import type { LoggerOptions, LoggerProvider, MeterProvider } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import type { ResourceInput, ScopeInput } from "../../processors/shape/dictionary.ts";
import type { EncoderLimits } from "../../processors/shape/value-writer.ts";
import { reportOnce } from "../diagnostics.ts";
import { describeValue } from "../errors.ts";
import { StockRoute } from "./stock-route.ts";
import { settleAll, type LogSystem } from "../logger/log-system.ts";
import type { FemtoLogger } from "../logger/logger.ts";
import type { RecordRoute } from "../logger/ports.ts";
import { readScope, scopeKey } from "../logger/scope.ts";
import { environmentLimits, isSdkDisabled } from "./environment.ts";
import { createSystem } from "./logging.ts";
import { resolveLimits } from "../record/limits.ts";
import type { RedactOption } from "../record/redaction.ts";
import type { LevelThreshold } from "../record/severity.ts";
import { registerProvider, type Registration } from "./register-provider.ts";

const TIMEOUT_MILLIS = 30_000;

/** Options of `FemtoLoggerProvider`. */
export interface LoggerProviderOptions {
  /** Where records come from; a `Resource` of @opentelemetry/resources fits. Default: the process and its environment. */
  readonly resource?: ResourceInput;
  /** Our handlers, and any other log record processors, in order. */
  readonly processors?: readonly LogRecordProcessor[];
  /** Level of the root logger. Default TRACE: the processors decide. */
  readonly level?: LevelThreshold;
  /** Where the provider and its handlers report what they count, as OpenTelemetry metrics (docs/metrics.md). Default: nowhere. */
  readonly meterProvider?: MeterProvider;
  /** Values that are replaced before a record is queued, by name (docs/redaction.md). Default: none. */
  readonly redact?: RedactOption;
  /** Limits of a record; those left out are what OTEL_LOGRECORD_ATTRIBUTE_* say. @see Logs SDK, LogRecord Limits */
  readonly logRecordLimits?: {
    /** Attributes a record keeps. Default 128; null for all. */
    readonly attributeCountLimit?: number | null;
    /** UTF-16 units a text value keeps. Default: all. */
    readonly attributeValueLengthLimit?: number | null;
  };
}

/** How long a provider may take to flush, or to end. */
export interface ProviderWaitOptions {
  /** Longest wait for each processor in ms; 0 for no limit. Default 30,000. */
  readonly timeoutMillis?: number;
}

/**
 * An OpenTelemetry `LoggerProvider` whose loggers are femto loggers: `provider.getLogger("shop").info(…)` and
 * `provider.getLogger("shop").emit({…})` go the same way.
 *
 * @see Logs SDK, LoggerProvider
 */
export class FemtoLoggerProvider implements LoggerProvider, AsyncDisposable {
  readonly #system: LogSystem;
  readonly #processors: readonly LogRecordProcessor[];
  readonly #loggers = new Map<string, FemtoLogger>();
  readonly #silentLoggers = new Map<string, FemtoLogger>();
  #shutdown: Promise<void> | undefined;
  /** OTEL_SDK_DISABLED: everything is there, and nothing comes of it. */
  readonly #isDisabled = isSdkDisabled();
  /** Hands loggers out that make no records. */
  #silent: LogSystem | undefined;

  /**
   * @throws {RangeError} `level` is none, or a limit is out of bounds.
   * @throws {TypeError} A processor, the resource or the meter provider is none, or `redact` is wrong.
   */
  constructor(options: LoggerProviderOptions = {}) {
    const processors = options.processors ?? [];
    processors.forEach(checkProcessor);
    checkResource(options.resource);
    this.#processors = [...processors];
    const { attributeCountMax, valueLengthMax } = limitsOf(options.logRecordLimits ?? {});
    const handlers = processors.filter((processor) => processor instanceof FemtoHandler);
    const isOurs = handlers.length === processors.length;
    const stockRoute = isOurs
      ? undefined
      : new StockRoute({
          processors,
          resource: stockResource(options.resource),
          attributeCountMax,
        });
    this.#system = createSystem({
      level: options.level ?? "TRACE",
      ...(options.resource === undefined ? {} : { resource: options.resource }),
      limits: { attributeCountMax, valueLengthMax },
      handlers: isOurs ? handlers : [],
      processors: isOurs ? [] : handlers,
      ...(options.meterProvider === undefined ? {} : { meterProvider: options.meterProvider }),
      ...(options.redact === undefined ? {} : { redact: options.redact }),
      routeOf: (toHandlers) => this.#routeOf(stockRoute?.before(toHandlers) ?? toHandlers),
    });
  }

  /** The logger of a scope: the same object for the same name, version and options. After `shutdown` one that does nothing. */
  getLogger(name: string, version?: string, options?: LoggerOptions): FemtoLogger {
    const scope = readScope(name, version, options);
    if (this.#shutdown !== undefined) {
      reportOnce(
        "logger after shutdown",
        "A logger was asked for after its provider was shut down: its records go nowhere",
      );
      return loggerOf(scope, this.#silentLoggers, this.#silentSystem());
    }
    if (this.#isDisabled) return loggerOf(scope, this.#silentLoggers, this.#silentSystem());
    return loggerOf(scope, this.#loggers, this.#system);
  }

  #silentSystem(): LogSystem {
    this.#silent ??= createSystem({ level: "OFF", routeOf: (toHandlers) => toHandlers });
    return this.#silent;
  }

  /**
   * Makes this the provider of the process, in the registries of @opentelemetry/api and @opentelemetry/api-logs (where
   * installed), so that loggers obtained earlier wake up.
   * @returns What was reached. Where another provider is registered already, that one stays. Nothing where
   * OTEL_SDK_DISABLED switches telemetry off.
   */
  register(): Registration {
    if (this.#isDisabled) return { api: false, apiLogs: false, unregister: () => {} };
    return registerProvider(this);
  }

  /**
   * Resolves when all processors have flushed.
   * @throws {AggregateError | Error} What processors rejected with, or that one was not done in time; the others have flushed.
   */
  async forceFlush(options: ProviderWaitOptions = {}): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    this.#system.filters.summarizeAll();
    await this.#callAll("forceFlush", options.timeoutMillis ?? TIMEOUT_MILLIS);
  }

  /**
   * Flushes and ends all processors. Calls after the first give the same promise.
   * @throws {AggregateError | Error} What processors rejected with, or that one was not done in time; the others have ended.
   */
  shutdown(options: ProviderWaitOptions = {}): Promise<void> {
    if (this.#shutdown === undefined) {
      this.#system.filters.end();
      const isOver = this.#callAll("shutdown", options.timeoutMillis ?? TIMEOUT_MILLIS);
      this.#shutdown = isOver.finally(() => this.#system.endShutdown());
      this.#system.reroute();
    }
    return this.#shutdown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** Handlers that are shut down count what comes; nobody is told that it would go anywhere. */
  #routeOf(route: RecordRoute): RecordRoute {
    return this.#shutdown === undefined ? route : new EndedRoute(route);
  }

  async #callAll(method: "forceFlush" | "shutdown", timeoutMillis: number): Promise<void> {
    const calls = this.#processors.map((processor, index) =>
      callInTime(async () => processor[method]({ timeoutMillis }), {
        what: `processors[${index}] did not ${method === "shutdown" ? "shut down" : "flush"}`,
        timeoutMillis,
      }),
    );
    await settleAll(calls, method === "shutdown" ? "shut down" : "flush");
  }
}

/** The logger of a scope: a scope that cannot be compared has a new one each time. */
function loggerOf(scope: ScopeInput, known: Map<string, FemtoLogger>, system: LogSystem): FemtoLogger {
  const key = scopeKey(scope);
  const logger = (key === undefined ? undefined : known.get(key)) ?? system.loggerOfScope(scope);
  if (key !== undefined) known.set(key, logger);
  return logger;
}

/** The way of records whose provider is shut down. */
class EndedRoute implements RecordRoute {
  readonly isEmpty: boolean;
  readonly #route: RecordRoute;

  constructor(route: RecordRoute) {
    this.#route = route;
    this.isEmpty = route.isEmpty;
  }

  takes(): boolean {
    return false;
  }

  publish(...record: Parameters<RecordRoute["publish"]>): void {
    this.#route.publish(...record);
  }

  countTooLarge(severity: number): void {
    this.#route.countTooLarge(severity);
  }
}

/** A processor that never answers must not hold up the end of a process. @throws {Error} The time is over. */
async function callInTime(
  call: () => Promise<void>,
  { what, timeoutMillis }: { readonly what: string; readonly timeoutMillis: number },
): Promise<void> {
  if (timeoutMillis === 0) return call();
  const late = Promise.withResolvers<void>();
  // A processor of ours is done at the very end of the time, and then knows better what is left.
  const timer = setTimeout(
    () => late.reject(new Error(`${what} within ${timeoutMillis} ms ("timeoutMillis")`)),
    timeoutMillis + GRACE_MILLIS,
  );
  try {
    await Promise.race([call(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const GRACE_MILLIS = 50;

/** What is given wins over the environment, and that over the defaults. @throws {RangeError} A limit is out of bounds. */
function limitsOf(
  given: NonNullable<LoggerProviderOptions["logRecordLimits"]>,
): Pick<EncoderLimits, "attributeCountMax" | "valueLengthMax"> {
  const { attributeCountLimit, attributeValueLengthLimit } = resolveLimits(given);
  const { attributeCountMax = attributeCountLimit, valueLengthMax = attributeValueLengthLimit } =
    environmentLimits();
  return {
    attributeCountMax: given.attributeCountLimit === undefined ? attributeCountMax : attributeCountLimit,
    valueLengthMax:
      given.attributeValueLengthLimit === undefined ? valueLengthMax : attributeValueLengthLimit,
  };
}

/** The resource itself, where it is one of @opentelemetry/resources: a copy would not learn its asynchronous attributes. */
function stockResource(resource: ResourceInput | undefined): object | undefined {
  return resource !== undefined && "getRawAttributes" in resource ? resource : undefined;
}

function checkResource(resource: unknown): void {
  if (resource === undefined) return;
  // Not read: a resource of the SDK complains when it is read before it is complete.
  if (typeof resource === "object" && resource !== null && "attributes" in resource) return;
  throw new TypeError(
    `Cannot create a logger provider: "resource" is ${describeValue(resource)}, must be a resource: an object with attributes`,
  );
}

function checkProcessor(processor: unknown, index: number): void {
  const methods = ["onEmit", "forceFlush", "shutdown"];
  const isProcessor =
    typeof processor === "object" &&
    processor !== null &&
    methods.every((method) => typeof (processor as Record<string, unknown>)[method] === "function");
  if (isProcessor) return;
  throw new TypeError(
    `Cannot create a logger provider: "processors[${index}]" is ${describeValue(processor)}, must be a log record processor: a handler of femtologging, or an object with onEmit(), forceFlush() and shutdown()`,
  );
}
