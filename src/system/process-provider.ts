import type { LoggerOptions, LoggerProvider } from "@opentelemetry/api";
import type { FemtoLogger } from "../logger/logger.ts";
import { readScope, scopeKey } from "../logger/scope.ts";
import { applyRules, type LoggerRule } from "./logger-rules.ts";
import { processSystem } from "./logging.ts";
import type { ProviderWaitOptions } from "./provider.ts";
import { registerProvider, type Registration } from "./register-provider.ts";

/**
 * The loggers of the process as an OpenTelemetry `LoggerProvider`: a library that logs with `logs.getLogger("shop")` and an
 * application that logs with `getLogger("shop")` have the same level and handlers, on every thread.
 *
 * @see Logs SDK, LoggerProvider
 */
export class ProcessLoggerProvider implements LoggerProvider, AsyncDisposable {
  readonly #loggers = new Map<string, FemtoLogger>();
  readonly #rules: readonly LoggerRule[];
  #shutdown: Promise<void> | undefined;

  /** @param rules What loggers are given when they are first asked for; the first rule for a name counts. */
  constructor(rules: readonly LoggerRule[] = []) {
    this.#rules = rules;
  }

  /** The logger of a scope: the same object for the same name, version and options. */
  getLogger(name: string, version?: string, options?: LoggerOptions): FemtoLogger {
    const scope = readScope(name, version, options);
    const key = scopeKey(scope);
    const known = key === undefined ? undefined : this.#loggers.get(key);
    if (known !== undefined) return known;
    const logger = processSystem().loggerOfScope(scope);
    applyRules(logger, this.#rules);
    if (key !== undefined) this.#loggers.set(key, logger);
    return logger;
  }

  /** As `FemtoLoggerProvider.register()`. */
  register(): Registration {
    return registerProvider(this);
  }

  /**
   * Resolves when all handlers of the process's loggers have flushed.
   * @throws {AggregateError | Error} What handlers rejected with, or that one was not done in time; the others have flushed.
   */
  forceFlush(options: ProviderWaitOptions = {}): Promise<void> {
    return this.#shutdown ?? processSystem().flush(options);
  }

  /**
   * Flushes and ends all handlers that this thread has added to the process's loggers. Calls after the first give the same promise.
   * @throws {AggregateError | Error} What handlers rejected with, or that one was not done in time; the others have ended.
   */
  shutdown(options: ProviderWaitOptions = {}): Promise<void> {
    this.#shutdown ??= processSystem().shutdown(options);
    return this.#shutdown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}
