/**
 * In place of `getLogger` and `withContext` of femtologging: loggers with the same methods, whose calls are timed, numbered
 * by an attribute `seq`, and remembered. The modules of the shop use them as they would use the real ones.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  getLogger as getFemtoLogger,
  withContext as withFemtoContext,
  type ExceptionMethod,
  type FemtoLogger,
  type LevelledLogMethod,
  type LevelName,
  type LogMethod,
} from "femtologging";
import { remember, type Attributes } from "./remembered-calls.ts";

const contexts = new AsyncLocalStorage<Attributes>();

type Loose = (this: FemtoLogger, ...values: readonly unknown[]) => void;
type Method = "trace" | "debug" | "info" | "warn" | "error" | "critical" | "exception" | "log";

/** A femto logger, as far as the shop needs it, whose calls are remembered. */
class AuditedLogger {
  declare readonly trace: LogMethod;
  declare readonly debug: LogMethod;
  declare readonly info: LogMethod;
  declare readonly warn: LogMethod;
  declare readonly error: LogMethod;
  declare readonly critical: LogMethod;
  declare readonly exception: ExceptionMethod;
  declare readonly log: LevelledLogMethod;

  readonly #logger: FemtoLogger;
  readonly #bound: Attributes;

  constructor(logger: FemtoLogger, bound: Attributes = {}) {
    this.#logger = logger;
    this.#bound = bound;
  }

  static {
    const prototype = this.prototype as unknown as Record<Method, (...values: readonly unknown[]) => void>;
    const audited = (method: Method, level: LevelName) =>
      function (this: AuditedLogger, ...values: readonly unknown[]): void {
        this.#call(method, { level, before: [], values });
      };
    const levels = ["trace", "debug", "info", "warn", "error", "critical"] as const;
    for (const method of levels) prototype[method] = audited(method, method.toUpperCase() as LevelName);
    prototype.exception = audited("exception", "ERROR");
    prototype.log = function (this: AuditedLogger, level: unknown, ...values: readonly unknown[]) {
      this.#call("log", { level: level as LevelName, before: [level], values });
    };
  }

  with(attributes: Attributes): AuditedLogger {
    return new AuditedLogger(this.#logger.with(attributes), { ...this.#bound, ...attributes });
  }

  event(eventName: string, attributes: Attributes): void {
    this.#call("event", { level: "INFO", before: [eventName], values: [attributes], eventName });
  }

  /** One call: made, timed and remembered; only made where the level is disabled. */
  #call(method: Method | "event", { level, before, values, eventName }: Call): void {
    const logger = this.#logger;
    const log = logger[method] as Loose;
    if (!logger.isEnabledFor(level)) {
      log.call(logger, ...before, ...values);
      return;
    }
    remember({
      call: {
        logger: logger.name,
        level,
        values,
        eventName,
        around: { ...contexts.getStore(), ...this.#bound },
      },
      make: (numbered) => log.call(logger, ...before, ...numbered),
    });
  }
}

interface Call {
  readonly level: LevelName;
  /** Arguments that are neither template nor attributes. */
  readonly before: readonly unknown[];
  readonly values: readonly unknown[];
  readonly eventName?: string;
}

/** The logger of a dotted name. */
export function getLogger(name: string): AuditedLogger {
  return new AuditedLogger(getFemtoLogger(name));
}

/** Runs `work` with attributes that every record made inside gets. */
export function withContext<T>(attributes: Attributes, work: () => T): T {
  return contexts.run({ ...contexts.getStore(), ...attributes }, () => withFemtoContext(attributes, work));
}
