import { BASIC_CONFIG_OPTIONS } from "./basic-config-options.ts";
import type { PathDescription } from "./description.ts";

/** What a bridge needs of a logging system: one of `createLogging()`. */
export interface LoggingLike {
  getLogger(name?: string): unknown;
  flush(): Promise<void>;
  flushSync(timeoutMillis?: number): boolean;
}

function isLoggingLike(value: unknown): value is LoggingLike {
  if (typeof value !== "object" || value === null) return false;
  return ["getLogger", "flush", "flushSync"].every(
    (name) => typeof (value as Readonly<Record<string, unknown>>)[name] === "function",
  );
}

const LOGGER_OPTION = {
  type: "string",
  default: "pino",
  notEmpty: true,
  description:
    "Name of our logger that the records are of: its level, filters and handlers are theirs, and it is their scope.",
} as const;

/** What the transport target of pino takes: data, since it travels to another thread. */
export const PINO_TARGET_OPTIONS = {
  get logger(): typeof LOGGER_OPTION {
    return LOGGER_OPTION;
  },
  get path(): PathDescription {
    return {
      ...BASIC_CONFIG_OPTIONS.path,
      excludes: [],
      description: "Makes a file handler for this file, in the thread of the transport.",
    };
  },
  get format(): typeof BASIC_CONFIG_OPTIONS.format {
    return BASIC_CONFIG_OPTIONS.format;
  },
  get otlp(): typeof BASIC_CONFIG_OPTIONS.otlp {
    return BASIC_CONFIG_OPTIONS.otlp;
  },
} as const;

/** What `pinoDestination()` and `capturePino()` take. */
export const PINO_BRIDGE_OPTIONS = {
  get logger(): typeof LOGGER_OPTION {
    return LOGGER_OPTION;
  },
  logging: {
    type: "custom",
    expected: "a logging system of createLogging()",
    accepts: (value: unknown): value is LoggingLike => isLoggingLike(value),
    computedDefault: "that of the process",
    description: "The logging system whose logger it is.",
  },
} as const;
