import { EventEmitter } from "node:events";
import { callbackify } from "node:util";
import type { LogSystem } from "../../logger/log-system.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { PINO_BRIDGE_OPTIONS } from "../../options/pino-options.ts";
import { resolveOptions } from "../../options/validate.ts";
import { systemOf } from "../../system/logging.ts";
import { runCapture } from "../guard.ts";
import { PinoLines } from "./pino-lines.ts";
import type { PinoConfig } from "./pino-settings.ts";

/** Options of `pinoDestination()` and `capturePino()`; CONFIG.md describes each. */
export type PinoBridgeOptions = OptionsOf<typeof PINO_BRIDGE_OPTIONS>;

/** Tells pino to say of each line which level and logger it is of. */
const METADATA = Symbol.for("pino.metadata");

/**
 * Where a pino logger writes to: our handlers. Lines are copied as they are, and parsed where the handlers work. Pass it to `pino()`, also for
 * several loggers, or as a stream of `pino.multistream()`; of one thread. Nothing here throws.
 */
export class PinoDestination extends EventEmitter {
  /** By which pino knows a destination when it is its only argument. */
  readonly writable = true;
  /** Set by pino before each line: what it is of. @internal */
  lastLevel: unknown;
  /** @internal */
  lastLogger: unknown;
  /** Not used: it is what the application has passed in, before redaction. @internal */
  lastObj: unknown;
  /** @internal */
  lastMsg: unknown;
  /** @internal */
  lastTime: unknown;
  static {
    Object.defineProperty(this.prototype, METADATA, { value: true });
  }

  readonly #system: LogSystem;
  readonly #lines: PinoLines;
  #line = "";
  #hasEnded = false;
  readonly #take = (): void => this.#lines.write(this.#line, this.lastLevel, this.lastLogger);

  /** Use `pinoDestination`. */
  constructor(system: LogSystem, loggerName: string) {
    super();
    this.#system = system;
    this.#lines = new PinoLines(system, loggerName);
    this.on("message", (message: { readonly code?: unknown; readonly config?: PinoConfig } | undefined) => {
      if (message?.code === "PINO_CONFIG" && message.config !== undefined)
        this.#lines.configure(message.config);
    });
  }

  /**
   * Takes a line: copies it into the queues of the handlers.
   * @returns True: there is nothing to wait for.
   */
  write(line: string): boolean {
    this.#line = line;
    runCapture(this.#take);
    // Of the next line only what is said of it, and nothing of the application's is kept.
    this.#line = "";
    this.lastLevel = undefined;
    this.lastLogger = undefined;
    this.lastObj = undefined;
    this.lastMsg = undefined;
    return true;
  }

  /**
   * Calls `done` when all that was logged before is delivered, or counted as dropped.
   * @param done Gets the error where the time (30 s) was over first.
   */
  flush(done: (error?: Error | null) => void = () => {}): void {
    callbackify(() => this.#system.flush())(done);
  }

  /** `flush` that blocks the thread, 2 s at most: what pino does after a `fatal`. */
  flushSync(): void {
    this.#system.flushSync();
  }

  /** Flushes, then emits `finish` and `close`. The handlers go on: they are not the destination's own. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.flush(() => {
      this.emit("finish");
      this.emit("close");
    });
  }
}

/**
 * Makes a destination for pino: `pino(options, pinoDestination())`. The records equal what pino would have written, with the span of the
 * caller; see docs/pino.md. Cheap; any thread, for loggers of the same.
 *
 * @throws {ConfigError} An option is wrong.
 */
export function pinoDestination(options: PinoBridgeOptions = {}): PinoDestination {
  const { logger, logging } = resolveOptions(PINO_BRIDGE_OPTIONS, options, {
    action: "make",
    subject: "pinoDestination()",
  });
  return new PinoDestination(systemOf(logging), logger);
}
