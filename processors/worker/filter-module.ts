import { fileURLToPath } from "node:url";
import type { ModuleFilterDescriptor } from "../../src/filters/rules/filter-descriptor.ts";
import type { FemtoFilter, FilterFunction } from "../../src/record/filter.ts";

type Factory = (options: unknown) => unknown;
type Class = new (options: unknown) => unknown;

/**
 * Loads a filter from its module: `createFilter` or the default export, a class or function of the options. At once, by
 * `require`: filters change while a thread is busy, and the end of a process waits for no promise.
 *
 * @throws {Error} The module does not load, has a top-level await, or makes no filter.
 */
export function loadFilterModule({ module, options }: ModuleFilterDescriptor): FemtoFilter {
  const path = fileURLToPath(module);
  // Asked for by name: what is imported, bundlers follow, and a module of the application is none of theirs.
  const { createRequire } = process.getBuiltinModule("node:module");
  const make = makerOf(createRequire(path)(path));
  if (typeof make !== "function") {
    throw new TypeError(
      'it exports neither "createFilter" nor a default; export a function or class that takes the options',
    );
  }
  const made = isClass(make) ? new (make as Class)(options) : (make as Factory)(options);
  if (typeof made === "function") return { filter: made as FilterFunction };
  if (typeof (made as Partial<FemtoFilter> | null | undefined)?.filter === "function")
    return made as FemtoFilter;
  throw new TypeError(
    "what it makes is no filter: an object with filter(), or a function, at once and not as a promise",
  );
}

/** The exports of a CommonJS module may themselves be what makes the filter. */
function makerOf(loaded: unknown): unknown {
  if (typeof loaded === "function") return loaded;
  const { createFilter, default: main } = (loaded ?? {}) as { createFilter?: unknown; default?: unknown };
  if (createFilter !== undefined) return createFilter;
  return typeof main === "object" && main !== null ? makerOf(main) : main;
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}
