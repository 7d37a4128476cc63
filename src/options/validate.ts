/** Options checked against their table, completed from the environment and the defaults. */
import { reportOnce } from "../diagnostics.ts";
import type { ConfigProblem } from "../errors.ts";
import { ConfigError } from "../errors.ts";
import { currentEnvironment } from "./current-environment.ts";
import type { Environment, OptionDescription, OptionTable } from "./description.ts";
import { manualReference } from "./explain.ts";
import type { ResolvedOf } from "./infer.ts";
import { readEnvironment } from "./read-environment.ts";
import type { Excess } from "./read-given.ts";
import { excesses, readGiven } from "./read-given.ts";
import type { Given } from "./read-value.ts";
import { readValue } from "./read-value.ts";

/** Whose options they are. */
export interface ResolveContext {
  /** With its name, as errors shall say it: `handler "audit"`. */
  readonly subject: string;
  /** What cannot be done to it when an option is wrong; "start" when left out. */
  readonly action?: string;
  /** The environment variables; those in force when left out. */
  readonly env?: Environment;
  /** Where the options stand in a bigger configuration, such as `handlers.audit`: put before each path of a fault. */
  readonly path?: string;
}

/** Resolved options, or every fault of them. */
export type ResolveResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly errors: readonly ConfigProblem[] };

/**
 * Checks options and completes them: what is given wins over environment variables, those over the defaults.
 * `undefined` counts as not given. Wrong environment variables are reported and ignored. Any thread.
 *
 * @param table What options there are.
 * @param given What the caller gave, in whatever shape; not kept.
 * @returns A value for each option of the table, in its order.
 * @throws {ConfigError} Something given is wrong, or a required option is missing; names all faults.
 */
export function resolveOptions<const T extends OptionTable>(
  table: T,
  given: unknown,
  context: ResolveContext,
): ResolvedOf<T> {
  const result = tryResolveOptions(table, given, context);
  if (result.ok) return result.value;
  throw new ConfigError(`Cannot ${context.action ?? "start"} ${context.subject}`, result.errors);
}

/** `resolveOptions()` that returns the faults, for configurations that collect them from many places. Any thread. */
export function tryResolveOptions<const T extends OptionTable>(
  table: T,
  given: unknown,
  context: ResolveContext,
): ResolveResult<ResolvedOf<T>> {
  const { values, problems } = readGiven(table, given, context.path ?? "");
  if (problems.length > 0) return { ok: false, errors: problems };
  return { ok: true, value: complete(table, values, context) as ResolvedOf<T> };
}

function complete(
  table: OptionTable,
  values: ReadonlyMap<string, unknown>,
  context: ResolveContext,
): Readonly<Record<string, unknown>> {
  const resolved: Record<string, unknown> = {};
  const chosenNames = new Set<string>(values.keys());
  for (const [name, option] of Object.entries(table)) {
    const { value, isChosen } = choose(option, { name, path: name, value: values.get(name) }, context);
    resolved[name] = value;
    if (isChosen) chosenNames.add(name);
  }
  for (const excess of excesses(table, (name) => resolved[name])) {
    resolved[excess.name] = excess.limit;
    // Somebody chose both numbers, one of them in the environment: worth a word, but not a reason not to start.
    if (chosenNames.has(excess.name)) reportLowered(excess, context.subject);
  }
  return resolved;
}

interface Choice {
  readonly value: unknown;
  /** Whether somebody asked for it: it is not the default. */
  readonly isChosen: boolean;
}

function choose(option: OptionDescription, given: Given, context: ResolveContext): Choice {
  const isGiven = given.value !== undefined;
  if (option.type === "group") return { value: isGiven ? given.value : option.default, isChosen: isGiven };
  const isMerged = option.type === "headers";
  const isFinal = isGiven && !isMerged && given.value !== option.leavesToEnvironment;
  if (isFinal) return { value: given.value, isChosen: true };
  const { subject, env = currentEnvironment() } = context;
  const fromEnvironment = readEnvironment(option, { name: given.name, subject, env });
  if (isMerged && (isGiven || fromEnvironment !== undefined)) {
    return { value: { ...asObject(fromEnvironment), ...asObject(given.value) }, isChosen: true };
  }
  if (fromEnvironment !== undefined) return { value: fromEnvironment, isChosen: true };
  return { value: given.value ?? defaultOf(option, given), isChosen: isGiven };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** A default is written as one would give it, so it is read in the same way: levels by name, paths relative. */
function defaultOf(option: Exclude<OptionDescription, { type: "group" }>, { name, path }: Given): unknown {
  if (option.default === undefined) return undefined;
  const reading = readValue(option, { name, path, value: option.default });
  return reading.ok ? reading.value : undefined;
}

function reportLowered({ name, value, limit, limitName }: Excess, subject: string): void {
  reportOnce(
    `lowered ${subject} ${name}`,
    `Cannot use ${value} for "${name}" of ${subject}: it may not exceed "${limitName}", which is ${limit}; ${limit} is used (${manualReference(name)})`,
  );
}
