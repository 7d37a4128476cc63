import { reportOnce } from "../../diagnostics.ts";
import { LEVEL, noteCall, type WinstonInfo } from "./call-note.ts";
import { drainAtExit } from "./drain.ts";
import type { RecordSink } from "./record-sink.ts";
import type { LoggerClass } from "./winston-copies.ts";
import { isBackedUp, TRANSPORT_MARK, type WinstonLogger } from "./winston-logger.ts";

type Done = (error?: Error | null) => void;
type Method = (this: PatchedLogger, ...values: readonly unknown[]) => unknown;
type MethodName = "write" | "push" | "_final";

interface PatchedLogger extends WinstonLogger {
  readonly transports: readonly object[];
  resume(): unknown;
}

/** One method in the place of another. */
interface Replacement {
  readonly name: MethodName;
  readonly method: Method;
  /** What the class itself had; undefined where it had it from above. */
  readonly before: PropertyDescriptor | undefined;
}

/**
 * Watches all loggers of a class: `write` is the call, `push` has what the formats have made of it and judged to be logged, `_final` is the
 * end. Nothing is added to a logger that an application could see, remove, or count among its transports.
 */
export class LoggerPatch {
  readonly #prototype: PatchedLogger;
  readonly #sink: RecordSink;
  readonly #replacements: readonly Replacement[];
  #isActive = true;

  constructor({ prototype }: LoggerClass, sink: RecordSink) {
    this.#prototype = prototype as PatchedLogger;
    this.#sink = sink;
    this.#replacements = [
      this.#replace("write", (logger, [info]) => this.#called(logger, info)),
      this.#replace("push", (logger, [info]) => this.#formatted(logger, info)),
      // The oldest of winston 3 do not wait at their end.
      ...(typeof this.#original("_final") === "function" ? [this.#replaceEnd()] : []),
    ];
  }

  /** Puts back what was there. Where somebody has replaced a method since, ours passes everything on, and that is said. */
  release(): void {
    this.#isActive = false;
    for (const { name, method, before } of this.#replacements) {
      if ((this.#prototype as unknown as Record<MethodName, unknown>)[name] !== method) {
        reportOnce(
          `winston patched ${name}`,
          `Cannot take the capture of winston out again: somebody has replaced "${name}" of its loggers since; it stays there and passes everything on`,
        );
      } else if (before === undefined) {
        Reflect.deleteProperty(this.#prototype, name);
      } else {
        Object.defineProperty(this.#prototype, name, before);
      }
    }
  }

  #replace(
    name: MethodName,
    watch: (logger: PatchedLogger, values: readonly unknown[]) => void,
  ): Replacement {
    const original = this.#original(name);
    const isActive = (): boolean => this.#isActive;
    return this.#define(name, function watched(...values) {
      if (isActive()) watch(this, values);
      return original.call(this, ...values);
    });
  }

  /** `finish` of a logger means that its records are delivered, as far as they can be. */
  #replaceEnd(): Replacement {
    const original = this.#original("_final");
    const flushThen = (tell: () => void): void => {
      // What handlers cannot deliver they report themselves.
      if (this.#isActive) this.#sink.flush().then(tell, tell);
      else tell();
    };
    return this.#define("_final", function flushed(callback) {
      const done = callback as Done;
      return original.call(this, (error?: Error | null) => {
        flushThen(() => done(error));
      });
    });
  }

  #original(name: MethodName): Method {
    return (this.#prototype as unknown as Record<MethodName, Method>)[name];
  }

  #define(name: MethodName, method: Method): Replacement {
    const before = Object.getOwnPropertyDescriptor(this.#prototype, name);
    Object.defineProperty(this.#prototype, name, {
      value: method,
      configurable: true,
      writable: true,
      enumerable: false,
    });
    return { name, method, before };
  }

  #called(logger: PatchedLogger, info: unknown): void {
    // A logger without transports would stop after 32 records, and keep them.
    if (logger.readableFlowing !== true && logger.transports.length === 0) logger.resume();
    noteCall(info, isBackedUp(logger));
    drainAtExit(logger);
  }

  #formatted(logger: PatchedLogger, info: unknown): void {
    if (typeof info !== "object" || info === null) return;
    const record = info as WinstonInfo;
    if (!isTaken(logger, record) || hasOurTransport(logger, record)) return;
    this.#sink.take(record, logger.levels);
  }
}

/** By the level of the logger, as a transport without a level of its own would. Errors that nobody caught have any level. */
function isTaken({ levels, level }: WinstonLogger, info: WinstonInfo): boolean {
  if (info["exception"] === true || typeof level !== "string" || level === "") return true;
  const rankMax = levels[level];
  const rank = levels[String(info[LEVEL])];
  return rankMax !== undefined && rank !== undefined && rankMax >= rank;
}

/** Whether a transport of ours takes the record: one among the transports takes all, one among `exceptionHandlers` errors that nobody caught. */
function hasOurTransport({ transports }: PatchedLogger, info: WinstonInfo): boolean {
  return transports.some((transport) => {
    if (TRANSPORT_MARK in transport) return true;
    const { transport: inner } = transport as { readonly transport?: unknown };
    const isOurs = typeof inner === "object" && inner !== null && TRANSPORT_MARK in inner;
    return isOurs && (info["exception"] === true || info["rejection"] === true);
  });
}
