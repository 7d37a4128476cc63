import { ConfigError, type ConfigProblem } from "../errors.ts";
import { hintFor } from "../options/read-value.ts";

/** The keys of a line that are not attributes. */
export interface JsonNames {
  readonly time: string;
  readonly level: string;
  /** `false` leaves the severity number out. */
  readonly severity: string | false;
  readonly logger: string;
  readonly msg: string;
  readonly event: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: string;
  readonly droppedAttributes: string;
}

const DEFAULT_NAMES: JsonNames = {
  time: "time",
  level: "level",
  severity: "severity",
  logger: "logger",
  msg: "msg",
  event: "event",
  traceId: "trace_id",
  spanId: "span_id",
  traceFlags: "trace_flags",
  droppedAttributes: "dropped_attributes",
};

/**
 * The usual names, with those in their place that were given.
 * @throws {ConfigError} A name is empty, no text, or there twice, or there is no such key. Names all faults.
 */
export function mergeNames(given: Partial<JsonNames>): JsonNames {
  const known = Object.entries(given).filter(([option, name]) => name !== undefined && isKnown(option));
  const names: JsonNames = { ...DEFAULT_NAMES, ...Object.fromEntries(known) };
  const problems = [
    ...Object.keys(given)
      .filter((option) => !isKnown(option))
      .map((option) => unknownKey(option)),
    ...wrongNames(names),
  ];
  if (problems.length > 0) throw new ConfigError("Cannot make a JSON formatter", problems);
  return names;
}

function isKnown(option: string): boolean {
  return Object.hasOwn(DEFAULT_NAMES, option);
}

function unknownKey(option: string): ConfigProblem {
  const known = Object.keys(DEFAULT_NAMES).join(", ");
  return problem(option, undefined, `is unknown; the keys are ${known}`);
}

function wrongNames(names: JsonNames): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const owners = new Map<string, string>();
  for (const [option, name] of Object.entries(names) as [string, unknown][]) {
    if (name === false && option === "severity") continue;
    if (typeof name !== "string" || name === "") {
      problems.push(problem(option, name, "must be a text of 1 character or more"));
      continue;
    }
    const owner = owners.get(name);
    if (owner !== undefined)
      problems.push(problem(option, name, `must differ from "names.${owner}", which is the same`));
    owners.set(name, option);
  }
  return problems;
}

function problem(option: string, value: unknown, expected: string): ConfigProblem {
  return { path: `names.${option}`, value, expected, hint: hintFor("names") };
}
