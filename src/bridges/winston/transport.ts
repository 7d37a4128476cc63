import winston, { type Logform, type transport as TransportStream } from "winston";
import { reportOnce, reportTrouble } from "../../diagnostics.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { WINSTON_TRANSPORT_OPTIONS, type WinstonLevels } from "../../options/winston-options.ts";
import type { Logging } from "../../system/logging.ts";
import { LEVEL, type WinstonInfo } from "./call-note.ts";
import { drain, drainAtExit } from "./drain.ts";
import { RecordSink } from "./record-sink.ts";
import { versionTrouble } from "./versions.ts";
import {
  isWinstonLogger,
  tapWrites,
  TRANSPORT_MARK,
  untapWrites,
  type WinstonLogger,
} from "./winston-logger.ts";

/** winston ends the process 3 s after an error that nobody caught. */
const CRASH_FLUSH_MILLIS = 2_000;

/** Options of {@link FemtoWinstonTransport}; CONFIG.md describes each. */
export type WinstonTransportOptions = Omit<
  OptionsOf<typeof WINSTON_TRANSPORT_OPTIONS>,
  "format" | "logging"
> & {
  readonly format?: Logform.Format | undefined;
  readonly logging?: Logging | undefined;
};

/** What the base class takes of our options. */
interface BaseOptions {
  readonly level?: string;
  readonly format?: Logform.Format;
  readonly silent: boolean;
  readonly handleExceptions: boolean;
  readonly handleRejections: boolean;
}

// The base class comes from the winston that this package resolves, which package managers see to be the application's (an
// optional peer): "winston-transport" itself is out of reach where every package sees only what it has asked for.
const Base: new (options: BaseOptions) => TransportStream = (
  winston as unknown as { Transport: new (options: BaseOptions) => TransportStream }
).Transport;

type Listener = (...values: never[]) => void;

/**
 * A transport of winston 3 that makes femtologging's records of winston's: `createLogger({ transports: [new FemtoWinstonTransport()] })`.
 * The level is winston's; message, meta and errors become body, attributes and `exception.*`; the span is that of the call. It takes each
 * record at once and never holds up the other transports. `finish` (after `logger.end()`) says that the records are delivered.
 *
 * On the thread of the logger.
 *
 * @throws {ConfigError} An option is wrong.
 */
export class FemtoWinstonTransport extends Base {
  readonly #sink: RecordSink;
  readonly #loggers = new Set<WinstonLogger>();
  /** Levels and logger that the base class compares with. */
  declare levels: WinstonLevels | undefined;
  declare parent: WinstonLogger | null | undefined;
  /** Set by winston when it has caught an error that nobody else did: it waits for `finish` then, and ends the process. */
  declare _ending: boolean | undefined;
  /** What waits for the record of such an error; undefined where nothing does. */
  #crashListeners: Listener[] | undefined;

  static {
    Object.defineProperty(this.prototype, TRANSPORT_MARK, { value: true });
  }

