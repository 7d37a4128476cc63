import type { ConfigProblem } from "../errors.ts";
import { ConfigError } from "../errors.ts";
import type { HandlerFilter } from "../record/filter.ts";
import type { OptionTable } from "./description.ts";
import type { OptionsOf } from "./infer.ts";

/** What a builder made, or every fault of what it was given. */
export type BuildResult<Built> =
  | { readonly ok: true; readonly value: Built }
  | { readonly ok: false; readonly errors: readonly ConfigProblem[] };

/** The two methods that end a chain. */
export interface BuilderEnd<Built> {
  /**
   * Makes the thing. May be called again, after further calls too: each makes a new one.
   *
   * @throws {ConfigError} Options are wrong or missing; names all faults.
   */
  build(): Built;
  /** Makes the thing, or returns every fault; errors that are not about the configuration are thrown all the same. */
  tryBuild(): BuildResult<Built>;
}

/** A method for each option, with the option's name; a second call replaces the first. */
export type Builder<T, Built> = {
  readonly [K in keyof T]-?: (
    value: Exclude<OptionsOf<T>[K & keyof OptionsOf<T>], undefined>,
  ) => Builder<T, Built>;
} & BuilderEnd<Built> &
  ("filters" extends keyof T
    ? {
        /** Puts one more filter behind those there are. */
        readonly addFilter: (filter: HandlerFilter) => Builder<T, Built>;
      }
    : {});

/**
 * A fluent builder for a table of options. Nothing is checked before the end, so that all faults are told at once.
 * Any thread.
 *
 * @param table The options; none may be called `build` or `tryBuild`.
 * @param build Makes the thing from what was given; checks it and throws `ConfigError`.
 */
export function createBuilder<const T extends OptionTable, Built>(
  table: T,
  build: (options: OptionsOf<T>) => Built,
): Builder<T, Built> {
  const given = new Map<string, unknown>();
  // A copy each time: what is built may keep it. That required options are there is for `build` to check.
  const buildNow = (): Built => build(Object.fromEntries(given) as OptionsOf<T>);
  const end: BuilderEnd<Built> = { build: buildNow, tryBuild: () => tryBuild(buildNow) };
  const setters = Object.keys(table).map((name) => [
    name,
    (value: unknown) => {
      given.set(name, value);
      return builder;
    },
  ]);
  const addFilter = (filter: HandlerFilter): Builder<T, Built> => {
    given.set("filters", [...((given.get("filters") as readonly HandlerFilter[] | undefined) ?? []), filter]);
    return builder;
  };
  const adders = Object.hasOwn(table, "filters") ? { addFilter } : {};
  const builder = Object.assign(Object.fromEntries(setters), adders, end) as Builder<T, Built>;
  return builder;
}

function tryBuild<Built>(build: () => Built): BuildResult<Built> {
  try {
    return { ok: true, value: build() };
  } catch (error) {
    if (error instanceof ConfigError) return { ok: false, errors: error.problems };
    throw error;
  }
}
