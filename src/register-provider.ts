import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { logs, type LoggerProvider } from "@opentelemetry/api";
import { reportOnce } from "./diagnostics.ts";

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
  const apis = unique([logs as LogsApi, ...required("@opentelemetry/api")]).filter((api) => tell(api, provider, API));
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
    unregister: () => [...apis, ...legacy].forEach((api) => api.disable()),
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
  readonly clear: () => void;
}

const registries = globalThis as Registries;

const API: Registry = {
  current: () => registries[API_KEY]?.logs,
  clear: () => {
    delete registries[API_KEY]?.logs;
  },
};

const API_LOGS: Registry = {
  current: () => registries[API_LOGS_KEY]?.(1),
  clear: () => {
    delete registries[API_LOGS_KEY];
  },
};

/** Sets the provider of one copy. The second copy of a package meets what the first has registered: set aside for a moment. */
function tell(api: LogsApi, provider: LoggerProvider, registry: Registry): boolean {
  const current = registry.current();
  if (current !== undefined && current !== provider) return false;
  registry.clear();
  api.setGlobalLoggerProvider(provider);
  return registry.current() === provider;
}

function unique(apis: readonly LogsApi[]): LogsApi[] {
  return [...new Set(apis)];
}

/** The copy that the application's own `require` would get; none where the package is not installed. */
function required(name: string): LogsApi[] {
  try {
    const require = createRequire(pathToFileURL(join(process.cwd(), "application.js")));
    const loaded = require(name) as { readonly logs?: LogsApi };
    return loaded.logs === undefined ? [] : [loaded.logs];
  } catch {
    return [];
  }
}
