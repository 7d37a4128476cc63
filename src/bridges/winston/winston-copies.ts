// The copies of winston in a process. Node runs winston, which is CommonJS, once a copy and thread, whether it is imported or
// required: a copy that is loaded stands in the cache of modules, one that will be is told of by a tracing channel.
import { tracingChannel } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A class of loggers, of winston 3. */
export interface LoggerClass {
  readonly prototype: object;
}

/** A copy of winston, or of its class of loggers. */
export interface WinstonCopy {
  /** Undefined where there is none, or it cannot be told. */
  readonly version: string | undefined;
  /** Undefined in a winston that has none as we know it. */
  readonly loggerClass: LoggerClass | undefined;
}

/** What Node publishes when `require` or `import` has loaded a CommonJS module. */
interface RequireMessage {
  readonly id?: unknown;
  readonly parentFilename?: unknown;
  readonly result?: unknown;
}

const WINSTON_PATH = /winston/i;

/** Calls back for each copy that is loaded in this thread. */
export function eachLoadedCopy(tell: (copy: WinstonCopy) => void): void {
  // Asked for by name: bundlers warn of what they cannot read.
  const { createRequire } = process.getBuiltinModule("node:module");
  const { cache } = createRequire(process.execPath);
  for (const [path, module] of Object.entries(cache)) {
    if (!WINSTON_PATH.test(path)) continue;
    const copy = copyOf(module?.exports, path);
    if (copy !== undefined) tell(copy);
  }
}

/** Calls back for each copy that this thread loads from now on, before its importer runs. Returns what ends that. */
export function onLoadedCopy(tell: (copy: WinstonCopy) => void): () => void {
  const end = (message: unknown): void => {
    const { id, parentFilename, result } = message as RequireMessage;
    if (!WINSTON_PATH.test(`${String(id)} ${String(parentFilename)}`)) return;
    const copy = copyOf(result, typeof parentFilename === "string" ? parentFilename : String(id));
    if (copy !== undefined) tell(copy);
  };
  const channel = tracingChannel("module.require");
  channel.end.subscribe(end);
  return () => {
    channel.end.unsubscribe(end);
  };
}

/** What a module is of winston; undefined where it is something else. */
export function copyOf(exports: unknown, path?: string): WinstonCopy | undefined {
  try {
    if (isLoggerClass(exports)) return { loggerClass: exports, version: versionAbove(path) };
    if (typeof exports !== "object" || exports === null) return undefined;
    if (!("createLogger" in exports || "Logger" in exports) || !("transports" in exports)) return undefined;
    const { Logger, version } = exports as { readonly Logger?: unknown; readonly version?: unknown };
    if (typeof version !== "string") return undefined;
    return { version, loggerClass: isLoggerClass(Logger) ? Logger : undefined };
  } catch {
    // Exports with getters that refuse: not winston's.
    return undefined;
  }
}

function isLoggerClass(value: unknown): value is LoggerClass {
  if (typeof value !== "function" || typeof value.prototype !== "object") return false;
  const prototype = value.prototype as Readonly<Record<string, unknown>> | null;
  // Own methods: a class of an application that extends winston's has them from there.
  return ["_transform", "child", "configure", "add"].every(
    (name) => prototype !== null && Object.hasOwn(prototype, name),
  );
}

/** The version of the package that a file belongs to. */
function versionAbove(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return String((manifest as { readonly version?: unknown }).version);
    } catch {
      // Not here.
    }
  }
  return undefined;
}
