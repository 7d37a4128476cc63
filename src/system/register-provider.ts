import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { logs, type LoggerProvider } from "@opentelemetry/api";
import { reportOnce } from "../diagnostics.ts";

/** What a registration reached. */
export interface Registration {
  /** True where this provider is the one of @opentelemetry/api now. */
  readonly api: boolean;
  /** True where it is the one of @opentelemetry/api-logs; false where that package is not installed, or has another. */
  readonly apiLogs: boolean;
  /** Undoes what was done. */
  readonly unregister: () => void;
}

interface LogsApi {
  setGlobalLoggerProvider(provider: LoggerProvider): unknown;
  getLoggerProvider(): LoggerProvider;
  disable(): void;
}

/**
 * Registers a provider everywhere an application may look for one. Both packages exist in two copies, for `import` and for
 * `require`; they share the registry but not the loggers that were handed out before, so each copy must be told itself.
 */
export function registerProvider(provider: LoggerProvider): Registration {
  const apis = unique([logs as LogsApi, ...required("@opentelemetry/api")]).filter((api) =>
    tell(api, provider, API),
  );
  const legacy = required("@opentelemetry/api-logs").filter((api) => tell(api, provider, API_LOGS));
  if (apis.length === 0) {
    reportOnce(
      "provider",
      "Another logger provider is registered already: that one stays. Register ours first, or call logs.disable() before",
    );
  }
  return {
    api: apis.length > 0,
    apiLogs: legacy.length > 0,
    unregister: () => {
      // Who has registered after us stays.
      if (API.current() === provider) for (const api of apis) api.disable();
      if (API_LOGS.current() === provider) for (const api of legacy) api.disable();
    },
  };
}

const API_KEY = Symbol.for("opentelemetry.js.api.1");
const API_LOGS_KEY = Symbol.for("io.opentelemetry.js.api.logs");

interface Registries {
  [API_KEY]?: { logs?: unknown };
  [API_LOGS_KEY]?: (version: number) => unknown;
}

/** Where a package keeps the provider of the process, whichever of its copies was told. */
interface Registry {
  readonly current: () => unknown;
  /** Takes the provider out, and returns what puts it back. */
  readonly clear: () => () => void;
}

const registries = globalThis as Registries;

const API: Registry = {
  current: () => registries[API_KEY]?.logs,
  clear: () => {
    const registry = registries[API_KEY];
    const before = registry?.logs;
    if (registry !== undefined) delete registry.logs;
    return () => {
      if (registry !== undefined && before !== undefined) registry.logs = before;
    };
  },
};

const API_LOGS: Registry = {
  current: () => registries[API_LOGS_KEY]?.(1),
  clear: () => {
    const before = registries[API_LOGS_KEY];
    delete registries[API_LOGS_KEY];
    return () => {
      if (before !== undefined) registries[API_LOGS_KEY] = before;
    };
  },
};

/** Sets the provider of one copy. The second copy of a package meets what the first has registered: set aside for a moment. */
function tell(api: LogsApi, provider: LoggerProvider, registry: Registry): boolean {
  const current = registry.current();
  if (current !== undefined && current !== provider) return false;
  const putBack = registry.clear();
  api.setGlobalLoggerProvider(provider);
  if (registry.current() === provider) return true;
  // A copy of another version, which refuses. The others keep what they were told.
  putBack();
  return false;
}

function unique(apis: readonly LogsApi[]): LogsApi[] {
  return [...new Set(apis)];
}

/** The copies that `require` of the application would get: by its main module, else by its working directory. None where there is none. */
function required(name: string): LogsApi[] {
  const bases = [mainModule(), join(process.cwd(), "application.js")];
  return unique(bases.flatMap((base) => (base === undefined ? [] : requiredFrom(base, name))));
}

/** Where the program's own code lies, not the link it was started by. */
function mainModule(): string | undefined {
  try {
    return process.argv[1] === undefined ? undefined : realpathSync(process.argv[1]);
  } catch {
    return undefined;
  }
}

function requiredFrom(base: string, name: string): LogsApi[] {
  try {
    const loaded = createRequire(pathToFileURL(base))(name) as { readonly logs?: LogsApi };
    return loaded.logs === undefined ? [] : [loaded.logs];
  } catch {
    return [];
  }
}
