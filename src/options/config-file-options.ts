/** What stands in a file of FEMTO_CONFIG: the same checks and texts as for options in code. */
import { REDACT_OPTION } from "./redact-option.ts";

/** Values by name, of any kind. */
export type ConfigMap = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is ConfigMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMapOfMaps(value: unknown): value is Readonly<Record<string, ConfigMap>> {
  return isMap(value) && Object.values(value).every(isMap);
}

function isAttributes(value: unknown): value is ConfigMap {
  return isMap(value) && Object.values(value).every(isAttributeValue);
}

function isAttributeValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isAttributeValue(item));
  return ["string", "number", "boolean"].includes(typeof value);
}

function isHandlerList(value: unknown): value is readonly ConfigMap[] {
  return Array.isArray(value) && value.every(isMap);
}

function isChoiceList(value: unknown): value is readonly (string | ConfigMap)[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string" || isMap(item));
}

function isNameList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The file as a whole. */
export const CONFIG_FILE_OPTIONS = {
  level: {
    type: "level",
    numbers: "python",
    default: "INFO",
    description:
      "Level of the root logger, which holds for every logger that has none of its own. Numbers are Python's: 20 is INFO.",
  },
  resource: {
    type: "custom",
    expected: "an object whose values are texts, numbers, booleans, or arrays of these",
    accepts: (value: unknown): value is ConfigMap => isAttributes(value),
    computedDefault: "the process and its environment",
    description:
      "Attributes of the resource, added to what the process finds out about itself; these win, also over the environment's.",
  },
  handlers: {
    type: "custom",
    expected: "an array of objects with a `type` each",
    accepts: (value: unknown): value is readonly ConfigMap[] => isHandlerList(value),
    computedDefault: "none: WARN and above go to stderr",
    description:
      "Handlers of the root logger. Each is an object: `type` says which handler, all others are its options.",
  },
  loggers: {
    type: "custom",
    expected: "an object with an object for each logger, by its dotted name",
    accepts: (value: unknown): value is Readonly<Record<string, ConfigMap>> => isMapOfMaps(value),
    computedDefault: "none",
    description: "What loggers below the root have of their own, by their dotted names.",
  },
  capture: {
    type: "custom",
    expected: "an array of names",
    accepts: (value: unknown): value is readonly string[] => isNameList(value),
    computedDefault: "none",
    description: "Sources that are captured, by name, as in FEMTO_CAPTURE.",
  },
  get redact(): typeof REDACT_OPTION {
    return REDACT_OPTION;
  },
  handleSignals: {
    type: "boolean",
    default: true,
    description:
      "Flushes, for 2 s at most, when the process is told to end by SIGINT, SIGTERM or SIGHUP, and lets it end then.",
  },
} as const;

/** One logger of the file. */
export const LOGGER_CONFIG_OPTIONS = {
  level: {
    type: "level",
    numbers: "python",
    computedDefault: "that of the loggers above",
    description: "The logger's own level. Numbers are Python's: 20 is INFO.",
  },
  propagate: {
    type: "boolean",
    default: true,
    description: "Whether records go to the handlers of the loggers above too.",
  },
  disabled: {
    type: "boolean",
    default: false,
    description: "Whether the logger makes no records at all.",
  },
  handlers: {
    type: "custom",
    expected: "an array of objects with a `type` each, or names of handlers of the root logger",
    accepts: (value: unknown): value is readonly (string | ConfigMap)[] => isChoiceList(value),
    computedDefault: "none",
    description:
      "Handlers of the logger: objects as those of the root logger, or the `name` of one of these.",
  },
} as const;
