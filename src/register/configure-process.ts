import { applyPlan } from "../config/apply-plan.ts";
import type { LoggingPlan } from "../config/logging-plan.ts";
import { capturesOf, readPlan, readVariables } from "../config/read-plan.ts";
import { reportOnce } from "../diagnostics.ts";
import { ConfigError, describeProblem } from "../errors.ts";
import { FemtoStreamHandler } from "../handlers/stream-handler.ts";
import { withEnvironment } from "../options/current-environment.ts";
import { LEVELS } from "../record/severity.ts";

/**
 * Gives the loggers of the process the handlers that the environment asks for. What is wrong is said on stderr, one line a
 * fault, and records go there too then: the application has started already, and what it logs is not lost. Never throws.
 *
 * @returns The plan that is in force.
 */
export function configureProcess(): LoggingPlan {
  const variables = readVariables();
  try {
    const { plan, environment } = readPlan(variables);
    if (!plan.isDisabled) withEnvironment(environment, () => applyPlan(plan));
    return plan;
  } catch (error) {
    sayFaults(error);
    return fallBack(capturesOf(variables));
  }
}

function sayFaults(error: unknown): void {
  const problems = error instanceof ConfigError ? error.problems : [];
  const message = error instanceof Error ? error.message : String(error);
  const reason = error instanceof ConfigError ? error.action : `Cannot set logging up: ${message}`;
  const faults =
    problems.length === 0 ? "" : `, ${problems.length} ${problems.length === 1 ? "fault" : "faults"}`;
  reportOnce(reason, `${reason}${faults}; until it is mended, records from INFO on go to stderr`);
  for (const problem of problems) {
    const text = describeProblem(problem);
    reportOnce(`${problem.path} ${text}`, `  - ${text}`);
  }
}

/** Everything from INFO on to stderr. */
function fallBack(captures: readonly string[]): LoggingPlan {
  const plan: LoggingPlan = {
    source: "nothing: the configuration is wrong",
    level: LEVELS.INFO,
    resource: undefined,
    limits: undefined,
    handlers: [{ path: "stderr", name: undefined, make: () => new FemtoStreamHandler({ stream: "stderr" }) }],
    loggers: [],
    rules: [],
    captures,
    redact: undefined,
    isQuiet: false,
    handleSignals: true,
    isDisabled: false,
    notes: [],
  };
  try {
    applyPlan(plan);
  } catch {
    // Loggers without handlers bring warnings to stderr by themselves.
  }
  return plan;
}
