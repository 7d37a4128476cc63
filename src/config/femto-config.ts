import type { ConfigProblem } from "../errors.ts";
import {
  CONFIG_FILE_OPTIONS,
  LOGGER_CONFIG_OPTIONS,
  type ConfigMap,
} from "../options/config-file-options.ts";
import { tryResolveOptions } from "../options/validate.ts";
import { planHandler } from "./handler-types.ts";
import type { HandlerPlan, LoggerPlan, PlanReading } from "./logging-plan.ts";
import { processResourceWith } from "./resource.ts";

/**
 * Reads the data of a file of FEMTO_CONFIG. Starts nothing.
 *
 * @param source What it was read from, for error texts.
 * @returns What it comes to, or all its faults at once.
 */
export function readFemtoConfig(data: unknown, source: string): PlanReading {
  const file = tryResolveOptions(CONFIG_FILE_OPTIONS, data ?? {}, { subject: source });
  const { handlers: handlerList, loggers: loggerMap } = partsOf(data);
  const faults: ConfigProblem[] = file.ok ? [] : [...file.errors];
  const handlers = planAll(handlerList, "handlers", faults);
  faults.push(...twiceNamed(handlers));
  const loggers = Object.entries(loggerMap).map(([name, options]) =>
    planLogger(options, { name, path: `loggers.${name}`, handlers, faults }),
  );
  if (!file.ok || faults.length > 0) return { ok: false, problems: faults };
  const { level, resource, capture, redact, handleSignals } = file.value;
  return {
    ok: true,
    plan: {
      source,
      level,
      resource: resource === undefined ? undefined : processResourceWith(resource),
      limits: undefined,
      handlers,
      loggers,
      rules: [],
      captures: capture ?? [],
      redact,
      isQuiet: false,
      handleSignals,
      isDisabled: false,
      notes: [],
    },
  };
}

/** The parts that have options of their own, as far as they can be looked at: the rest is a fault that is told elsewhere. */
function partsOf(data: unknown): {
  readonly handlers: readonly unknown[];
  readonly loggers: Readonly<Record<string, unknown>>;
} {
  const { handlers, loggers } = isMap(data) ? data : {};
  return { handlers: Array.isArray(handlers) ? handlers : [], loggers: isMap(loggers) ? loggers : {} };
}

function planAll(items: readonly unknown[], path: string, faults: ConfigProblem[]): HandlerPlan[] {
  return items.flatMap((item, index) => planOne(item, `${path}[${index}]`, faults));
}

/** None for what is wrong: that is told. */
function planOne(item: unknown, path: string, faults: ConfigProblem[]): HandlerPlan[] {
  if (!isMap(item)) return [];
  const plan = planHandler(item, path);
  if (!("problems" in plan)) return [plan];
  faults.push(...plan.problems);
  return [];
}

interface LoggerParts {
  readonly name: string;
  readonly path: string;
  /** Handlers of the root logger, which a logger can name. */
  readonly handlers: readonly HandlerPlan[];
  readonly faults: ConfigProblem[];
}

function planLogger(given: unknown, { name, path, handlers: named, faults }: LoggerParts): LoggerPlan {
  const options = tryResolveOptions(LOGGER_CONFIG_OPTIONS, given, { subject: `logger "${name}"`, path });
  // A logger that is no object at all is told of with the list that it stands in.
  if (!options.ok && isMap(given)) faults.push(...options.errors);
  const { handlers: list } = isMap(given) ? given : {};
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  const handlers = items.flatMap((item, index) => {
    const place = `${path}.handlers[${index}]`;
    if (typeof item !== "string") return planOne(item, place, faults);
    const known = named.find((plan) => plan.name === item);
    if (known !== undefined) return [known];
    faults.push(unknownName(item, place, named));
    return [];
  });
  const { level, propagate = true, disabled = false } = options.ok ? options.value : {};
  return { name, level, propagate, disabled, handlers };
}

function unknownName(value: string, path: string, handlers: readonly HandlerPlan[]): ConfigProblem {
  const names = handlers.flatMap(({ name }) => (name === undefined ? [] : [`"${name}"`]));
  const list = names.length === 0 ? "none of them has one" : `they are ${names.join(", ")}`;
  return { path, value, expected: `must be the "name" of a handler of the root logger: ${list}` };
}

/** Two handlers of one name could not be told apart by the loggers that name them. */
function twiceNamed(handlers: readonly HandlerPlan[]): ConfigProblem[] {
  const seen = new Set<string>();
  return handlers.flatMap(({ name, path }) => {
    if (name === undefined) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: `${path}.name`, value: name, expected: "must not be the name of another handler" }];
  });
}

function isMap(value: unknown): value is ConfigMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
