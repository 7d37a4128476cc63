import { logs, type LoggerProvider } from "@opentelemetry/api";
import { messageOf } from "../../processors/shape/object-encoder.ts";
import { importModule } from "../../processors/worker/import-module.ts";
import { reportOnce } from "../diagnostics.ts";
import { importedCopies, requiredCopies } from "./package-copies.ts";

/** What a registration reached. */
export interface Registration {
  /** True where this provider is the one of @opentelemetry/api now. */
  readonly api: boolean;
  /** True where it is the one of @opentelemetry/api-logs, be that installed, inside of a bundle or not there; false where it has another. */
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
 * Copies of another version of @opentelemetry/api do not even share what they read: each hands our loggers out by itself then.
 */
export function registerProvider(provider: LoggerProvider): Registration {
  const imported = importedCopies("@opentelemetry/api");
  const copies = [...requiredCopies("@opentelemetry/api"), ...imported.loaded];
  const apis = unique([logs as LogsApi, ...apisIn(copies)]).filter((api) => tell(api, provider, API));
  const legacy = apisIn(requiredCopies("@opentelemetry/api-logs")).filter((api) =>
    tell(api, provider, API_LOGS),
  );
  sayWhoStays(provider);
  let isRegistered = apis.length > 0;
  if (isRegistered) {
    void importedApis(imported.others).then((others) => {
      if (isRegistered) apis.push(...others.filter((api) => tell(api, provider, API)));
    });
  }
  return {
    api: apis.length > 0,
    apiLogs: isInApiLogs(provider),
    unregister: () => {
      isRegistered = false;
      // Who has registered after us stays.
      if (API.current() === provider) for (const api of apis) api.disable();
      if (API_LOGS.current() !== provider) return;
      for (const api of legacy) api.disable();
      delete registries[API_LOGS_KEY];
    },
  };
}

/** What loaded copies of a package have for loggers. */
function apisIn(copies: readonly unknown[]): LogsApi[] {
  return unique(
    copies.flatMap((copy) => {
      const { logs: api } = copy as { readonly logs?: LogsApi };
      return api === undefined ? [] : [api];
    }),
  );
}

async function importedApis(urls: readonly string[]): Promise<LogsApi[]> {
  const copies = await Promise.allSettled(urls.map(importModule));
  return apisIn(copies.flatMap((copy) => (copy.status === "fulfilled" ? [copy.value] : [])));
}

function sayWhoStays(provider: LoggerProvider): void {
  for (const { name, current } of [API, API_LOGS]) {
    const other = current();
    if (other === undefined || other === provider) continue;
    reportOnce(
      `provider of ${name}`,
      `Another logger provider is registered already with ${name} (${describeProvider(other)}): that one stays, and loggers of that package go on working with it. Register ours first, give our handlers to it as processors, or call disable() of "logs" of ${name} before`,
    );
  }
}

function describeProvider(provider: unknown): string {
  const { constructor } = Object(provider) as { readonly constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "an object";
}

const API_KEY = Symbol.for("opentelemetry.js.api.1");
const API_LOGS_KEY = Symbol.for("io.opentelemetry.js.api.logs");
/** The version of that registry: the same for all releases of the package that we support. */
const API_LOGS_VERSION = 1;

interface ApiRegistry {
  readonly version?: string;
  logs?: unknown;
}

interface Registries {
  [API_KEY]?: ApiRegistry;
  [API_LOGS_KEY]?: (version: number) => unknown;
}

/** Where a package keeps the provider of the process, whichever of its copies was told. */
interface Registry {
  readonly name: string;
  readonly current: () => unknown;
  /** Takes out what is there, and returns what puts it back: with the provider in it, or as it was. */
  readonly clear: () => (provider?: LoggerProvider) => void;
}

const registries = globalThis as Registries;

const API: Registry = {
  name: "@opentelemetry/api",
  current: () => registries[API_KEY]?.logs,
  clear: () => {
    // The whole of it: a copy of another version refuses a registry that is not of its own version.
    const before = registries[API_KEY];
    delete registries[API_KEY];
    return (provider) => {
      if (before === undefined) return;
      if (provider !== undefined) {
        sayVersions(before.version, registries[API_KEY]?.version);
        before.logs = provider;
      }
      registries[API_KEY] = before;
    };
  },
};

const API_LOGS: Registry = {
  name: "@opentelemetry/api-logs",
  current: () => registries[API_LOGS_KEY]?.(API_LOGS_VERSION),
  clear: () => {
    const before = registries[API_LOGS_KEY];
    delete registries[API_LOGS_KEY];
    return (provider) => {
      if (before !== undefined && provider === undefined) registries[API_LOGS_KEY] = before;
    };
  },
};

/** What makes one provider of two versions: said, because traces and metrics have nobody who does so. */
function sayVersions(first: string | undefined, other: string | undefined): void {
  if (first === other) return;
  reportOnce(
    `api ${other}`,
    `@opentelemetry/api is loaded in the versions ${first} and ${other}: loggers of both reach our provider, but what is set up with one (spans, context, diag) may not be seen by the other; install one version ("npm ls @opentelemetry/api" shows who brings which)`,
  );
}

/**
 * Puts the provider where no copy of @opentelemetry/api-logs has put one: a copy inside of a bundle cannot be found and told, but
 * looks there whenever it is asked for a logger. True where ours is there then.
 */
function isInApiLogs(provider: LoggerProvider): boolean {
  registries[API_LOGS_KEY] ??= (version) => (version === API_LOGS_VERSION ? provider : undefined);
  return API_LOGS.current() === provider;
}

/** Sets the provider of one copy. The second copy of a package meets what the first has registered: set aside for a moment. */
function tell(api: LogsApi, provider: LoggerProvider, registry: Registry): boolean {
  const current = registry.current();
  if (current !== undefined && current !== provider) return false;
  const putBack = registry.clear();
  try {
    api.setGlobalLoggerProvider(provider);
    const isTold = registry.current() === provider;
    putBack(isTold ? provider : undefined);
    return isTold || hasElsewhere(api, provider, registry);
  } catch (error) {
    putBack();
    return refused(registry, messageOf(error));
  }
}

/** A version that keeps its providers in another place. */
function hasElsewhere(api: LogsApi, provider: LoggerProvider, registry: Registry): boolean {
  return api.getLoggerProvider() === provider || refused(registry, "it keeps another provider");
}

function refused({ name }: Registry, why: string): false {
  reportOnce(
    `refused by ${name}`,
    `A copy of ${name} does not take our logger provider: ${why}; its loggers do nothing, all others go on. Install a version that is supported (@opentelemetry/api 1.10, @opentelemetry/api-logs 0.200 to 0.223)`,
  );
  return false;
}

function unique(apis: readonly LogsApi[]): LogsApi[] {
  return [...new Set(apis)];
}
