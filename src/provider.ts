import type { Logger, LoggerOptions, LoggerProvider } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { FemtoHandler } from "../processors/batch/handler.ts";
import type { ResourceInput, ScopeInput } from "../processors/shape/dictionary.ts";
import { reportOnce } from "./diagnostics.ts";
import { StockRoute } from "./handlers/stock-route.ts";
import type { LogSystem } from "./logger/log-system.ts";
import type { FemtoLogger } from "./logger/logger.ts";
import { createSystem } from "./logging.ts";
import { registerProvider, type Registration } from "./register-provider.ts";
import type { LevelThreshold } from "./record/severity.ts";

const NOOP_LOGGER: Logger = { emit: () => {}, enabled: () => false };

/** Options of `FemtoLoggerProvider`. */
export interface LoggerProviderOptions {
  /** Where records come from; a `Resource` of @opentelemetry/resources fits. Default: the process and its environment. */
  readonly resource?: ResourceInput;
  /** Our handlers, and any other log record processors, in order. */
  readonly processors?: readonly LogRecordProcessor[];
  /** Level of the root logger. Default TRACE: the processors decide. */
  readonly level?: LevelThreshold;
  /** Limits of a record. @see Logs SDK, LogRecord Limits */
  readonly logRecordLimits?: {
    /** Attributes a record keeps. Default 128. */
    readonly attributeCountLimit?: number;
    /** UTF-16 units a text value keeps. Default: all. */
    readonly attributeValueLengthLimit?: number;
  };
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
  #shutdown: Promise<void> | undefined;

  /** @throws {RangeError} `level` is none. @throws {TypeError} A processor is none. */
  constructor(options: LoggerProviderOptions = {}) {
    const processors = options.processors ?? [];
    processors.forEach(checkProcessor);
    this.#processors = [...processors];
    const isOurs = processors.every((processor) => processor instanceof FemtoHandler);
    const stockRoute = isOurs ? undefined : new StockRoute(processors);
    const { attributeCountLimit, attributeValueLengthLimit } = options.logRecordLimits ?? {};
    this.#system = createSystem({
      level: options.level ?? "TRACE",
      ...(options.resource === undefined ? {} : { resource: options.resource }),
      limits: {
        ...(attributeCountLimit === undefined ? {} : { attributeCountMax: attributeCountLimit }),
        ...(attributeValueLengthLimit === undefined ? {} : { valueLengthMax: attributeValueLengthLimit }),
      },
      handlers: isOurs ? (processors as FemtoHandler[]) : [],
      routeOf: () => stockRoute,
    });
  }

  /** The logger of a scope: the same object for the same name, version and options. After `shutdown` one that does nothing. */
  getLogger(name: string, version?: string, options?: LoggerOptions): FemtoLogger {
    if (this.#shutdown !== undefined) {
      reportOnce("logger after shutdown", "A logger was asked for after its provider was shut down: its records go nowhere");
      return NOOP_LOGGER as FemtoLogger;
    }
    const scope: ScopeInput = { name, version, schemaUrl: options?.schemaUrl, attributes: options?.attributes };
    const key = JSON.stringify([name, version, scope.schemaUrl, scope.attributes]);
    const known = this.#loggers.get(key);
    if (known !== undefined) return known;
    const logger = this.#system.loggerOfScope(scope);
    this.#loggers.set(key, logger);
    return logger;
  }

  /**
   * Makes this the provider of the process, in the registries of @opentelemetry/api and @opentelemetry/api-logs (where
   * installed), so that loggers obtained earlier wake up.
   * @returns What was reached. Where another provider is registered already, that one stays.
   */
  register(): Registration {
    return registerProvider(this);
  }

  /** Resolves when all processors have flushed. @throws What a processor rejected with. */
  async forceFlush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    if (this.#shutdown !== undefined) return this.#shutdown;
    await Promise.all(this.#processors.map((processor) => processor.forceFlush(options)));
  }

  /** Flushes and ends all processors. Calls after the first give the same promise. */
  shutdown(): Promise<void> {
    this.#shutdown ??= Promise.all(this.#processors.map((processor) => processor.shutdown())).then(() => {});
    return this.#shutdown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}

function checkProcessor(processor: unknown, index: number): void {
  const methods = ["onEmit", "forceFlush", "shutdown"];
  const isProcessor =
    typeof processor === "object" &&
    processor !== null &&
    methods.every((method) => typeof (processor as Record<string, unknown>)[method] === "function");
  if (isProcessor) return;
  throw new TypeError(
    `Cannot create a logger provider: "processors[${index}]" is ${typeof processor}, must be a log record processor: a handler of femtologging, or an object with onEmit(), forceFlush() and shutdown()`,
  );
}
