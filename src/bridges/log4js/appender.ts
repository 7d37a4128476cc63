import { LOG4JS_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { parseLevel } from "../../record/severity.ts";
import { BridgeLoggers, flushBridgeThen } from "../bridge-loggers.ts";
import { makeRecord } from "../make-record.ts";
import { severityOfNumber } from "../numbered-levels.ts";
import { printedErrors, printedText } from "../printed-values.ts";

/** Options of the appender, beside `type`; CONFIG.md describes each. */
export type Log4jsAppenderOptions = OptionsOf<typeof LOG4JS_OPTIONS>;

/** What log4js gives to its appenders. */
export interface Log4jsEvent {
  readonly startTime: Date;
  readonly categoryName: string;
  readonly data: readonly unknown[];
  readonly level: { readonly level: number; readonly levelStr: string };
  readonly context?: Readonly<Record<string, unknown>>;
  readonly pid?: number;
  readonly error?: unknown;
  readonly fileName?: string;
  readonly lineNumber?: number;
  readonly columnNumber?: number;
  readonly functionName?: string;
  readonly callStack?: string;
}

/** An appender of log4js. */
export interface Log4jsAppender {
  (event: Log4jsEvent): void;
  /** Calls back when all that was logged before is delivered, or with why it was not. The handlers go on working. */
  shutdown(callback?: (error?: Error) => void): void;
}

/** Levels of log4js from TRACE to FATAL. */
const LEVELS_OF_LOG4JS: readonly number[] = [5000, 10_000, 20_000, 30_000, 40_000, 50_000];
/** MARK is above all, so that it is always written: it is no error. */
const MARK = 2 ** 53;
const INFO = 9;

/**
 * Makes an appender for log4js: what log4js calls for `type: "femtologging/log4js"`. Categories are loggers, the context of a logger is attributes, the
 * place of a call is `code.*`, errors among the arguments are `exception.*`; time, level and its word are those of log4js. Thread: that
 * of log4js.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 */
export function configure(options: Log4jsAppenderOptions & { readonly type?: unknown } = {}): Log4jsAppender {
  const { type: _type, ...given } = options;
  const destination = resolveOptions(LOG4JS_OPTIONS, given, {
    action: "configure",
    subject: "log4js appender",
  });
  const loggers = new BridgeLoggers(destination);
  const append = (event: Log4jsEvent): void => {
    makeRecord("log4js", () => write(loggers, event));
  };
  const shutdown = (callback?: (error?: Error) => void): void => {
    flushBridgeThen(destination, callback);
  };
  return Object.assign(append, { shutdown });
}

function write(loggers: BridgeLoggers, event: Log4jsEvent): void {
  const { categoryName, data, level } = event;
  const { logger, isRenamed } = loggers.of(categoryName);
  const severity = severityOf(level);
  if (!logger.isEnabledFor(severity)) return;
  const errors = printedErrors(data);
  const exception = errors.exception ?? event.error;
  logger.emit({
    severityNumber: severity,
    severityText: level.levelStr,
    body: printedText(data),
    timestamp: event.startTime,
    attributes: {
      ...event.context,
      ...(isRenamed ? { "log4js.category": categoryName } : {}),
      ...placeOf(event),
      ...errors.attributes,
    },
    ...(exception === undefined ? {} : { exception }),
  });
}

function severityOf({ level, levelStr }: Log4jsEvent["level"]): ReturnType<typeof severityOfNumber> {
  if (level >= MARK) return INFO;
  return (
    (parseLevel(levelStr) as ReturnType<typeof severityOfNumber> | undefined) ??
    severityOfNumber(level, LEVELS_OF_LOG4JS)
  );
}

/** Where the call stands, when log4js was told to find out; and whose it was, when another process of a cluster has made it. */
function placeOf(event: Log4jsEvent): Readonly<Record<string, unknown>> {
  const { fileName, lineNumber, columnNumber, functionName, callStack, pid } = event;
  const place = {
    "code.file.path": fileName,
    "code.line.number": lineNumber,
    "code.column.number": columnNumber,
    "code.function.name": functionName === "" ? undefined : functionName,
    "code.stacktrace": callStack,
    "process.pid": pid === process.pid ? undefined : pid,
  };
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}
