import { parseLevel, type Level } from "../record/severity.ts";

/** What a bridge needs of an isolated system. */
interface LoggingLike {
  readonly getLogger: unknown;
  readonly flush: unknown;
}

/** What makes a record of an `info` of winston: structurally a `Format` of logform. */
interface FormatLike {
  readonly transform: unknown;
}

/** Levels of winston: a word and its rank, of which 0 is the most severe. */
export type WinstonLevels = Readonly<Record<string, number>>;

/** What all three ways take. */
const SHARED = {
  logger: {
    type: "string",
    notEmpty: true,
    default: "winston",
    description:
      "Name of the logger, and scope of the records. It lets everything through unless it has a level of its own: winston's levels rule.",
  },
  logging: {
    type: "custom",
    expected: "what createLogging() returns",
    accepts: (value: unknown): value is LoggingLike => isLogging(value),
    computedDefault: "the system of the process",
    description: "An isolated system that takes the records.",
  },
  severities: {
    type: "custom",
    expected: 'an object of level names or severity numbers by winston level; try { audit: "INFO2" }',
    accepts: (value: unknown): value is Readonly<Record<string, Level>> => isSeverities(value),
    computedDefault: "known words by their meaning, others by their place between known ones",
    description: "Severities of levels by winston's word for them.",
  },
} as const;

/** What `FemtoWinstonTransport` takes. */
export const WINSTON_TRANSPORT_OPTIONS = {
  get logger(): typeof SHARED.logger {
    return SHARED.logger;
  },
  get logging(): typeof SHARED.logging {
    return SHARED.logging;
  },
  get severities(): typeof SHARED.severities {
    return SHARED.severities;
  },
  level: {
    type: "string",
    notEmpty: true,
    computedDefault: "that of the winston logger",
    description: "The least severe level that is taken, by winston's word for it.",
  },
  format: {
    type: "custom",
    expected: "a format of winston",
    accepts: (value: unknown): value is FormatLike => isFormat(value),
    computedDefault: "none beside that of the winston logger",
    description: "What records of this transport go through behind the format of the winston logger.",
  },
  silent: { type: "boolean", default: false, description: "Takes no records." },
  handleExceptions: {
    type: "boolean",
    default: false,
    description: "Has winston log errors that nobody catches, and end the process unless told otherwise.",
  },
  handleRejections: {
    type: "boolean",
    default: false,
    description: "Has winston log rejections that nobody handles, and end the process unless told otherwise.",
  },
} as const;

/** What `femtoFormat()` takes. */
export const WINSTON_FORMAT_OPTIONS = {
  get logger(): typeof SHARED.logger {
    return SHARED.logger;
  },
  get logging(): typeof SHARED.logging {
    return SHARED.logging;
  },
  get severities(): typeof SHARED.severities {
    return SHARED.severities;
  },
  levels: {
    type: "custom",
    expected: "an object of ranks by level, as winston's createLogger() takes it",
    accepts: (value: unknown): value is WinstonLevels => isLevels(value),
    computedDefault: "those of npm",
    description: "Levels of the winston logger: a format cannot ask for them.",
  },
  level: {
    type: "string",
    notEmpty: true,
    computedDefault: "all are taken",
    description: "The least severe level that is taken, by winston's word for it.",
  },
} as const;

/** What `captureWinston()` takes. */
export const WINSTON_CAPTURE_OPTIONS = {
  get logger(): typeof SHARED.logger {
    return SHARED.logger;
  },
  get logging(): typeof SHARED.logging {
    return SHARED.logging;
  },
  get severities(): typeof SHARED.severities {
    return SHARED.severities;
  },
  modules: {
    type: "custom",
    expected: 'an array of what import("winston") or require("winston") gives',
    accepts: (value: unknown): value is readonly object[] => isModules(value),
    computedDefault: "every copy that Node has loaded, and loads from now on",
    description: "Further copies of winston, such as one that is bundled into the application.",
  },
} as const;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isLogging(value: unknown): value is LoggingLike {
  return isObject(value) && typeof value["getLogger"] === "function" && typeof value["flush"] === "function";
}

function isFormat(value: unknown): value is FormatLike {
  return isObject(value) && typeof value["transform"] === "function";
}

function isSeverities(value: unknown): value is Readonly<Record<string, Level>> {
  return isObject(value) && Object.values(value).every((level) => parseLevel(level) !== undefined);
}

function isLevels(value: unknown): value is WinstonLevels {
  return isObject(value) && Object.values(value).every((rank) => typeof rank === "number");
}

function isModules(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.every(isObject);
}
