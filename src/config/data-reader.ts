/**
 * Readers of data that came from a file: each takes a value to what the code uses, or notes what is wrong with it and where.
 * Nothing is thrown, so that all faults of a file are found at once. Pure.
 */
import { nearestName } from "../options/nearest-name.ts";
import type { ConfigProblem } from "../errors.ts";

/** Where a value stands, and the list that its faults go to. */
export interface Place {
  /** From the outside in: `logger_provider.processors[0].batch`. */
  readonly path: string;
  readonly problems: ConfigProblem[];
}

/** Takes a value, or notes its faults and gives `undefined`. */
export type Reader<Value> = (value: unknown, place: Place) => Value | undefined;

/** Notes a fault. */
export function refuse(
  value: unknown,
  place: Place,
  words: { readonly expected: string; readonly hint?: string },
): undefined {
  place.problems.push({ path: place.path, value, ...words });
}

/** Text. */
export const readText: Reader<string> = (value, place) =>
  typeof value === "string" ? value : refuse(value, place, { expected: "must be a text" });

/** Text that no error may show. */
export const readSecret: Reader<string> = (value, place) =>
  typeof value === "string"
    ? value
    : refuse(`[hidden ${typeof value}]`, place, { expected: "must be a text" });

/** A switch. */
export const readSwitch: Reader<boolean> = (value, place) =>
  typeof value === "boolean" ? value : refuse(value, place, { expected: "must be true or false" });

/** Anything: for parts that are not ours. */
export const readAnything: Reader<unknown> = (value) => value;

/** A whole number from `minimum` on. */
export function readInteger(minimum: number): Reader<number> {
  return (value, place) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= minimum
      ? value
      : refuse(value, place, { expected: `must be an integer from ${minimum}` });
}

/** One of a few words, by what they stand for. */
export function readWord<Value>(meanings: Readonly<Record<string, Value>>): Reader<Value> {
  return (value, place) => {
    if (typeof value === "string" && Object.hasOwn(meanings, value)) return meanings[value];
    return refuse(value, place, wordsFor(value, Object.keys(meanings)));
  };
}

/** A list of values of one kind, of at least so many. */
export function readList<Value>(reader: Reader<Value>, minimum = 0): Reader<readonly Value[]> {
  return (value, place) => {
    if (!Array.isArray(value)) return refuse(value, place, { expected: "must be a list" });
    if (value.length < minimum) {
      return refuse(value, place, { expected: `must have at least ${minimum} of its items` });
    }
    return value.flatMap((item, index) => {
      const result = reader(item, { ...place, path: `${place.path}[${index}]` });
      return result === undefined ? [] : [result];
    });
  };
}

/** What a map has: every key may be missing. */
export type Fields<Readers> = {
  readonly [Key in keyof Readers]?: Readers[Key] extends Reader<infer Value> ? Value : never;
};

/**
 * A map of known keys. A key without a value is as good as a missing one, as the schema of the declarative configuration has
 * it; so is a map without a value.
 *
 * @param required Keys that must have a value.
 */
export function readFields<Readers extends Readonly<Record<string, Reader<unknown>>>>(
  readers: Readers,
  required: readonly (keyof Readers & string)[] = [],
): Reader<Fields<Readers>> {
  return (value, place) => {
    if (!isMap(value ?? {})) return refuse(value, place, { expected: "must be a map" });
    const given = Object.entries(value ?? {}).filter(([, part]) => part !== null);
    const fields = given.flatMap(([key, part]: [string, unknown]) => {
      const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
      const partPlace = { ...place, path: place.path === "" ? key : `${place.path}.${key}` };
      if (reader !== undefined) return [[key, reader(part, partPlace)]];
      refuse(
        isMap(part) || Array.isArray(part) ? undefined : part,
        partPlace,
        unknownKey(key, Object.keys(readers)),
      );
      return [];
    });
    const result = Object.fromEntries(fields) as Fields<Readers>;
    for (const key of required) {
      if (given.some(([name]) => name === key)) continue;
      refuse(
        undefined,
        { ...place, path: place.path === "" ? key : `${place.path}.${key}` },
        { expected: "must be given" },
      );
    }
    return result;
  };
}

/** A map with exactly one key, which says what the value is. */
export function readChoice<Value>(readers: Readonly<Record<string, Reader<Value>>>): Reader<Value> {
  return (value, place) => {
    const names = Object.keys(readers);
    const entries = isMap(value) ? Object.entries(value) : [];
    const [first] = entries;
    if (first === undefined || entries.length > 1) {
      return refuse(value, place, {
        expected: `must be a map with exactly one of the keys ${listOf(names)}`,
      });
    }
    const [key, part] = first;
    const partPlace = { ...place, path: `${place.path}.${key}` };
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader !== undefined) return reader(part ?? {}, partPlace);
    return refuse(undefined, partPlace, {
      expected: `must be one of ${listOf(names)}`,
      ...meant(key, names),
    });
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownKey(
  key: string,
  names: readonly string[],
): { readonly expected: string; readonly hint?: string } {
  return { expected: `must not be given: the keys here are ${listOf(names)}`, ...meant(key, names) };
}

function wordsFor(
  value: unknown,
  names: readonly string[],
): { readonly expected: string; readonly hint?: string } {
  return {
    expected: `must be one of ${listOf(names)}`,
    ...(typeof value === "string" ? meant(value, names) : {}),
  };
}

function meant(word: string, names: readonly string[]): { readonly hint?: string } {
  const name = nearestName(word, names);
  return name === undefined ? {} : { hint: `did you mean "${name}"?` };
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
