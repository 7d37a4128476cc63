import { Writable } from "node:stream";
import { callbackify } from "node:util";
import { parentPort } from "node:worker_threads";
import { reportTrouble } from "../../diagnostics.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { PINO_TARGET_OPTIONS } from "../../options/pino-options.ts";
import { resolveOptions } from "../../options/validate.ts";
import { handlersOf } from "../../system/basic-config.ts";
import { createSystem, processSystem } from "../../system/logging.ts";
import type { LogSystem } from "../../logger/log-system.ts";
import { PinoLines } from "./pino-lines.ts";
import type { PinoConfig } from "./pino-settings.ts";

/** Options of the transport target: `pino.transport({ target: "femtologging/pino", options })`; CONFIG.md describes each. */
export type PinoTargetOptions = OptionsOf<typeof PINO_TARGET_OPTIONS>;

/** A line that has no end by then is taken as it is. */
const LINE_UNITS_MAX = 16_777_216;

/** pino waits 10 s for the end of its thread, with the application's thread at a stand. */
const OWN_END_MILLIS = 8_000;
/** Handlers of other threads may have ended already: theirs is the thread that waits. */
const FOREIGN_END_MILLIS = 1_000;
/** What pino and its thread add to the options of a target, beside names that begin with "$". */
const PINO_OWN: ReadonlySet<string> = new Set(["pinoWillSendConfig", "levels", "dedupe"]);

interface ConfigMessage {
  readonly code?: unknown;
  readonly config?: PinoConfig;
}

/** Where the records go. */
interface Place {
  readonly system: LogSystem;
  /** Its handlers were made for the transport alone, on its thread. */
  readonly isOwn: boolean;
}

/** Takes what pino's worker reads, in pieces of any length, and gives the lines on. */
class TargetStream extends Writable {
  readonly #place: Place;
  readonly #lines: PinoLines;
  #rest = "";

  constructor(place: Place, loggerName: string) {
    super({ decodeStrings: false });
    this.#place = place;
    this.#lines = new PinoLines(place.system, loggerName);
    parentPort?.on("message", this.#onMessage);
  }

  readonly #onMessage = (message: ConfigMessage | null): void => {
    if (message?.code === "PINO_CONFIG" && message.config !== undefined)
      this.#lines.configure(message.config);
  };

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const lines = `${this.#rest}${chunk.toString()}`.split("\n");
    this.#rest = lines.pop() as string;
    for (const line of lines) this.#take(line);
    if (this.#rest.length > LINE_UNITS_MAX) this.#takeRest();
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#takeRest();
    callbackify(() => this.#finish())(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    parentPort?.off("message", this.#onMessage);
    done(error);
  }

  /** What pino's `flush` waits for. */
  flush(done: (error?: Error | null) => void): void {
    callbackify(() => this.#place.system.flush())(done);
  }

  /** Never rejects: pino would make a crash of it. */
  async #finish(): Promise<void> {
    const { system, isOwn } = this.#place;
    try {
      if (isOwn) await system.shutdown({ timeoutMillis: OWN_END_MILLIS });
      else await system.flush({ timeoutMillis: FOREIGN_END_MILLIS });
    } catch (error) {
      reportTrouble(
        "pino target",
        `Not all records of pino were delivered at the end of its thread: ${String(error)}`,
      );
    }
  }

  #takeRest(): void {
    this.#take(this.#rest);
    this.#rest = "";
  }

  #take(line: string): void {
    if (line.trim() !== "") this.#lines.write(line, undefined, undefined);
  }
}

/**
 * What pino starts in its own thread for `target: "femtologging/pino"`. With `path` or `otlp` records go to handlers of the transport's own, and all
 * of them are delivered before the process ends. Else they go to the handlers of the process's loggers: then what pino still holds when the
 * process exits comes too late for them, which is said. There is no span here: only ids that a mixin has put into the line. Prefer
 * `pinoDestination()`, which needs no second thread.
 *
 * @param options As given to pino, with what it adds itself.
 * @throws {ConfigError} An option is wrong, or the file cannot be written.
 */
export function pinoTarget(options: PinoTargetOptions = {}): Writable {
  const given = Object.fromEntries(
    Object.entries(options).filter(([name]) => !name.startsWith("$") && !PINO_OWN.has(name)),
  );
  const { logger, path, format, otlp } = resolveOptions(PINO_TARGET_OPTIONS, given, {
    action: "start",
    subject: 'transport target "femtologging/pino"',
  });
  const hasOtlp = otlp !== undefined && otlp !== false;
  if (path === undefined && !hasOtlp)
    return new TargetStream({ system: processSystem(), isOwn: false }, logger);
  const handlers = handlersOf({
    path,
    format,
    otlp,
    stream: undefined,
    formatter: undefined,
    handlers: path === undefined ? [] : undefined,
  });
  return new TargetStream({ system: createSystem({ level: "TRACE", handlers }), isOwn: true }, logger);
}
