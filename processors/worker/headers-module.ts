import { importModule as importFile } from "./import-module.ts";

type GetHeaders = (options: unknown) => unknown;

/** A module that makes headers, as data. */
export interface HeadersModuleDescriptor {
  /** Absolute URL of the module. */
  readonly module: string;
  readonly options: unknown;
}

/**
 * Makes the function that a header source calls: the module's `getHeaders`, or its default export, with the options. The module
 * is loaded by the first call, and again by the next one when that has failed, so that a missing file is a failure like a
 * token service that is away.
 */
function headersFromModule(
  { module, options }: HeadersModuleDescriptor,
  importModule: (url: string) => Promise<unknown>,
): () => Promise<unknown> {
  let getHeaders: GetHeaders | undefined;
  return async () => {
    getHeaders ??= functionIn(await importModule(module));
    return getHeaders(options);
  };
}

/** What a sender takes for a handler's `headersModule`. */
export function headersOf(
  { headersModule }: { readonly headersModule: HeadersModuleDescriptor | undefined },
  { importModule = importFile }: { readonly importModule?: ((url: string) => Promise<unknown>) | undefined },
): { readonly provideHeaders: (() => Promise<unknown>) | undefined } {
  return {
    provideHeaders: headersModule === undefined ? undefined : headersFromModule(headersModule, importModule),
  };
}

function functionIn(loaded: unknown): GetHeaders {
  const { getHeaders, default: byDefault } = loaded as {
    readonly getHeaders?: unknown;
    readonly default?: unknown;
  };
  const found = getHeaders ?? unwrap(byDefault);
  if (typeof found === "function") return found as GetHeaders;
  throw new TypeError(
    'it exports neither "getHeaders" nor a default; export a function that returns { headers }',
  );
}

/** A CommonJS module's exports are the default of its namespace, and may have a default of their own. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const exports = value as { readonly getHeaders?: unknown; readonly default?: unknown };
  return exports.getHeaders ?? exports.default;
}
