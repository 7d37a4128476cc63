import type { FemtoLogger } from "../../logger/logger.ts";
import { LEVELS, OFF, parseThreshold, severityName } from "../../record/severity.ts";
import { getLogger } from "../../system/global-functions.ts";
import { readCall, serialized, type FastifySerializers } from "./fastify-call.ts";

export type { FastifySerializers } from "./fastify-call.ts";

/** Logs as pino does: `(message, ...values)`, `(attributes, message, ...values)`, `(error, message, ...values)`. Never throws. */
export type FastifyLogMethod = (first: unknown, ...rest: readonly unknown[]) => void;

/** What Fastify asks of a logger: its `loggerInstance`. */
export interface FastifyLogger {
  /**
   * The least level that passes, in pino's words: "trace" to "fatal", "silent" for none. A level of its own can only be
   * higher than that of the logger behind it, whose level changes at any time.
   * @throws {RangeError} Set to something else.
   */
  level: string;
  readonly serializers: FastifySerializers;
  readonly trace: FastifyLogMethod;
  readonly debug: FastifyLogMethod;
  readonly info: FastifyLogMethod;
  readonly warn: FastifyLogMethod;
  readonly error: FastifyLogMethod;
  /** CRITICAL, 21. */
  readonly fatal: FastifyLogMethod;
  /** Logs nothing. */
  readonly silent: FastifyLogMethod;
  /** A logger whose records all have these attributes; `level` and `serializers` are added to those of this one. */
  child(
    bindings: Readonly<Record<string, unknown>>,
    options?: { readonly level?: string; readonly serializers?: FastifySerializers },
  ): FastifyLogger;
}

/** How records of Fastify are made. */
export interface FastifyLoggerOptions {
  /** Make a value of the attribute with their name loggable; they win over Fastify's own for `req` and `res`. */
  readonly serializers?: FastifySerializers;
}

/** From the least severe on. */
const WORDS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
const SEVERITIES = {
  trace: LEVELS.TRACE,
  debug: LEVELS.DEBUG,
  info: LEVELS.INFO,
  warn: LEVELS.WARN,
  error: LEVELS.ERROR,
  fatal: LEVELS.CRITICAL,
} as const;

/**
 * Makes Fastify log through femtologging: `fastify({ loggerInstance: fastifyLogger() })`. Its records have the request's id as
 * `reqId`, what `withContext` gives, and the active span; an error under `err` becomes `exception.*`. Texts are taken as they
 * are: braces in the URL of a request are no holes. On the thread that logs.
 *
 * @param logger The logger behind it: "fastify" by default.
 */
export function fastifyLogger(
  logger: FemtoLogger = getLogger("fastify"),
  { serializers = {} }: FastifyLoggerOptions = {},
): FastifyLogger {
  return new LoggerForFastify(logger, { serializers, threshold: LEVELS.TRACE });
}

class LoggerForFastify implements FastifyLogger {
  readonly serializers: FastifySerializers;
  readonly #logger: FemtoLogger;
  #threshold: number;

  constructor(
    logger: FemtoLogger,
    parts: { readonly serializers: FastifySerializers; readonly threshold: number },
  ) {
    this.#logger = logger;
    this.serializers = parts.serializers;
    this.#threshold = parts.threshold;
  }

  get level(): string {
    const least = Math.max(this.#threshold, this.#logger.effectiveLevel);
    return WORDS.find((word) => SEVERITIES[word] >= least) ?? "silent";
  }

  set level(level: string) {
    this.#threshold = readThreshold(level);
  }

  // Fields, not methods: Fastify and its plugins hand them on by themselves.
  readonly trace = (...values: readonly unknown[]): void => this.#log("trace", values);
  readonly debug = (...values: readonly unknown[]): void => this.#log("debug", values);
  readonly info = (...values: readonly unknown[]): void => this.#log("info", values);
  readonly warn = (...values: readonly unknown[]): void => this.#log("warn", values);
  readonly error = (...values: readonly unknown[]): void => this.#log("error", values);
  readonly fatal = (...values: readonly unknown[]): void => this.#log("fatal", values);
  readonly silent = (): void => {};

  child(
    bindings: Readonly<Record<string, unknown>>,
    options: { readonly level?: string; readonly serializers?: FastifySerializers } = {},
  ): FastifyLogger {
    const serializers = { ...this.serializers, ...options.serializers };
    const threshold = options.level ? readThreshold(options.level) : this.#threshold;
    return new LoggerForFastify(this.#logger.with(serialized(bindings, serializers)), {
      serializers,
      threshold,
    });
  }

  #log(word: (typeof WORDS)[number], values: readonly unknown[]): void {
    const severity = SEVERITIES[word];
    if (severity < this.#threshold || !this.#logger.isEnabledFor(severity)) return;
    try {
      this.#logger.emit({
        severityNumber: severity,
        severityText: severityName(severity),
        ...readCall(values, this.serializers),
      });
    } catch {
      // What cannot even be asked what it is, such as a revoked proxy: the logger marks it.
      (this.#logger.log as (level: number, ...rest: readonly unknown[]) => void)(severity, ...values);
    }
  }
}

function readThreshold(level: string): number {
  const severity = level === "silent" ? OFF : parseThreshold(level);
  if (severity !== undefined) return severity;
  throw new RangeError(
    `Cannot set the level of Fastify's logger: it is ${JSON.stringify(level)}, must be one of ${[...WORDS, "silent"].join(", ")}`,
  );
}
