import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ConfigError, describeValue, type ConfigProblem } from "../errors.ts";
import { hintFor } from "../options/read-value.ts";
import type {
  FemtoFilter,
  FilterFunction,
  FilterModule,
  HandlerFilter,
  LoggerFilter,
} from "../record/filter.ts";
import { DataFilter, nextFilterId } from "./data-filter.ts";
import type { ChainLink } from "./rules/filter-chain.ts";
import type { FilterDescriptor, ModuleFilterDescriptor } from "./rules/filter-descriptor.ts";

/** The filters of a handler, by where they run. */
export interface SortedFilters {
  /** In the handler's thread; read at each use, so that they have the options of the moment. */
  readonly described: readonly (() => FilterDescriptor)[];
  /** On the thread that made them. */
  readonly own: readonly ChainLink[];
  /** Calls back when options of one of them change. Returns what ends that. */
  watch(onUpdate: () => void): () => void;
}

/**
 * Sorts the filters of a handler. Looks whether a module is there, but does not load it: that is done where it is used.
 *
 * @param action What cannot be done when one is wrong: `Cannot start handler "audit"`.
 * @throws {ConfigError} One of them is no filter, its module does not exist, or its options are no data. Names all faults.
 */
export function sortFilters(filters: readonly HandlerFilter[], action: string): SortedFilters {
  const problems: ConfigProblem[] = [];
  const described: (() => FilterDescriptor)[] = [];
  const own: ChainLink[] = [];
  const watchers: ((onUpdate: () => void) => () => void)[] = [];
  for (const [index, filter] of filters.entries()) {
    const face = isObject(filter) ? DataFilter.faceOf(filter) : undefined;
    if (face !== undefined) {
      described.push(() => face.descriptor);
      watchers.push((onUpdate) => face.watch(onUpdate));
    } else if (isFilter(filter)) {
      own.push(linkOf(filter));
    } else {
      const read = readModule(filter, `filters[${index}]`);
      if ("expected" in read) problems.push(read);
      else described.push(() => read);
    }
  }
  if (problems.length > 0) throw new ConfigError(action, problems);
  const watch = (onUpdate: () => void): (() => void) => {
    const ends = watchers.map((start) => start(onUpdate));
    return () => ends.forEach((end) => end());
  };
  return { described, own, watch };
}

/**
 * A filter of a logger as data, for the other threads, and what its options are told by; undefined for one that only its own
 * thread can ask.
 * @throws {ConfigError} It is a module that does not exist, or whose options are no data.
 */
export function describeFilter(filter: LoggerFilter): Pick<SortedFilters, "described" | "watch"> | undefined {
  if (!isFilter(filter) && !isModule(filter)) return undefined;
  const sorted = sortFilters([filter], "Cannot add a filter");
  return sorted.described.length === 0 ? undefined : sorted;
}

/** One filter as a part of a chain on this thread. @throws {TypeError} It is none that runs here. */
export function linkOf(filter: LoggerFilter): ChainLink {
  if (!isFilter(filter)) {
    throw new TypeError(
      `Cannot add a filter: it is ${describeValue(filter)}, must be a filter of femtologging, an object with filter(), a function, or { module, options }`,
    );
  }
  if (typeof filter === "function") return { source: filter, filter: { filter }, rule: undefined };
  const face = DataFilter.faceOf(filter);
  if (face === undefined) return { source: filter, filter, rule: undefined };
  return { source: filter, filter: face.rule, rule: face.rule };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isFilter(value: unknown): value is FemtoFilter | FilterFunction {
  return (
    typeof value === "function" ||
    (isObject(value) && "filter" in value && typeof value.filter === "function")
  );
}

function isModule(value: unknown): value is FilterModule {
  return isObject(value) && "module" in value;
}

const MODULE_ADVICE = "try new URL('./filter.js', import.meta.url)";

function readModule(value: unknown, path: string): ModuleFilterDescriptor | ConfigProblem {
  if (!isModule(value)) {
    const expected = "must be a filter: an object with filter(), a function, or { module, options }";
    return { path, value, expected, hint: hintFor("filters") };
  }
  const file = fileOf(value.module);
  if (file === undefined) {
    const expected = "must be an absolute path or a file: URL of the filter's module";
    return {
      path: `${path}.module`,
      value: String(value.module),
      expected,
      hint: hintFor("filters", MODULE_ADVICE),
    };
  }
  if (!existsSync(file)) {
    const expected = "must be a module that exists";
    return { path: `${path}.module`, value: file, expected, hint: hintFor("filters", MODULE_ADVICE) };
  }
  try {
    const options: unknown = structuredClone(value.options);
    return { id: nextFilterId(), kind: "module", module: pathToFileURL(file).href, options };
  } catch {
    const expected = "must be data only: it goes to the handler's thread";
    return { path: `${path}.options`, value: value.options, expected, hint: hintFor("filters") };
  }
}

function fileOf(module: unknown): string | undefined {
  try {
    if (module instanceof URL) return fileURLToPath(module);
    if (typeof module !== "string") return undefined;
    if (module.startsWith("file:")) return fileURLToPath(module);
  } catch {
    return undefined;
  }
  return isAbsolute(module) ? module : undefined;
}
