import { ConfigError } from "../errors.ts";
import type { Environment } from "../options/description.ts";
import { currentEnvironment } from "../options/current-environment.ts";
import type { ResolvedOf } from "../options/infer.ts";
import { REGISTER_OPTIONS } from "../options/register-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { reportOnce } from "../diagnostics.ts";
import { readFemtoConfig } from "./femto-config.ts";
import type { LoggingPlan, PlanReading } from "./logging-plan.ts";
import { readOtelConfig } from "./otel-config.ts";
import { planOfEnvironment } from "./otel-environment.ts";
import { readConfigFile } from "./read-config-file.ts";
import { withoutOtel } from "./resource.ts";
import { isSdkDisabled } from "../system/environment.ts";

/** A plan, and the variables that the handlers of it may read. */
export interface FoundPlan {
  readonly plan: LoggingPlan;
  /** Those of the process, without `OTEL_*` where a file of the declarative configuration says everything. */
  readonly environment: Environment;
}

type Variables = ResolvedOf<typeof REGISTER_OPTIONS>;

/** What the environment says of `femtologging/register`. What is wrong in it is reported and ignored. */
export function readVariables(): Variables {
  return resolveOptions(REGISTER_OPTIONS, {}, { action: "set up", subject: "femtologging/register" });
}

/** The names in FEMTO_CAPTURE. */
export function capturesOf({ capture = "" }: Variables): readonly string[] {
  const names = capture.split(",").map((name) => name.trim().toLowerCase());
  return [...new Set(names)].filter((name) => name !== "");
}

/**
 * Reads what the environment says of logging: the file of FEMTO_CONFIG, else that of OTEL_CONFIG_FILE, else the OTEL_*
 * variables. Starts nothing.
 *
 * @throws {ConfigError} A file cannot be read, or is wrong. Names all faults.
 */
export function readPlan(variables: Variables): FoundPlan {
  const environment = currentEnvironment();
  const { configFile, otelConfigFile } = variables;
  if (configFile !== undefined && otelConfigFile !== undefined) {
    reportOnce(
      "two files",
      "FEMTO_CONFIG and OTEL_CONFIG_FILE are both set: FEMTO_CONFIG is read, the other one is not",
    );
  }
  const isDeclared = configFile === undefined && otelConfigFile !== undefined;
  // A file of the declarative configuration says itself whether it is disabled.
  if (isSdkDisabled() && !isDeclared) {
    const plan = planOfEnvironment({ ...variables, logsExporter: "none" });
    return { plan: { ...plan, source: "OTEL_SDK_DISABLED", isDisabled: true }, environment };
  }
  const found =
    configFile === undefined ? withoutFile(variables, environment) : ofFile(configFile, environment);
  const captures = new Set([...found.plan.captures, ...capturesOf(variables)]);
  return { ...found, plan: { ...found.plan, captures: [...captures] } };
}

function ofFile(path: string, environment: Environment): FoundPlan {
  const source = `the file ${JSON.stringify(path)} of FEMTO_CONFIG`;
  return { plan: planIn(path, { source, environment, read: readFemtoConfig }), environment };
}

function withoutFile(variables: Variables, environment: Environment): FoundPlan {
  const { otelConfigFile: path } = variables;
  if (path === undefined) return { plan: planOfEnvironment(variables), environment };
  const source = `the file ${JSON.stringify(path)} of OTEL_CONFIG_FILE`;
  return {
    plan: planIn(path, { source, environment, read: readOtelConfig }),
    environment: withoutOtel(),
  };
}

/** How the data of a file becomes a plan. */
interface FileParts {
  readonly source: string;
  readonly environment: Environment;
  readonly read: (data: unknown, source: string) => PlanReading;
}

function planIn(path: string, { source, environment, read }: FileParts): LoggingPlan {
  const file = readConfigFile(path, environment);
  const reading = file.ok ? read(file.value, source) : file;
  if (!reading.ok) throw new ConfigError(`Cannot apply ${source}`, reading.problems);
  return reading.plan;
}
