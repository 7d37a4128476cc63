import { syncBuiltinESMExports } from "node:module";
import type { DebugLogger, DebugLoggerFunction } from "node:util";
import { DEBUGLOG_CAPTURE_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { LEVELS } from "../../record/severity.ts";
import { BridgeLoggers } from "../bridge-loggers.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { mayCapture, runCapture } from "../guard.ts";
import { makeRecord } from "../make-record.ts";
import { patchProperty } from "../patch.ts";
import { printedErrors, printedText } from "../printed-values.ts";

/** Options of `captureDebuglog`; CONFIG.md describes each. */
export type DebuglogCaptureOptions = OptionsOf<typeof DEBUGLOG_CAPTURE_OPTIONS>;

type Values = readonly unknown[];
type MakeLogger = (section: string, onFirst?: (log: DebugLoggerFunction) => void) => DebugLogger;

/** The module itself, which can be changed: what ES modules import are views of it. */
const util = process.getBuiltinModule("node:util") as unknown as Record<string, unknown>;
/** Two names of one function. */
const NAMES = ["debuglog", "debug"];

/**
 * Makes records of what functions of `util.debuglog` print for sections that NODE_DEBUG enables, at DEBUG: those that are asked for
 * from now on. Functions that were taken before print as they did, and so do Node's own sections (`NODE_DEBUG=http`): Node makes theirs out of reach.
 * Capturing twice gives the first capture, and says so once. This thread.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 */
export function captureDebuglog(options: DebuglogCaptureOptions = {}): Capture {
  const { forward, ...destination } = resolveOptions(DEBUGLOG_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject: "util.debuglog",
  });
  return captureOnce("util.debuglog", () => {
    const patch = new DebuglogPatch(new BridgeLoggers(destination), forward);
    return () => patch.release();
  });
}

class DebuglogPatch {
  readonly #loggers: BridgeLoggers;
  readonly #forwards: boolean;
  readonly #undo: readonly (() => void)[];
  #isActive = true;

  constructor(loggers: BridgeLoggers, forwards: boolean) {
    this.#loggers = loggers;
    this.#forwards = forwards;
    const original = util["debuglog"] as MakeLogger;
    const debuglog: MakeLogger = (section, onFirst) => this.#make(original, section, onFirst);
    this.#undo = NAMES.filter((name) => util[name] === original).map((name) =>
      patchProperty({ target: util, name, label: `util.${name}` }, debuglog),
    );
    syncBuiltinESMExports();
  }

  release(): void {
    this.#isActive = false;
    for (const undo of this.#undo) undo();
    syncBuiltinESMExports();
  }

  #make(
    original: MakeLogger,
    section: string,
    onFirst: ((log: DebugLoggerFunction) => void) | undefined,
  ): DebugLogger {
    const print = original(section);
    let tell = onFirst;
    const log = (...values: unknown[]): void => {
      const first = tell;
      tell = undefined;
      // Node gives its caller a faster function with the first call. Ours is this one, also where nothing is forwarded.
      first?.(logger);
      if (print.enabled) this.#print(section, print, values);
    };
    const logger = Object.defineProperty(log, "enabled", {
      get: () => print.enabled,
      enumerable: true,
      configurable: true,
    }) as DebugLogger;
    return logger;
  }

  #print(section: string, print: DebugLoggerFunction, values: Values): void {
    const forward = (): void => print(...(values as Parameters<DebugLoggerFunction>));
    if (!this.#isActive || !mayCapture()) {
      forward();
      return;
    }
    makeRecord("util.debuglog", () => this.#log(section, values));
    // As part of the capture: what stands below, a patched stream say, does not capture it again.
    if (this.#forwards) runCapture(forward);
  }

  #log(section: string, values: Values): void {
    const { logger, isRenamed } = this.#loggers.of(section.toLowerCase());
    if (!logger.isEnabledFor(LEVELS.DEBUG)) return;
    const { exception, attributes } = printedErrors(values);
    logger.emit({
      severityNumber: LEVELS.DEBUG,
      severityText: "DEBUG",
      body: printedText(values),
      attributes: { ...(isRenamed ? { "debuglog.section": section } : {}), ...attributes },
      ...(exception === undefined ? {} : { exception }),
    });
  }
}
