import { BASIC_CONFIG_OPTIONS } from "./basic-config-options.ts";
import type { PathDescription } from "./description.ts";
import { isLoggingLike, type LoggingLike } from "./logging-like.ts";

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
    accepts: (value: unknown): value is LoggingLike => typeof value === "object" && isLoggingLike(value),
    computedDefault: "that of the process",
    description: "The logging system whose logger it is.",
  },
} as const;
