import type { HandlerPort } from "../logger/ports.ts";
import type { ConfigProblem } from "../errors.ts";
import type { RecordLimitsOptions } from "../record/limits.ts";
import type { RedactOption } from "../record/redaction.ts";
import type { ResourceLike } from "../record/resource.ts";
import type { LoggerRule } from "../system/logger-rules.ts";

/** A handler that is to be made: its options are checked, nothing is started. */
export interface HandlerPlan {
  /** Where it stands in its configuration: `handlers[0]`. */
  readonly path: string;
  /** The name that it was given. */
  readonly name: string | undefined;
  /** Makes and starts it. @throws {ConfigError} What only a try can tell: a file cannot be opened. */
  readonly make: () => HandlerPort;
}

/** What a logger below the root is to have of its own. */
export interface LoggerPlan {
  readonly name: string;
  /** Severity number; undefined for that of the loggers above. */
  readonly level: number | undefined;
  readonly propagate: boolean;
  readonly disabled: boolean;
  readonly handlers: readonly HandlerPlan[];
}

/** What every configuration comes to, whatever it is written in. */
export interface LoggingPlan {
  /** What it was read from, for error texts: `FEMTO_CONFIG "/etc/femto.yaml"`. */
  readonly source: string;
  /** Of the root logger, as severity number. */
  readonly level: number;
  /** Undefined for that of the process and its environment. */
  readonly resource: ResourceLike | undefined;
  /** Undefined for those of the environment; what is left out has its default. */
  readonly limits: RecordLimitsOptions | undefined;
  readonly handlers: readonly HandlerPlan[];
  readonly loggers: readonly LoggerPlan[];
  /** For loggers of the OpenTelemetry API. */
  readonly rules: readonly LoggerRule[];
  /** Names of the sources to capture. */
  readonly captures: readonly string[];
  /** What is redacted in all records; undefined to leave that as it is. */
  readonly redact: RedactOption | undefined;
  /** Whether records without a handler go nowhere: somebody has asked for no output. */
  readonly isQuiet: boolean;
  readonly handleSignals: boolean;
  /** Nothing is registered, made or captured. */
  readonly isDisabled: boolean;
  /** What is left out and does no harm: to be said once. */
  readonly notes: readonly string[];
}

/** A plan, or all faults of what it was to be read from. */
export type PlanReading =
  | { readonly ok: true; readonly plan: LoggingPlan }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };
