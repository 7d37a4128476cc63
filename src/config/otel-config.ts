/**
 * The declarative configuration of OpenTelemetry, as far as it concerns logs.
 *
 * @see OpenTelemetry Configuration v1.1.0; Specification, Configuration > Data model
 */
import type { ConfigProblem } from "../errors.ts";
import type { RecordLimitsOptions } from "../record/limits.ts";
import type { ResourceLike } from "../record/resource.ts";
import type { LoggerRule } from "../system/logger-rules.ts";
import {
  readAnything,
  readFields,
  readInteger,
  readList,
  readSwitch,
  readText,
  readWord,
  refuse,
  type Fields,
  type Place,
  type Reader,
} from "./data-reader.ts";
import { declaredResource } from "./resource.ts";
import type { HandlerPlan, PlanReading } from "./logging-plan.ts";
import { NOT_OURS, readProcessor } from "./otel-exporters.ts";
import { readResource } from "./otel-resource.ts";

/** `trace` is 1, `fatal4` 24. @see Logs Data Model, SeverityNumber */
const SEVERITIES: Readonly<Record<string, number>> = Object.fromEntries(
  ["trace", "debug", "info", "warn", "error", "fatal"].flatMap((word, index) =>
    ["", "2", "3", "4"].map((suffix, step) => [`${word}${suffix}`, index * 4 + step + 1]),
  ),
);

const readSeverity: Reader<number> = readWord(SEVERITIES);

const LIMITS = {
  attribute_value_length_limit: readInteger(0),
  attribute_count_limit: readInteger(0),
  attribute_value_depth_limit: readInteger(1),
};

const LOGGER_CONFIG = { enabled: readSwitch, minimum_severity: readSeverity, trace_based: readSwitch };

const CONFIGURATOR = {
  default_config: readFields(LOGGER_CONFIG),
  loggers: readList(readFields({ name: readText, config: readFields(LOGGER_CONFIG) }, ["name", "config"])),
};

const LOGGER_PROVIDER = {
  processors: readList(readProcessor, 1),
  limits: readFields(LIMITS),
  "logger_configurator/development": readFields(CONFIGURATOR),
};

/** Parts of the file that the SDK for traces and metrics reads. */
const FOREIGN = ["tracer_provider", "meter_provider", "propagator", "instrumentation/development"] as const;

const FILE = {
  file_format: readFormat,
  disabled: readSwitch,
  log_level: readSeverity,
  attribute_limits: readFields(LIMITS),
  resource: readResource,
  logger_provider: readFields(LOGGER_PROVIDER, ["processors"]),
  distribution: readAnything,
  tracer_provider: readAnything,
  meter_provider: readAnything,
  propagator: readAnything,
  "instrumentation/development": readAnything,
};

/** A file of a later minor version has more, not other things. */
function readFormat(value: unknown, place: Place): string | undefined {
  if (typeof value === "string" && /^1\.\d+$/.test(value)) return value;
  return refuse(value, place, { expected: 'must be "1.0" or "1.1", in quotes' });
}

/**
 * Reads the data of a file of OTEL_CONFIG_FILE. Starts nothing. Without `logger_provider` records go nowhere.
 *
 * @param source What it was read from, for error texts.
 * @returns What it comes to, or all its faults at once.
 */
export function readOtelConfig(data: unknown, source: string): PlanReading {
  const problems: ConfigProblem[] = [];
  const file = readFields(FILE, ["file_format"])(data, { path: "", problems });
  if (file === undefined || problems.length > 0) return { ok: false, problems };
  const provider: Fields<typeof LOGGER_PROVIDER> = file.logger_provider ?? {};
  const { processors = [] } = provider;
  return {
    ok: true,
    plan: {
      source,
      // Which records are wanted say the rules for loggers and the processors.
      level: TRACE,
      resource: file.resource ?? unknownResource(),
      limits: { ...limitsOf(file.attribute_limits ?? {}), ...limitsOf(provider.limits ?? {}) },
      handlers: processors.flatMap((make, index) => handlerOf(make, index)),
      loggers: [],
      rules: rulesOf(provider["logger_configurator/development"] ?? {}),
      captures: [],
      redact: undefined,
      isQuiet: true,
      handleSignals: true,
      isDisabled: file.disabled ?? false,
      notes: notesOf(file, processors.includes(NOT_OURS)),
    },
  };
}

const TRACE = 1;

function unknownResource(): ResourceLike {
  return declaredResource({ attributes: {}, detectors: [], isWanted: () => true, schemaUrl: undefined });
}

function handlerOf(make: HandlerPlan["make"] | typeof NOT_OURS, index: number): HandlerPlan[] {
  if (make === NOT_OURS) return [];
  return [{ path: `logger_provider.processors[${index}]`, name: undefined, make }];
}

function limitsOf(given: Fields<typeof LIMITS>): RecordLimitsOptions {
  const limits = {
    attributeValueLengthLimit: given.attribute_value_length_limit,
    attributeCountLimit: given.attribute_count_limit,
    attributeDepthLimit: given.attribute_value_depth_limit,
  };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}

/** The rules for names in their order, and then that for all others. */
function rulesOf({ default_config: others, loggers = [] }: Fields<typeof CONFIGURATOR>): LoggerRule[] {
  return [
    ...loggers.map(({ name = "", config = {} }) => ruleOf(name, config)),
    ...(others === undefined ? [] : [ruleOf("*", others)]),
  ];
}

function ruleOf(pattern: string, config: Fields<typeof LOGGER_CONFIG>): LoggerRule {
  return {
    pattern,
    isEnabled: config.enabled ?? true,
    minimumSeverity: config.minimum_severity ?? 0,
    isTraceBased: config.trace_based ?? false,
  };
}

function notesOf(file: Fields<typeof FILE>, hasBridge: boolean): string[] {
  const parts: string[] = FOREIGN.filter((name) => file[name] !== undefined);
  if (hasBridge) parts.push(`logger_provider: ${NOT_OURS}`);
  const notes: string[] = [];
  if (parts.length > 0) {
    notes.push(
      `${parts.join(", ")} of the file are not ours: an OpenTelemetry SDK for traces and metrics reads them`,
    );
  }
  if (file.file_format !== "1.0" && file.file_format !== "1.1") {
    notes.push(`its file_format is "${file.file_format}": it is read as "1.1"`);
  }
  return notes;
}
