/** What the formatters take, and what handlers take for a formatter. */
import type { FemtoLogRecord } from "../record/log-record.ts";

/** Constant fields of a format. */
export type ConstantFields = Readonly<Record<string, string | number | boolean>>;

function isConstantFields(value: unknown): value is ConstantFields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((field) => ["string", "number", "boolean"].includes(typeof field));
}

const constantFieldsExpected = "an object whose values are strings, numbers or booleans";

/** `FemtoTextFormatter`. */
export const TEXT_FORMATTER_OPTIONS = {
  format: {
    type: "string",
    notEmpty: true,
    computedDefault: "the layout of its own",
    alsoKnownAs: ["fmt"],
    description:
      "A line as in Python's `logging`: text with the names of attributes of a record in the way of `style`, such as `%(asctime)s %(levelname)-8s %(name)s %(message)s`. See docs/formatters.md for the names.",
  },
  style: {
    type: "enum",
    values: ["%", "{", "$"],
    default: "%",
    description: "How `format` names attributes: `%(name)s`, `{name}` or `${name}`.",
  },
  datefmt: {
    type: "string",
    notEmpty: true,
    computedDefault: "`%Y-%m-%d %H:%M:%S`, a comma and milliseconds",
    alsoKnownAs: ["dateFormat", "timestampFormat"],
    description: "How `asctime` looks in `format`: a text with directives of strftime.",
  },
  defaults: {
    type: "custom",
    expected: constantFieldsExpected as string,
    accepts: (value: unknown): value is ConstantFields => isConstantFields(value),
    computedDefault: "none",
    description: "Values for names in `format` that a record does not have.",
  },
  validate: {
    type: "boolean",
    default: true,
    description:
      "`true`: a `format` that is wrong for its `style` is an error. `false`: what is wrong in it is text.",
  },
  utc: {
    type: "boolean",
    default: false,
    description: "Times in UTC instead of the local time of the process.",
  },
  spanIds: {
    type: "boolean",
    default: true,
    description: "Whether a record of a span ends with its `trace_id` and `span_id`. Without `format` only.",
  },
} as const;

/** `FemtoPrettyFormatter`. */
export const PRETTY_FORMATTER_OPTIONS = {
  colors: {
    type: "boolean",
    default: false,
    alsoKnownAs: ["colours", "color", "colorize"],
    description: "Whether to write colours and dim text, for terminals.",
  },
  utc: {
    type: "boolean",
    default: false,
    description: "Times in UTC instead of the local time of the process.",
  },
} as const;

const timeDescription =
  "How a record's time is written. `iso` is UTC text with microseconds, `iso-millis` with milliseconds; the others are numbers since 1970, `epoch-seconds` with three decimals. Nanoseconds are beyond what a JavaScript number holds exactly.";

/** `FemtoJsonFormatter`. */
export const JSON_FORMATTER_OPTIONS = {
  preset: {
    type: "enum",
    values: ["femto", "pino", "bunyan"],
    default: "femto",
    description:
      "Whose field names and level numbers are written: ours, or those of another logger, whose viewers then open the lines.",
  },
  time: {
    type: "enum",
    values: ["iso", "iso-millis", "epoch-millis", "epoch-nanos", "epoch-seconds"],
    computedDefault: '`"iso"`; of preset `pino` `"epoch-millis"`, of `bunyan` `"iso-millis"`',
    description: timeDescription as string,
  },
  names: {
    type: "custom",
    expected: "an object of names for fixed keys",
    accepts: (value: unknown): value is object =>
      typeof value === "object" && value !== null && !Array.isArray(value),
    computedDefault: "none are changed",
    description:
      "Other names for the fixed keys of preset `femto`: `time`, `level`, `severity` (`false` leaves it out), `logger`, `msg`, `event`, `traceId`, `spanId`, `traceFlags`, `droppedAttributes`.",
  },
} as const;

/** `FemtoLogfmtFormatter`. */
export const LOGFMT_FORMATTER_OPTIONS = {
  time: {
    type: "enum",
    values: ["iso", "iso-millis", "epoch-millis", "epoch-nanos", "epoch-seconds"],
    default: "iso",
    description: timeDescription as string,
  },
} as const;

/** `FemtoEcsFormatter`. */
export const ECS_FORMATTER_OPTIONS = {
  dataset: {
    type: "string",
    notEmpty: true,
    computedDefault: "left out",
    description: "The field `event.dataset`, by which Elastic finds the records of a service.",
  },
} as const;

const HOST = {
  type: "string",
  notEmpty: true,
  computedDefault: "`host.name` of the resource, or the name of the machine",
  alsoKnownAs: ["hostname"],
  description: "Where the records come from.",
} as const;

/** `FemtoGelfFormatter`. */
export const GELF_FORMATTER_OPTIONS = {
  // Getters because `isolatedDeclarations` wants the type of a reference written down.
  get host(): typeof HOST {
    return HOST;
  },
} as const;

