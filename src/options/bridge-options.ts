/** What the bridges take: the functions that capture, the appender of log4js, the stream of bunyan, the span processor. */

import { hasMethods, isLoggingLike, type LoggingLike } from "./logging-like.ts";

const LOGGING = {
  logging: {
    type: "custom",
    expected: "a logging system of createLogging()",
    accepts: (value: unknown): value is LoggingLike => isLoggingLike(value),
    computedDefault: "that of the process",
    description: "The logging system whose loggers the records are made with.",
  },
} as const;

const FORWARD = {
  forward: {
    type: "boolean",
    default: true,
    description:
      "Whether what is captured is still printed where it was. Printed and written by a stream handler to the same terminal, it is there twice.",
  },
} as const;

/** For sources with names of their own: a logger for each. */
const PREFIX = {
  logger: {
    type: "string",
    notEmpty: true,
    computedDefault: "none",
    description:
      "Name of the logger that those of the source are put below: with `lib`, `db` becomes `lib.db`.",
  },
} as const;

/** What `captureConsole()` takes. */
export const CONSOLE_CAPTURE_OPTIONS = {
  logger: {
    type: "string",
    notEmpty: true,
    default: "console",
    description: "Name of the logger.",
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  get forward(): typeof FORWARD.forward {
    return FORWARD.forward;
  },
} as const;

/** A function of the package `debug`: what `require("debug")` gives. */
export type DebugModule = (namespace: string) => unknown;

function isDebugModule(value: unknown): value is DebugModule {
  return typeof value === "function" && hasMethods(value, ["formatArgs", "coerce", "enable"]);
}

/** What `captureDebug()` takes. */
export const DEBUG_CAPTURE_OPTIONS = {
  get logger(): typeof PREFIX.logger {
    return PREFIX.logger;
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  get forward(): typeof FORWARD.forward {
    return FORWARD.forward;
  },
  level: {
    type: "level",
    default: "DEBUG",
    description: "Level of the records: 1 to 24.",
  },
  debug: {
    type: "custom",
    expected: "what the package debug exports",
    accepts: (value: unknown): value is DebugModule => isDebugModule(value),
    computedDefault: "each copy of the package that is loaded, or else that which the application finds",
    description: "The copy of the package `debug` whose instances are captured.",
  },
} as const;

/** What `captureDebuglog()` takes. */
export const DEBUGLOG_CAPTURE_OPTIONS = {
  logger: {
    type: "string",
    notEmpty: true,
    default: "debuglog",
    description: "Name of the logger above those of the sections: `debuglog.fs`.",
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  get forward(): typeof FORWARD.forward {
    return FORWARD.forward;
  },
} as const;

/** What `captureWarnings()` takes. */
export const WARNINGS_CAPTURE_OPTIONS = {
  logger: {
    type: "string",
    notEmpty: true,
    default: "process.warnings",
    description: "Name of the logger.",
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  forward: {
    type: "boolean",
    default: true,
    description: "Whether Node still prints its warnings.",
  },
} as const;

/** What `captureUncaught()` takes. */
export const UNCAUGHT_CAPTURE_OPTIONS = {
  logger: {
    type: "string",
    notEmpty: true,
    default: "process.uncaught",
    description: "Name of the logger.",
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
} as const;

/** What becomes a record of a message of a channel. */
export interface ChannelRecord {
  /** Text or structure. */
  readonly body?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** What was thrown: it becomes the attributes `exception.*`. */
  readonly exception?: unknown;
  /** Severity number, 1 to 24; that of the options unless given. */
  readonly severityNumber?: number;
}

/** Makes a record of a message of a channel; `undefined` for none. */
export type ChannelMapper = (message: unknown, channelName: string) => ChannelRecord | undefined;

const CHANNEL = {
  level: {
    type: "level",
    default: "DEBUG",
    description:
      "Level of the records: 1 to 24. What a tracing channel publishes as an error is ERROR at least.",
  },
  map: {
    type: "custom",
    expected: "a function (message, channelName) that returns a record, or nothing",
    accepts: (value: unknown): value is ChannelMapper => typeof value === "function",
    computedDefault:
      "the properties of the message as attributes; of an object with a class of its own only the name of that",
    description:
      "Makes a record of a message: `{ body, attributes, exception, severityNumber }`, each of which may be missing; nothing for no record.",
  },
} as const;

/** What `captureChannel()` takes. */
export const CHANNEL_CAPTURE_OPTIONS = {
  get logger(): typeof PREFIX.logger {
    return PREFIX.logger;
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  get level(): typeof CHANNEL.level {
    return CHANNEL.level;
  },
  get map(): typeof CHANNEL.map {
    return CHANNEL.map;
  },
} as const;

/** What is published of a call that is traced. */
export type TracingEvent = "start" | "end" | "asyncStart" | "asyncEnd" | "error";

const TRACING_EVENTS: readonly unknown[] = ["start", "end", "asyncStart", "asyncEnd", "error"];

function isTracingEvents(value: unknown): value is readonly TracingEvent[] {
  return Array.isArray(value) && value.length > 0 && value.every((event) => TRACING_EVENTS.includes(event));
}

/** What `captureTracingChannel()` takes. */
export const TRACING_CHANNEL_CAPTURE_OPTIONS = {
  get logger(): typeof PREFIX.logger {
    return PREFIX.logger;
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  get level(): typeof CHANNEL.level {
    return CHANNEL.level;
  },
  get map(): typeof CHANNEL.map {
    return CHANNEL.map;
  },
  events: {
    type: "custom",
    expected: "an array of start, end, asyncStart, asyncEnd and error",
    accepts: (value: unknown): value is readonly TracingEvent[] => isTracingEvents(value),
    computedDefault: '`["end", "asyncEnd", "error"]`',
    description: "What becomes a record: all but `start` say how long it has taken since then.",
  },
} as const;

/** What the appender of log4js takes beside `type`. */
export const LOG4JS_OPTIONS = {
  get logger(): typeof PREFIX.logger {
    return PREFIX.logger;
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
} as const;

/** A level of bunyan: a word, or a number. */
export type BunyanLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | number;

const BUNYAN_LEVELS: readonly unknown[] = ["trace", "debug", "info", "warn", "error", "fatal"];

function isBunyanLevel(value: unknown): value is BunyanLevel {
  return BUNYAN_LEVELS.includes(value) || (typeof value === "number" && Number.isInteger(value));
}

/** What `createBunyanStream()` takes. */
export const BUNYAN_OPTIONS = {
  get logger(): typeof PREFIX.logger {
    return PREFIX.logger;
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  level: {
    type: "custom",
    expected: "trace, debug, info, warn, error, fatal or an integer",
    accepts: (value: unknown): value is BunyanLevel => isBunyanLevel(value),
    default: "trace",
    description:
      "What bunyan gives to the stream: records of this level of its own and above. Our loggers have their levels besides.",
  },
} as const;

/** What `FemtoSpanProcessor` takes. */
export const SPAN_PROCESSOR_OPTIONS = {
  logger: {
    type: "string",
    notEmpty: true,
    default: "spans",
    description: "Name of the logger.",
  },
  get logging(): typeof LOGGING.logging {
    return LOGGING.logging;
  },
  startLevel: {
    type: "level",
    default: "DEBUG",
    description: "Level of the record of a span's start; OFF for none.",
  },
  endLevel: {
    type: "level",
    default: "DEBUG",
    description:
      "Level of the record of a span's end; OFF for none, but for spans that failed: those are ERROR always.",
  },
  eventLevel: {
    type: "level",
    default: "INFO",
    description:
      "Level of the records of a span's events, which are made when it ends; OFF for none, but for exceptions: those are ERROR always.",
  },
} as const;
