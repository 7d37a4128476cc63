import { reportOnce } from "../diagnostics.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import type { HandlerPort, RecordRoute } from "../logger/ports.ts";
import { resolveLimits, type RecordLimitsOptions } from "../record/limits.ts";
import type { ResourceLike } from "../record/resource.ts";
import type { LevelThreshold } from "../record/severity.ts";
import { startProcessSystem } from "../system/logging.ts";
import { redactProcess } from "../system/redact-process.ts";
import { handleSignals } from "../system/signals.ts";
import type { HandlerPlan, LoggingPlan } from "./logging-plan.ts";

/** What each thread needs to know by itself: levels and handlers are the process's. Data: it goes to other threads. */
export interface ThreadPlan {
  readonly resource: ResourceLike | undefined;
  readonly limits: RecordLimitsOptions | undefined;
  readonly isQuiet: boolean;
}

/**
 * Makes the system of this thread's part of the process. Where something was logged before, resource and limits stay as they are,
 * and that is said.
 */
export function startThread({
  resource,
  limits,
  isQuiet,
}: ThreadPlan): ReturnType<typeof startProcessSystem>["system"] {
  const { system, isNew } = startProcessSystem({
    ...(resource === undefined ? {} : { resource }),
    ...(limits === undefined ? {} : { limits: limitsOf(limits) }),
    ...(isQuiet ? { routeOf: (handlers: RecordRoute) => handlers } : {}),
  });
  if (!isNew && (resource !== undefined || limits !== undefined || isQuiet)) {
    reportOnce(
      "system at work",
      "Loggers were at work before the configuration was read: their resource and limits stay as they are. Load femtologging/register first, with --import",
    );
  }
  return system;
}

function limitsOf(given: RecordLimitsOptions): {
  readonly attributeCountMax: number;
  readonly valueLengthMax: number;
  readonly depthMax: number;
} {
  const limits = resolveLimits(given);
  return {
    attributeCountMax: limits.attributeCountLimit,
    valueLengthMax: limits.attributeValueLengthLimit,
    depthMax: limits.attributeDepthLimit,
  };
}

/**
 * Makes the handlers of a plan and gives them to the loggers of the process, all or none.
 *
 * @throws {ConfigError} A handler cannot be made; names all faults. Nothing is changed then, and what was made is ended.
 */
export function applyPlan(plan: LoggingPlan): void {
  const made = makeHandlers(plan);
  const system = startThread(plan);
  try {
    if (plan.redact !== undefined) redactProcess(plan.redact, plan.source);
  } catch (error) {
    discard(made);
    throw error;
  }
  const root = system.getLogger();
  root.setLevel(plan.level as LevelThreshold);
  for (const handler of plan.handlers) root.addHandler(made.get(handler) as HandlerPort);
  for (const { name, level, propagate, disabled, handlers } of plan.loggers) {
    const logger = system.getLogger(name);
    if (level !== undefined) logger.setLevel(level as LevelThreshold);
    logger.propagate = propagate;
    logger.disabled = disabled;
    for (const handler of handlers) logger.addHandler(made.get(handler) as HandlerPort);
  }
  for (const note of plan.notes) reportOnce(note, `${plan.source}: ${note}`);
  if (!plan.handleSignals) return;
  handleSignals(
    () => system.flush({ timeoutMillis: SIGNAL_TIMEOUT_MILLIS }),
    () => system.flushSync(),
  );
}

/** As long as the end of a process may be held up: whoever presses Ctrl-C is waiting. */
const SIGNAL_TIMEOUT_MILLIS = 2000;

function makeHandlers({ source, handlers, loggers }: LoggingPlan): ReadonlyMap<HandlerPlan, HandlerPort> {
  const made = new Map<HandlerPlan, HandlerPort>();
  const problems: ConfigProblem[] = [];
  for (const handler of new Set([...handlers, ...loggers.flatMap((logger) => logger.handlers)])) {
    try {
      made.set(handler, handler.make());
    } catch (error) {
      problems.push(...problemsOf(error, handler.path));
    }
  }
  if (problems.length === 0) return made;
  discard(made);
  throw new ConfigError(`Cannot apply ${source}`, problems);
}

/** What a handler could not deliver it counts and reports itself. */
function discard(made: ReadonlyMap<HandlerPlan, HandlerPort>): void {
  for (const handler of made.values()) handler.shutdown().catch(() => {});
}

function problemsOf(error: unknown, path: string): readonly ConfigProblem[] {
  if (error instanceof ConfigError) {
    return error.problems.map((problem) => ({
      ...problem,
      path: problem.path === "" ? path : `${path}.${problem.path}`,
    }));
  }
  const reason = error instanceof Error ? error.message : String(error);
  return [{ path, value: undefined, expected: `must be a handler that can be started: ${reason}` }];
}
