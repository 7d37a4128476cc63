/** A module that makes headers for requests. */
export interface HeadersModule {
  /** Absolute path, or URL, of a module whose `getHeaders` or default export is the function that makes them. */
  readonly module: string | URL;
  /** Goes to the thread, and to the function: data only. */
  readonly options?: unknown;
}

function isHeadersModule(value: unknown): value is HeadersModule {
  if (typeof value !== "object" || value === null) return false;
  const { module } = value as { readonly module?: unknown };
  return module instanceof URL || (typeof module === "string" && /^(?:\/|file:|data:|node:)/.test(module));
}

/** The option `headersModule` of handlers that send requests. */
export const HEADERS_MODULE_OPTIONS = {
  headersModule: {
    type: "custom",
    expected:
      "{ module, options } with an absolute path or URL; try new URL('./headers.js', import.meta.url): a function cannot go to the handler's thread",
    accepts: (value: unknown): value is HeadersModule => isHeadersModule(value),
    secret: true,
    computedDefault: "none",
    alsoKnownAs: ["headersFunction", "getHeaders", "asyncHeaders"],
    description:
      "A module that makes headers, for tokens that end. The handler's thread calls its `getHeaders(options)`, or its default export, before the first request; it returns `{ headers, expiresAtMillis }`, or a promise of it. What it returned is kept until `expiresAtMillis` (milliseconds since 1970; for good when left out), or until the peer answers 401, by gRPC UNAUTHENTICATED: then the batch is sent once more with new ones. Its headers win over `headers`. While it fails, batches are tried again.",
  },
} as const;
