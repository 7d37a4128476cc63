/** All that a caller gave, held against the table: every fault, not only the first. Pure. */
import type { ConfigProblem } from "../errors.ts";
import type { GroupDescription, OptionTable } from "./description.ts";
import { describeAccepted } from "./explain.ts";
import { nearestName } from "./nearest-name.ts";
import type { Given, Reading } from "./read-value.ts";
import { hidden, hintFor, isRecord, readValue, withoutUrlSecrets } from "./read-value.ts";

/** What was given, sorted into right and wrong. */
export interface GivenReading {
  /** Options that were given and are right. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads everything that was given, and the rules between options. Looks at no environment variable and no default.
 * Any thread.
 *
 * @param path Where the options stand in a bigger configuration, empty at the top.
 */
export function readGiven(table: OptionTable, given: unknown, path: string): GivenReading {
  if (given !== undefined && !isRecord(given)) {
    const problem = {
      path,
      value: withoutUrlSecrets(given),
      expected: "must be an object",
      hint: "see CONFIG.md",
    };
    return { values: new Map(), problems: [problem] };
  }
  const values = new Map<string, unknown>();
  const entries = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  const problems: ConfigProblem[] = [];
  for (const [name, value] of entries) {
    const reading = readOption(table, { name, path: joinPath(path, name), value });
    if (reading.ok) values.set(name, reading.value);
    else problems.push(...reading.problems);
  }
  const givenValues = new Map(entries);
  problems.push(
    ...missingProblems(table, givenValues, path),
    ...conflictProblems(table, givenValues, path),
    ...limitProblems(table, values, path),
  );
  return { values, problems };
}

function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function readOption(table: OptionTable, given: Given): Reading {
  // A table inherits from Object: "constructor" and the like are no options.
  const option = Object.hasOwn(table, given.name) ? table[given.name] : undefined;
  if (option === undefined) return { ok: false, problems: [unknownProblem(table, given)] };
  if (option.type !== "group") return readValue(option, given);
  return readGroup(option, given);
}

function readGroup(option: GroupDescription, { name, path, value }: Given): Reading {
  if (typeof value === "boolean") return { ok: true, value };
  if (!isRecord(value)) {
    const expected = `must be ${describeAccepted(option)}`;
    return {
      ok: false,
      problems: [{ path, value: withoutUrlSecrets(value), expected, hint: hintFor(name) }],
    };
  }
  const { problems } = readGiven(option.table, value, path);
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** Names of options that people expect a key or password behind: not ours, but their value must not be shown. */
const secretName: RegExp = /auth|credential|header|key|pass|secret|token/i;

function unknownProblem(table: OptionTable, given: Given): ConfigProblem {
  const { name, path } = given;
  const value = secretName.test(name) ? hidden(given).value : withoutUrlSecrets(given.value);
  const expected = "must not be given: no option has this name";
  const meant = meantName(table, name);
  if (meant !== undefined) return { path, value, expected, hint: hintFor(meant, `did you mean "${meant}"?`) };
  return { path, value, expected, hint: `the options are ${Object.keys(table).join(", ")} (CONFIG.md)` };
}

/** A name that somebody used elsewhere means what it means there; else the nearest of ours, else the nearest of those. */
function meantName(table: OptionTable, name: string): string | undefined {
  const namesByAlias = new Map(
    Object.entries(table).flatMap(([ownName, { alsoKnownAs = [] }]) =>
      alsoKnownAs.map((alias): [string, string] => [alias, ownName]),
    ),
  );
  return (
    namesByAlias.get(name) ??
    nearestName(name, Object.keys(table)) ??
    namesByAlias.get(nearestName(name, namesByAlias.keys()) ?? "")
  );
}

function missingProblems(
  table: OptionTable,
  values: ReadonlyMap<string, unknown>,
  path: string,
): ConfigProblem[] {
  return Object.entries(table)
    .filter(([name, option]) => option.required === true && !values.has(name))
    .map(([name]) => ({
      path: joinPath(path, name),
      value: undefined,
      expected: "must be given",
      hint: hintFor(name),
    }));
}

function conflictProblems(
  table: OptionTable,
  values: ReadonlyMap<string, unknown>,
  path: string,
): ConfigProblem[] {
  return [...values].flatMap(([name, value]) => {
    const conflicts = (table[name]?.excludes ?? []).filter((other) => values.has(other));
    return conflicts.map((other) => ({
      path: joinPath(path, name),
      value,
      expected: `must not be given together with "${other}"`,
      hint: hintFor(name, "leave one of them out"),
    }));
  });
}

function limitProblems(
  table: OptionTable,
  values: ReadonlyMap<string, unknown>,
  path: string,
): ConfigProblem[] {
  return excesses(table, (name) => values.get(name)).map(({ name, value, limit, limitName }) => ({
    path: joinPath(path, name),
    value,
    expected: `must be at most ${limit}, the value of "${limitName}"`,
    hint: hintFor(name, `try ${limit}`),
  }));
}

/** A number that exceeds the value of another option. */
export interface Excess {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly limitName: string;
}

/** Options that are greater than the option that their `atMost` names. */
export function excesses(table: OptionTable, valueOf: (name: string) => unknown): Excess[] {
  return Object.entries(table).flatMap(([name, { atMost: limitName }]) => {
    if (limitName === undefined) return [];
    const value = valueOf(name);
    const limit = valueOf(limitName);
    const isExcess = typeof value === "number" && typeof limit === "number" && value > limit;
    return isExcess ? [{ name, value, limit, limitName }] : [];
  });
}
