import type { FemtoLogger } from "../logger/logger.ts";
import type { LoggingLike } from "../options/logging-like.ts";
import { flush, getLogger } from "../system/global-functions.ts";

/** Names of a source that get loggers of their own. A logger lives as long as its system, and some make a name for each request. */
const NAMES_MAX = 512;
/** What sources put between the parts of a name, where ours have a dot. */
const SEPARATORS = /[:/\\]+/g;

/** A logger for a name of the source. */
export interface BridgeLogger {
  readonly logger: FemtoLogger;
  /** Whether its name says no longer what the source has said: the records must. */
  readonly isRenamed: boolean;
}

/** Where the options of a bridge say that records go. */
export interface BridgeDestination {
  /** Undefined for the system of the process. */
  readonly logging?: LoggingLike | undefined;
  /** Undefined for the root of the system. */
  readonly logger?: string | undefined;
}

/** The logger of a bridge whose source has no names. */
export function bridgeLogger({ logging, logger }: BridgeDestination): FemtoLogger {
  return logging === undefined ? getLogger(logger) : (logging.getLogger(logger) as FemtoLogger);
}

/** Resolves when what was logged before is delivered, by all handlers of the system. @throws {Error} The time was over first. */
export function flushBridge({ logging }: BridgeDestination): Promise<void> {
  return logging === undefined ? flush() : logging.flush();
}

/** `flushBridge` for a library that wants to be called back: with nothing, or with why not all is delivered. */
export function flushBridgeThen(
  destination: BridgeDestination,
  callback: ((error?: Error) => void) | undefined,
): void {
  if (callback === undefined) return;
  const answer = (error?: Error): void => {
    // What the callback throws is the application's: it must not become a rejection.
    process.nextTick(() => callback(error));
  };
  flushBridge(destination).then(() => answer(), answer);
}

/** Loggers by the names of a source: `express:router` is `express.router`, below the logger of the options. */
export class BridgeLoggers {
  readonly #destination: BridgeDestination;
  readonly #byName = new Map<string, BridgeLogger>();

  constructor(destination: BridgeDestination) {
    this.#destination = destination;
  }

  /** The logger of a name. Beyond 512 names it is that of the options, or the root. */
  of(name: string): BridgeLogger {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= NAMES_MAX) return { logger: bridgeLogger(this.#destination), isRenamed: true };
    const { logger: prefix } = this.#destination;
    const dotted = name.replaceAll(SEPARATORS, ".");
    const parts = [prefix ?? "", dotted].filter((part) => part !== "");
    const named = {
      logger: bridgeLogger({ ...this.#destination, logger: parts.join(".") || undefined }),
      isRenamed: dotted !== name,
    };
    this.#byName.set(name, named);
    return named;
  }
}
