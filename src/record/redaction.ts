// Redaction: which values of a record are replaced before anybody else sees them. Pure.

/** Which values are replaced, and by what. */
export interface Redaction {
  /** Names of values; see docs/redaction.md. */
  readonly paths: readonly string[];
  /** The text in the place of a value. */
  readonly censor: string;
  /** Leaves the values out, name and all, in place of replacing them. */
  readonly remove: boolean;
}

/** A redaction as it is given: names alone, or with what becomes of their values. */
export type RedactOption = readonly string[] | RedactOptions;

/** A redaction with all its parts. */
export interface RedactOptions {
  /** Names of the values: `password`, `user.*.token`, `**.secret`, `headers["set-cookie"]`. Compared without regard to case. */
  readonly paths: readonly string[];
  /** The text in the place of a value. Default "[Redacted]". */
  readonly censor?: string;
  /** Leaves the values out, name and all. Default false. */
  readonly remove?: boolean;
}

const CENSOR = "[Redacted]";

/** One name of a path: in lower case, or any one, or any number of them. */
type Step = string | typeof ANY_ONE | typeof ANY_NUMBER;

const ANY_ONE: unique symbol = Symbol("*");
const ANY_NUMBER: unique symbol = Symbol("**");

/** A name, a name in brackets, or what stands for names; the dot between them is not part of it. */
const STEP: RegExp =
  /(?:(\*\*)|(\*)|([^.*[\]"'\s]+))(?=$|[.[])|\[(?:(\*)|(\d+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\](?=$|[.[])/y;

/** What is wrong with a value that should say what is to be redacted. */
export interface RedactFault {
  /** Where in it: `[1]`, `.paths[0]`, `.censor`; empty for all of it. */
  readonly place: string;
  /** What stands there. */
  readonly value: unknown;
  /** What it must be. */
  readonly expected: string;
}

const EXPECTED_PATH =
  'names with dots between them, as in "password", "user.*.token", "**.secret" and "headers[\'set-cookie\']"';

/** What a redaction is, as the end of "must be". */
export const EXPECTED_REDACTION: string = `a list of paths: ${EXPECTED_PATH}; or { paths, censor, remove }`;

/** The first fault of what should say what is to be redacted; undefined where it does. */
export function redactFault(option: unknown): RedactFault | undefined {
  if (Array.isArray(option)) return pathFault(option, "");
  if (typeof option !== "object" || option === null)
    return { place: "", value: option, expected: EXPECTED_REDACTION };
  const { paths, censor = "", remove = false, ...rest } = option as Record<string, unknown>;
  if (!Array.isArray(paths))
    return { place: ".paths", value: paths, expected: `a list of paths: ${EXPECTED_PATH}` };
  if (typeof censor !== "string") return { place: ".censor", value: censor, expected: "a text" };
  if (typeof remove !== "boolean") return { place: ".remove", value: remove, expected: "true or false" };
  const [unknown] = Object.entries(rest);
  if (unknown !== undefined)
    return {
      place: `.${unknown[0]}`,
      value: unknown[1],
      expected: "left out: there are paths, censor and remove",
    };
  return pathFault(paths, ".paths");
}

function pathFault(paths: readonly unknown[], place: string): RedactFault | undefined {
  const index = paths.findIndex((path) => typeof path !== "string" || stepsOf(path) === undefined);
  return index < 0
    ? undefined
    : { place: `${place}[${index}]`, value: paths[index], expected: EXPECTED_PATH };
}

/** The redaction that an option asks for; undefined where it names nothing. */
export function redactionOf(option: RedactOption): Redaction | undefined {
  const { paths, censor = CENSOR, remove = false } = isList(option) ? { paths: option } : option;
  return paths.length === 0 ? undefined : { paths: [...paths], censor, remove };
}

function isList(option: RedactOption): option is readonly string[] {
  return Array.isArray(option);
}

/** The names of a path; undefined where it is none. */
function stepsOf(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  while (at < path.length || at === 0) {
    if (path[at] === "." && at > 0) at++;
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) return undefined;
    steps.push(...stepsIn(match));
    at = STEP.lastIndex;
  }
  return steps;
}

function stepsIn([, many, one, name, anyIndex, index, double, single]: RegExpExecArray): readonly Step[] {
  if (many !== undefined) return [ANY_NUMBER];
  if (one !== undefined || anyIndex !== undefined) return [ANY_ONE];
  const quoted = double ?? single;
  return namesIn(quoted === undefined ? (name ?? index ?? "") : quoted.replaceAll(/\\(.)/gs, "$1"));
}

/** A key with dots is as many names: `http.route` is one attribute or an object in another, and both are meant. */
function namesIn(key: string): readonly string[] {
  return key.toLowerCase().split(".");
}

/** Longer keys are looked up each time: they are data, and must not fill memory. */
const KNOWN_KEY_LENGTH_MAX = 64;
const KNOWN_KEYS_MAX = 1024;

/** A place in a path: in which, and how many of its steps lie behind. */
interface Place {
  readonly path: number;
  readonly step: number;
}

/**
 * Where one stands in all paths after some names, from the top of a record. Immutable to its users; it keeps what comes after the
 * names that it was asked for.
 */
export class NameState {
  /** The value here is named by a path. */
  readonly isMatch: boolean;
  /** No path names anything below. */
  readonly isDead: boolean;
  readonly #machine: NameMachine;
  readonly #places: readonly Place[];
  readonly #known = new Map<string, NameState>();

  /** Use `nameStates`. */
  constructor(machine: NameMachine, places: readonly Place[]) {
    this.#machine = machine;
    this.#places = places;
    this.isMatch = places.some(({ path, step }) => step === machine.paths[path]?.length);
    this.isDead = places.every(({ path, step }) => step === machine.paths[path]?.length);
  }

  /** Where one stands below the key of an object, or the index of an array. */
  next(key: string): NameState {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let places = this.#places;
    for (const name of namesIn(key)) places = this.#machine.after(places, name);
    const state = this.#machine.stateAt(places);
    if (key.length <= KNOWN_KEY_LENGTH_MAX && this.#known.size < KNOWN_KEYS_MAX) this.#known.set(key, state);
    return state;
  }
}

/** The paths, and the states that were met: one for the same places. */
class NameMachine {
  readonly paths: readonly (readonly Step[])[];
  readonly #states = new Map<string, NameState>();

  constructor(paths: readonly string[]) {
    this.paths = paths.map((path) => stepsOf(path) ?? []);
  }

  get start(): NameState {
    return this.stateAt(this.#spread(this.paths.map((_, path) => ({ path, step: 0 }))));
  }

  stateAt(places: readonly Place[]): NameState {
    const key = places.map(({ path, step }) => `${path}:${step}`).join(" ");
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = new NameState(this, places);
    this.#states.set(key, state);
    return state;
  }

  after(places: readonly Place[], name: string): readonly Place[] {
    return this.#spread(
      places.flatMap(({ path, step }) => {
        const expected = this.paths[path]?.[step];
        // What is below a value that is named goes with it, also where both names stand in one key.
        if (expected === undefined || expected === ANY_NUMBER) return [{ path, step }];
        return expected === ANY_ONE || expected === name ? [{ path, step: step + 1 }] : [];
      }),
    );
  }

  /** Any number of names may be none: the place behind is reached as well. Each place once, in order. */
  #spread(places: readonly Place[]): readonly Place[] {
    const spread = new Map<string, Place>();
    for (const { path, step: from } of places) {
      for (let step = from; ; step++) {
        spread.set(`${path}:${step}`, { path, step });
        if (this.paths[path]?.[step] !== ANY_NUMBER) break;
      }
    }
    return [...spread.values()].toSorted((a, b) => a.path - b.path || a.step - b.step);
  }
}

/** Where one stands at the top of a record. */
export function nameStates(redaction: Redaction): NameState {
  return new NameMachine(redaction.paths).start;
}
