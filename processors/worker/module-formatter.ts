import { fileURLToPath } from "node:url";
import type { ModuleFormatterDescriptor } from "../../src/formatters/formatter-descriptor.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";
import { FunctionFormatter, type RecordFunction } from "./function-formatter.ts";

type Maker = (options: unknown) => unknown;
type Class = new (options: unknown) => unknown;

/**
 * Loads a formatter from its module: what `createFormatter`, or the default export, makes of the options; an object with
 * `format()`, or a function of a record. Any thread; at once, because a thread that exits cannot wait.
 *
 * @throws {TypeError} The module exports no such thing, or makes none.
 * @throws What the module throws, or why it could not be loaded.
 */
export function loadModuleFormatter({ module, options }: ModuleFormatterDescriptor): FemtoFormatter {
  // Asked for by name: what is imported, bundlers follow, and a module of the application is none of theirs.
  const { createRequire } = process.getBuiltinModule("node:module");
  const make = makerIn(createRequire(module)(fileURLToPath(module)));
  if (make === undefined) {
    throw new TypeError(
      `Cannot use formatter module "${module}": it exports neither "createFormatter" nor a default; export a function or class that takes the options`,
    );
  }
  const made = isClass(make) ? new (make as unknown as Class)(options) : make(options);
  if (typeof made === "function") return new FunctionFormatter(made as RecordFunction);
  if (typeof (made as Partial<FemtoFormatter> | null | undefined)?.format === "function") {
    return made as FemtoFormatter;
  }
  throw new TypeError(
    `Cannot use formatter module "${module}": what it makes has no format(); return an object with format(record, out), or a function of a record`,
  );
}

/** A CommonJS module's exports may be the maker itself; those of others have it as default. */
function makerIn(exported: unknown): Maker | undefined {
  if (typeof exported === "function") return exported as Maker;
  if (typeof exported !== "object" || exported === null) return undefined;
  const { createFormatter, default: byDefault } = exported as {
    readonly createFormatter?: unknown;
    readonly default?: unknown;
  };
  const make = createFormatter ?? byDefault;
  return typeof make === "function" ? (make as Maker) : undefined;
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}