  constructor(options: WinstonTransportOptions = {}) {
    const resolved = resolveOptions(WINSTON_TRANSPORT_OPTIONS, options, {
      subject: "FemtoWinstonTransport",
      action: "make",
    });
    const { level, silent, handleExceptions, handleRejections } = resolved;
    const { format } = options;
    super({
      silent,
      handleExceptions,
      handleRejections,
      ...(level === undefined ? {} : { level }),
      ...(format === undefined ? {} : { format }),
    });
    this.#sink = new RecordSink(resolved);
    const trouble = versionTrouble(winston.version);
    if (trouble !== undefined) reportOnce(`winston ${winston.version}`, trouble);
    // Each logger listens to some events: one transport for a hundred loggers is no leak.
    this.setMaxListeners(0);
    this.on("pipe", (source: unknown) => this.#join(source));
    this.on("unpipe", (source: unknown) => this.#leave(source));
  }

  /**
   * Takes one record: what the base class, and winston's own handling of exceptions, call. Emits `logged` on a later turn.
   * @returns True: it never asks its callers to wait.
   */
  override log(info: unknown, next?: () => void): boolean {
    if (typeof info === "object" && info !== null) this.#sink.take(info as WinstonInfo, this.levels);
    if (this.listenerCount("logged") > 0) setImmediate(() => this.emit("logged", info));
    next?.();
    return true;
  }

  /** Takes what its logger writes, if it is of the level: the base class's judgement, where that can judge. */
  override _write(info: unknown, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    // All is done when this returns, so the stream need not put its end off to a later turn.
    const state = (this as unknown as { readonly _writableState?: { sync: boolean } })._writableState;
    if (state !== undefined) state.sync = false;
    if (this.silent !== true && this.#cannotJudge(info as WinstonInfo)) this.log(info, callback);
    else super._write(info, encoding, callback);
  }

  /** Delivers what was taken, then lets the stream finish. */
  override _final(callback: (error?: Error | null) => void): void {
    const done = (): void => callback();
    this.#sink
      .flush()
      .catch((error: unknown) => this.#failAtEnd(error))
      .finally(done);
  }

  /** Ends the transport, with what still waits in its loggers for slower ones. */
  override end(...values: readonly unknown[]): this {
    for (const logger of this.#loggers) this.#drain(logger);
    return super.end(...(values as []));
  }

  /**
   * Listens once. While winston handles an error that nobody caught, a listener of `finish` is called when the records are delivered, at
   * most 2 s later: the stream itself goes on.
   */
  override once(event: string | symbol, listener: Listener): this {
    if (this._ending !== true || (event !== "finish" && event !== "error")) {
      return super.once(event, listener as (...values: unknown[]) => void);
    }
    if (event === "finish") this.#finishCrash(listener);
    return this;
  }

  /** Not by an error event: winston would take the transport back, and the end of its logger would never come. */
  #failAtEnd(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    reportTrouble("winston_end", `Cannot deliver all records at the end of a winston transport: ${reason}`);
    this.emit("warn", error);
  }

  #finishCrash(listener: Listener): void {
    if (this.#crashListeners !== undefined) {
      this.#crashListeners.push(listener);
      return;
    }
    this.#crashListeners = [listener];
    // winston logs the error right after it has begun to listen.
    setImmediate(() => {
      for (const logger of this.#loggers) this.#drain(logger);
      const tell = (): void => this.#tellCrashListeners();
      this.#sink.flush({ timeoutMillis: CRASH_FLUSH_MILLIS }).then(tell, tell);
    });
  }

  #tellCrashListeners(): void {
    const listeners = this.#crashListeners ?? [];
    this.#crashListeners = undefined;
    this._ending = false;
    for (const listener of listeners) listener();
  }

  /** Records of a stream without levels, and errors that nobody caught where there is no level "error". */
  #cannotJudge(info: WinstonInfo): boolean {
    if (this.levels === undefined) return true;
    const isException = info["exception"] === true && this.handleExceptions === true;
    return isException && this.levels[String(info[LEVEL])] === undefined;
  }

  /** A format of the application may throw. */
  #drain(logger: WinstonLogger): void {
    try {
      drain(logger);
    } catch (error) {
      reportTrouble("winston", `Cannot let through what waits in a winston logger: ${String(error)}`);
    }
  }

  #join(source: unknown): void {
    if (!isWinstonLogger(source)) {
      reportOnce(
        "winston source",
        'Cannot tell the levels of what is piped into a FemtoWinstonTransport: it is no logger of winston 3; its records are taken with the severities of their "level"',
      );
      return;
    }
    this.#loggers.add(source);
    // The base class looks at the first logger only.
    if (this.#loggers.size === 1) this.#follow(source);
    tapWrites(source);
    drainAtExit(source);
  }

  #leave(source: unknown): void {
    if (!isWinstonLogger(source) || !this.#loggers.delete(source)) return;
    untapWrites(source);
    const [other] = this.#loggers;
    if (other !== undefined) this.#follow(other);
  }

  /** From now on levels are those of this logger: of several, the one that came first. */
  #follow(logger: WinstonLogger): void {
    this.parent = logger;
    this.levels = logger.levels;
  }
}
