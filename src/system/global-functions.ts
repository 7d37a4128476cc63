import type { HandlerStats } from "../../processors/queue/counters.ts";
import type { FemtoLogger } from "../logger/logger.ts";
import type { ExceptionMethod, LogMethod } from "../logger/template-types.ts";
import { processSystem } from "./logging.ts";
import type { LevelThreshold } from "../record/severity.ts";

type LevelName = "trace" | "debug" | "info" | "warn" | "error" | "critical" | "exception";
type Loose = (...values: readonly unknown[]) => void;

function bind(level: LevelName): Loose {
  return (...values) => {
    const root = processSystem().getLogger() as unknown as Record<LevelName, Loose>;
    root[level](...values);
  };
}

/** The logger of a dotted name; without a name the root. The same object each time. Any thread. */
export function getLogger(name?: string): FemtoLogger {
  return processSystem().getLogger(name);
}

/** TRACE, with the root logger. */
export const trace: LogMethod = bind("trace");
/** DEBUG, with the root logger. */
export const debug: LogMethod = bind("debug");
/** INFO, with the root logger. */
export const info: LogMethod = bind("info");
/** WARN, with the root logger. */
export const warn: LogMethod = bind("warn");
/** ERROR, with the root logger. */
export const error: LogMethod = bind("error");
/** CRITICAL, with the root logger. */
export const critical: LogMethod = bind("critical");
/** ERROR, with an error that was caught, with the root logger. */
export const exception: ExceptionMethod = bind("exception");

/** Makes no records of this level and below in this process; "NOTSET" to end that. @throws {RangeError} No such level. */
export function disable(level: LevelThreshold): void {
  processSystem().disable(level);
}

/**
 * Resolves when everything logged before is delivered, or counted as dropped, by every handler of the process's loggers.
 * @throws {FlushTimeoutError | AggregateError} The time (30 s unless told otherwise) was over first; nothing is lost by that.
 */
export function flush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
  return processSystem().flush(options);
}

/** `flush` that blocks the thread, 2 s at most unless told otherwise. False when the time was over first. */
export function flushSync(timeoutMillis?: number): boolean {
  return processSystem().flushSync(timeoutMillis);
}

/** Flushes all handlers of the process's loggers, and ends those that this thread has made. @throws {FlushTimeoutError | AggregateError} */
export function shutdown(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
  return processSystem().shutdown(options);
}

/** What has become of the records, by the names of the handlers. Of two with one name the second is `name (2)`. */
export function stats(): Readonly<Record<string, HandlerStats>> {
  return processSystem().stats();
}