/** `FemtoDatadogFormatter`. */
export const DATADOG_FORMATTER_OPTIONS = {
  service: {
    type: "string",
    notEmpty: true,
    environment: ["DD_SERVICE"],
    computedDefault: "`service.name` of the resource",
    description: "The field `service`.",
  },
  env: {
    type: "string",
    notEmpty: true,
    environment: ["DD_ENV"],
    computedDefault: "`deployment.environment.name` of the resource",
    description: "The tag `env`.",
  },
  version: {
    type: "string",
    notEmpty: true,
    environment: ["DD_VERSION"],
    computedDefault: "`service.version` of the resource",
    description: "The tag `version`.",
  },
  source: {
    type: "string",
    notEmpty: true,
    default: "nodejs",
    description: "The field `ddsource`, which chooses the pipeline that reads the records.",
  },
  get host(): typeof HOST {
    return HOST;
  },
} as const;

/** `FemtoSplunkHecFormatter`. */
export const SPLUNK_HEC_FORMATTER_OPTIONS = {
  get host(): typeof HOST {
    return HOST;
  },
  source: {
    type: "string",
    notEmpty: true,
    computedDefault: "left out: that of the token",
    description: "The metadata field `source`.",
  },
  sourcetype: {
    type: "string",
    notEmpty: true,
    default: "_json",
    description: "The metadata field `sourcetype`.",
  },
  index: {
    type: "string",
    notEmpty: true,
    computedDefault: "left out: that of the token",
    description: "The index for the records.",
  },
  fields: {
    type: "custom",
    expected: constantFieldsExpected as string,
    accepts: (value: unknown): value is ConstantFields => isConstantFields(value),
    computedDefault: "none",
    description: "Fields that are indexed with each record, the same for all.",
  },
} as const;

/** `FemtoGoogleCloudFormatter`. */
export const GOOGLE_CLOUD_FORMATTER_OPTIONS = {
  projectId: {
    type: "string",
    notEmpty: true,
    environment: ["GOOGLE_CLOUD_PROJECT"],
    computedDefault: "the trace is named by its id alone",
    description: "The project of the traces.",
  },
  labels: {
    type: "custom",
    expected: constantFieldsExpected as string,
    accepts: (value: unknown): value is ConstantFields => isConstantFields(value),
    computedDefault: "none",
    description: "Labels of each record, the same for all.",
  },
  reportErrors: {
    type: "boolean",
    default: true,
    description: "Whether records with a stack are marked for Error Reporting.",
  },
} as const;

/** `FemtoOtlpJsonFormatter`. */
export const OTLP_JSON_FORMATTER_OPTIONS = {
  includeTemplate: {
    type: "boolean",
    default: false,
    description: "Whether the template of a record travels as an attribute.",
  },
} as const;

/** Formats by name: what `format` and `formatter` of handlers take. */
export const FORMAT_NAMES = [
  "pretty",
  "text",
  "json",
  "pino",
  "bunyan",
  "logfmt",
  "ecs",
  "gelf",
  "datadog",
  "splunk-hec",
  "google-cloud",
  "otlp-json",
] as const;

/** A format by name: a formatter with all its defaults; `pino` and `bunyan` are presets of `FemtoJsonFormatter`. */
export type FormatName = (typeof FORMAT_NAMES)[number];

/** A formatter that the thread which uses it loads and makes itself. */
export interface FormatterModule {
  /**
   * Absolute path, or `file:` URL, of a module whose `createFormatter` or default export is a function or class that takes
   * `options` and makes a formatter: an object with `format()`, or a function of a record. It is loaded with `require()`,
   * so ES modules may not have a top-level `await`.
   */
  readonly module: string | URL;
  /** Goes to the thread: data only. */
  readonly options?: unknown;
}

/** Makes the line of a record, without terminator, on the thread that made the handler. */
export type FormatterFunction = (record: FemtoLogRecord) => string;

/** What handlers need to know of a formatter object. */
export interface FormatterLike {
  format(record: never, out: never): void;
}

/** What a handler takes for a formatter. */
export type FormatterChoice = FormatName | FormatterLike | FormatterFunction | FormatterModule;

/** @returns Whether `value` is something that a handler can format with. A module is not tried. Any thread. */
function isFormatterChoice(value: unknown): value is FormatterChoice {
  if (typeof value === "function") return true;
  if (typeof value === "string") return (FORMAT_NAMES as readonly string[]).includes(value);
  if (typeof value !== "object" || value === null) return false;
  if ("format" in value) return typeof value.format === "function";
  return "module" in value && isModulePlace(value.module);
}

function isModulePlace(module: unknown): boolean {
  if (module instanceof URL) return module.protocol === "file:";
  return typeof module === "string" && (module.startsWith("file:") || isAbsolutePath(module));
}

function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") || /^[a-z]:[\\/]/i.test(path);
}

const formatterExpected = `a name (${FORMAT_NAMES.join(", ")}), a formatter object, a function of a record, or { module, options } with an absolute path or file: URL`;

/** The option `formatter` of handlers that write lines. */
export const FORMATTER_OPTION = {
  type: "custom",
  get expected(): string {
    return formatterExpected;
  },
  accepts: (value: unknown): value is FormatterChoice => isFormatterChoice(value),
  excludes: ["format"],
  computedDefault: "as `format` says",
  alsoKnownAs: ["layout"],
  description:
    "A formatter in place of `format`: one of ours, also by name; `{ module, options }`, which runs in the handler's thread; or an object or function of the application, which runs on the thread that made the handler and makes that thread write too.",
} as const;
