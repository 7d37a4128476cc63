import type { MeterProvider } from "@opentelemetry/api";
import { FORMAT_NAMES, FORMATTER_OPTION } from "./formatter-options.ts";
import { isMeterProvider } from "./meter-provider.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "./otlp-http-options.ts";
import { REDACT_OPTION } from "./redact-option.ts";
import { isStreamTarget, type StreamTarget } from "./stream-options.ts";

/** What `basicConfig()` needs to know of a handler; every OpenTelemetry log record processor is one. */
export interface HandlerLike {
  onEmit(record: never, context?: never): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

function isHandlerList(value: unknown): value is readonly HandlerLike[] {
  return Array.isArray(value) && value.every(isHandler);
}

function isHandler(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["onEmit", "forceFlush", "shutdown"].every((name) => typeof Reflect.get(value, name) === "function");
}

/** What `basicConfig()` takes. */
export const BASIC_CONFIG_OPTIONS = {
  level: {
    type: "level",
    numbers: "python",
    default: "INFO",
    description:
      "Level of the root logger, which holds for every logger that has none of its own. Numbers are Python's: 20 is INFO.",
  },
  handlers: {
    type: "custom",
    expected: "an array of handlers or OpenTelemetry log record processors",
    accepts: (value: unknown): value is readonly HandlerLike[] => isHandlerList(value),
    excludes: ["path", "stream", "format", "formatter"],
    computedDefault: "one made from `path` or `stream`",
    description: "Handlers of the root logger, ready made.",
  },
  path: {
    type: "path",
    computedDefault: "no file",
    excludes: ["stream"],
    alsoKnownAs: ["filename", "file"],
    description: "Makes a file handler for this file, and no stream handler.",
  },
  stream: {
    type: "custom",
    expected: '"stderr", "stdout", an open descriptor (an integer from 0) or a Writable stream',
    accepts: (value: unknown): value is StreamTarget => isStreamTarget(value),
    computedDefault: '`"stderr"`, unless `handlers` or `path` is given',
    description: "Makes a stream handler that writes there.",
  },
  format: {
    type: "enum",
    values: ["auto", ...FORMAT_NAMES] as readonly ["auto", ...typeof FORMAT_NAMES],
    computedDefault: "that of the handler",
    description:
      "Format of the handler that `path` or `stream` makes. A file takes all but `pretty`. See docs/formatters.md.",
  },
  get formatter(): typeof FORMATTER_OPTION {
    return FORMATTER_OPTION;
  },
  get redact(): typeof REDACT_OPTION {
    return REDACT_OPTION;
  },
  force: {
    type: "boolean",
    default: false,
    description:
      "Replaces the handlers that the root logger has already: they are flushed and shut down. Without it, a root logger with handlers is left as it is.",
  },
  meterProvider: {
    type: "custom",
    expected: "a meter provider: an object with getMeter()",
    accepts: (value: unknown): value is MeterProvider => isMeterProvider(value),
    computedDefault: "no metrics",
    description:
      "Where the loggers of the process, of all its threads, and the handlers that this thread has added report what they count, as OpenTelemetry metrics (docs/metrics.md).",
  },
  handleSignals: {
    type: "boolean",
    default: false,
    description:
      "Flushes when the process is told to end by SIGINT, SIGTERM or SIGHUP, and lets it end then.",
  },
  otlp: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof OTLP_HTTP_HANDLER_OPTIONS {
      return OTLP_HTTP_HANDLER_OPTIONS;
    },
    default: false,
    description:
      "Adds an OTLP/HTTP handler: `true` with its defaults and environment variables, or an object of the options of `FemtoOtlpHttpHandler`.",
  },
} as const;
